import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { rowContext, rowIcon, type SessionFacts } from '../../src/core/sessions/sessionRow.ts';
import type { SessionState } from '../../src/core/sessions/sessionState.ts';
import { anAnswer, aSession } from './core/builders.ts';
import { aPermission, aQuestion } from './core/stores.ts';
import { holds, type Keys } from './whenClause.ts';

interface MenuItem {
  readonly command: string;
  readonly when?: string;
  readonly group?: string;
}

const { contributes } = JSON.parse(
  readFileSync(join(import.meta.dirname, '..', '..', 'package.json'), 'utf8'),
) as {
  contributes: {
    commands: { command: string; title: string; icon?: string }[];
    menus: Record<string, MenuItem[]>;
  };
};
const rowMenu = contributes.menus['view/item/context'] ?? [];
const sessionsView = { view: 'opencodeSessions.sessions' };
const prefix = 'opencodeSessions.';

/** What a row with this context offers, by menu group. */
function offered(viewItem: string, isButton: boolean, given: Keys = {}): MenuItem[] {
  return rowMenu
    .filter(({ group = '' }) => group.startsWith('inline') === isButton)
    .filter(({ when }) => holds(when, { ...sessionsView, viewItem, ...given }))
    .toSorted((a, b) => (a.group ?? '').localeCompare(b.group ?? ''));
}

function buttons(viewItem: string, given: Keys = {}): string[] {
  return offered(viewItem, true, given).map(({ command }) => command.replace(prefix, ''));
}

const now = 1_795_000_000_000;
const session = aSession({ id: 'ses_1', time: { created: now, updated: now } });
const archived = aSession({ id: 'ses_1', time: { created: now, updated: now, archived: now } });
const { info: answer } = anAnswer('msg_2', 'msg_1');
assert.ok(answer.role === 'assistant');

const aRetry: SessionState = { kind: 'retry', attempt: 1, message: 'busy', next: now };

const states: readonly SessionState[] = [
  { kind: 'permission', waiting: { kind: 'permission', request: aPermission({ sessionID: 'ses_1' }) } },
  { kind: 'question', waiting: { kind: 'question', request: aQuestion({ sessionID: 'ses_1' }) } },
  aRetry,
  { kind: 'busy' },
  { kind: 'elsewhere' },
  { kind: 'error', error: { name: 'APIError', data: {} } },
  { kind: 'cutOff', end: { kind: 'interrupted', answer }, isSure: true },
  { kind: 'unseen' },
  { kind: 'unread' },
  { kind: 'unread', end: { kind: 'aborted' } },
  { kind: 'unknown' },
  { kind: 'idle' },
  { kind: 'idle', end: { kind: 'aborted' } },
];

/** The contexts of all rows that there can be. */
function allContexts(): ReadonlySet<string> {
  const contexts = new Set<string>();
  for (const state of states) {
    for (const kind of ['root', 'subagent', 'fork', 'handoff'] as const) {
      for (const isBusy of [true, false]) {
        for (const one of [session, archived]) {
          for (const firstPrompt of ['', 'Count', undefined]) {
            const facts: SessionFacts = {
              session: one,
              title: 'Parser',
              firstPrompt,
              origin: { kind, from: undefined },
              state,
              cost: 0,
              context: undefined,
              sourceTitle: undefined,
              now,
            };
            contexts.add(rowContext(facts, isBusy));
          }
        }
      }
    }
  }
  for (const kind of ['waiting', 'sending', 'held']) contexts.add(`relay ${kind}`);
  for (const kind of ['folder', 'unreadableFolder', 'archive', 'elsewhere', 'action']) contexts.add(kind);
  return contexts;
}

describe('the buttons of a row', () => {
  it('are two at most in each state, so that its title can be read', () => {
    const contexts = allContexts();
    assert.ok(contexts.size > 40);
    for (const viewItem of contexts) {
      for (const lacksArchive of [false, true]) {
        const shown = offered(viewItem, true, { 'opencodeSessions.lacksArchive': lacksArchive });
        assert.ok(shown.length <= 2, `${viewItem}: ${shown.map(({ command }) => command).join()}`);
        const groups = shown.map(({ group }) => group);
        assert.equal(new Set(groups).size, groups.length, `${viewItem}: two at one place`);
      }
    }
  });

  it('are those that its state asks for', () => {
    assert.deepEqual(buttons('session root busy waiting current'), ['session.answer', 'session.abort']);
    assert.deepEqual(buttons('session root busy current'), ['session.abort']);
    assert.deepEqual(buttons('session root idle current'), ['session.archive', 'session.continue']);
    assert.deepEqual(buttons('session root idle waiting current'), ['session.answer']);
    assert.deepEqual(buttons('session root idle empty current'), ['session.archive']);
    assert.deepEqual(buttons('session root idle archived'), ['session.unarchive']);
    assert.deepEqual(buttons('relay held'), ['relay.release', 'relay.cancel']);
    assert.deepEqual(buttons('relay waiting'), ['relay.edit', 'relay.cancel']);
    assert.deepEqual(buttons('relay sending'), []);
  });

  it('leave a place on a row that failed for trying it again', () => {
    const shown = offered('session root idle failed current', true);
    assert.ok(shown.length <= 2);
    assert.equal(shown.at(-1)?.group, 'inline@2');
    assert.equal(shown.at(-1)?.command, 'opencodeSessions.session.continue');
  });
});

describe('the buttons of a todo', () => {
  const todosView = { view: 'opencodeSessions.todos' };
  const names = (items: readonly MenuItem[]) => items.map(({ command }) => command.replace(prefix, ''));

  it('edit it and take it out, or give back what was taken out', () => {
    assert.deepEqual(buttons('todo pending listed', todosView), ['todo.edit', 'todo.remove']);
    assert.deepEqual(buttons('todo completed yours listed', todosView), ['todo.edit', 'todo.remove']);
    assert.deepEqual(buttons('todo pending yours removed', todosView), ['todo.takeBack']);
  });

  it('stand above a menu with all that can be done to it, and to several', () => {
    const menu = (viewItem: string, given: Keys = {}) =>
      names(offered(viewItem, false, { ...todosView, ...given }));
    assert.ok(menu('todo pending listed').includes('session.forkWithPrompt'));
    assert.ok(!menu('todo pending listed').includes('todo.takeBack'));
    assert.ok(menu('todo pending yours listed').includes('todo.takeBack'));
    assert.ok(!menu('todo in_progress listed').includes('todo.start'));
    assert.ok(!menu('todo cancelled listed').includes('todo.cancel'));
    assert.deepEqual(menu('todo pending yours removed'), ['todo.takeBack']);
    const several = menu('todo pending listed', { listMultiSelection: true });
    assert.ok(!several.includes('todo.edit'));
    for (const name of ['toggle', 'start', 'cancel', 'priority', 'moveUp', 'moveDown', 'remove']) {
      assert.ok(several.includes(`todo.${name}`), name);
    }
  });
});

describe('the menu of rows', () => {
  it('offers to try again what failed and what was stopped, and nothing that ended well or runs', () => {
    const isOffered = (viewItem: string): boolean =>
      offered(viewItem, false).some(({ command }) => command === 'opencodeSessions.session.retry');
    assert.ok(isOffered('session root idle failed current'));
    assert.ok(isOffered('session fork idle stopped current'));
    assert.ok(!isOffered('session root idle current'));
    assert.ok(!isOffered('session root busy current'));
  });

  it('offers to stop a run that waits to try again, and to retry it at once or with another model', () => {
    const facts = {
      session,
      title: 'Parser',
      origin: { kind: 'root', from: undefined },
      cost: 0,
      now,
    } as const;
    const retrying = rowContext(
      { ...facts, firstPrompt: 'Go', context: undefined, sourceTitle: undefined, state: aRetry },
      true,
    );
    for (const context of [retrying, 'session root idle failed current']) {
      const names = offered(context, false).map(({ command }) => command.replace(prefix, ''));
      assert.deepEqual(
        names.filter((name) => /^session\.(abort|retry)/.test(name)),
        [...(context === retrying ? ['session.abort'] : []), 'session.retry', 'session.retryWithModel'],
      );
    }
    const working = offered('session root busy current', false).map(({ command }) => command);
    assert.equal(working.includes('opencodeSessions.session.retry'), false);
  });

  it('offers, while several are selected, only what is done to all of them', () => {
    const several = { listMultiSelection: true };
    const known = new Set([
      'session.abort',
      'session.archive',
      'session.unarchive',
      'session.delete',
      'session.compareWith',
      'approaches.compare',
      'session.export',
    ]);
    for (const viewItem of allContexts()) {
      const names = offered(viewItem, false, several).map(({ command }) => command.replace(prefix, ''));
      assert.deepEqual(
        names.filter((name) => !known.has(name)),
        [],
        viewItem,
      );
    }
    const idle = offered('session root idle current', false, several).map(({ command }) => command);
    assert.deepEqual(
      idle.map((command) => command.replace(prefix, '')),
      ['session.compareWith', 'approaches.compare', 'session.archive', 'session.delete', 'session.export'],
    );
  });

  it('has every verb that is no button any more', () => {
    const shown = offered('session root idle current', false);
    const names = new Set(shown.map(({ command }) => command.replace(prefix, '')));
    for (const name of ['continue', 'relay', 'fork', 'forkMany', 'handOff', 'compact', 'archive', 'delete']) {
      assert.ok(names.has(`session.${name}`), name);
    }
  });
});

describe('the icon of a row', () => {
  it('is that of the verb that made it', () => {
    const iconOf = (name: string) =>
      contributes.commands.find(({ command }) => command === `${prefix}session.${name}`)?.icon;
    const rowIconOf = (kind: 'fork' | 'handoff') =>
      `$(${rowIcon({ session, origin: { kind, from: 'ses_0' }, state: { kind: 'idle' } }).id})`;
    assert.equal(rowIconOf('handoff'), iconOf('handOff'));
    assert.equal(rowIconOf('fork'), iconOf('fork'));
    assert.notEqual(rowIconOf('handoff'), iconOf('relay'));
  });
});
