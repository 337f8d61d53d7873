import assert from 'node:assert/strict';
import { findOrigin } from '../../../src/core/sessions/sessionKind.ts';
import { withProvedRelays } from '../../../src/core/turns/relayProof.ts';
import { withLineage } from '../../../src/protocol/lineage.ts';
import {
  rowContext,
  rowDescription,
  rowIcon,
  rowLabel,
  type SessionFacts,
} from '../../../src/core/sessions/sessionRow.ts';
import { relativeTime } from '../../../src/core/relativeTime.ts';
import { nameSession } from '../../../src/core/sessions/unnamed.ts';
import { findSessionState } from '../../../src/core/sessions/sessionState.ts';
import type { Outcome } from '../../../src/core/turns/outcome.ts';
import { anAnswer, aProof, aSession, aUserMessage } from './builders.ts';
import { aPermission, aStore } from './stores.ts';

const now = 1_795_000_000_000;
const minute = 60_000;

function someFacts(given: Partial<SessionFacts> = {}): SessionFacts {
  return {
    session: aSession({ id: 'ses_1', time: { created: now, updated: now - 5 * minute } }),
    title: 'Parser',
    origin: { kind: 'root', from: undefined },
    state: { kind: 'idle' },
    cost: 0,
    context: undefined,
    sourceTitle: undefined,
    now,
    ...given,
  };
}

describe('a row of the session tree', () => {
  it('says agent, time, context use and cost', () => {
    const facts = someFacts({ cost: 1.239, context: { used: 500, limit: 1000 } });
    assert.equal(rowDescription(facts), 'build · 5m · 50% · $1.24');
  });

  it('says what a session that rests changed in the place of its agent, where anything is known', () => {
    const changes = { files: 9, additions: 62, deletions: 4 };
    assert.equal(rowDescription(someFacts({ changes })), '+62 −4 · 5m');
    assert.match(rowLabel(someFacts({ changes })), /idle, 9 files changed, 62 lines added, 4 removed, last/);
    const partial = { ...changes, isPartial: true } as const;
    assert.equal(rowDescription(someFacts({ changes: partial })), '≥ +62 −4 · 5m');
    assert.match(rowLabel(someFacts({ changes: partial })), /idle, at least 9 files changed, 62 lines added/);
    const none = { files: 0, additions: 0, deletions: 0 };
    assert.equal(rowDescription(someFacts({ changes: none })), 'build · 5m');
    assert.equal(rowDescription(someFacts({ changes, state: { kind: 'busy' } })), 'build · 5m');
  });

  it('says what a session that works does and for how long, in steps that cost few drawings', () => {
    const working = (activity: SessionFacts['activity']) => someFacts({ state: { kind: 'busy' }, activity });
    const at = (ago: number) => ({ since: now - ago, doing: 'editing basket.ts' });
    assert.equal(rowDescription(working(at(72_000))), 'editing basket.ts · 1:10');
    assert.equal(rowDescription(working(at(4000))), 'editing basket.ts');
    assert.equal(rowDescription(working({ since: now - 25_000, doing: '' })), 'working · 20 s');
    assert.equal(rowDescription(working({})), 'build · 5m');
    assert.match(rowLabel(working(at(72_000))), /, working, editing basket\.ts, agent build/);
    assert.equal(rowDescription(someFacts({ activity: at(72_000) })), 'build · 5m');
  });

  it('says what a session came to that nobody has looked at yet, and that nothing was answered', () => {
    const end = { kind: 'settled', answer: anAnswer('msg_2', 'msg_1').info } as Outcome;
    const unread = (given: Partial<SessionFacts>) =>
      someFacts({ state: { kind: 'unread', end: end as never }, ...given });
    const done = unread({ result: 'The sum is exact.' });
    assert.equal(rowDescription(done), 'The sum is exact. · 5m');
    assert.match(rowLabel(done), /, finished, not looked at here yet, The sum is exact\., agent build/);
    const changes = { files: 9, additions: 62, deletions: 4 };
    assert.equal(rowDescription({ ...done, changes }), '+62 −4 · The sum is exact. · 5m');
    assert.equal(rowDescription(unread({})), 'build · 5m');
    assert.equal(rowDescription(someFacts({ result: 'The sum is exact.' })), 'build · 5m');
    const silent = unread({ result: '' });
    assert.equal(rowDescription(silent), 'nothing was answered · 5m');
    assert.match(
      rowLabel(silent),
      /^Parser, session, ended without an answer, not looked at here yet, agent/,
    );
  });

  it('says first what the session waits for', () => {
    const waiting = { kind: 'permission', request: aPermission({ sessionID: 'ses_1' }) } as const;
    const facts = someFacts({ state: { kind: 'permission', waiting } });
    assert.equal(rowDescription(facts), 'needs permission · build · 5m');
    assert.match(rowLabel(facts), /^Parser, session, waits for your permission: bash, agent build/);
  });

  it('counts down to the next attempt and never below zero', () => {
    const retry = { kind: 'retry', attempt: 1, message: 'busy', next: now + 2500 } as const;
    assert.match(rowDescription(someFacts({ state: retry })), /^retries in 3 s/);
    assert.match(rowDescription(someFacts({ state: { ...retry, next: now - 9 } })), /^retries in 0 s/);
  });

  it('has an icon for each kind while idle and one for each state else', () => {
    const icons = (['root', 'subagent', 'fork', 'handoff'] as const).map(
      (kind) => rowIcon(someFacts({ origin: { kind, from: 'ses_0' } })).id,
    );
    assert.equal(new Set(icons).size, 4);
    assert.equal(rowIcon(someFacts({ state: { kind: 'busy' } })).id, 'loading~spin');
    const archived = aSession({ id: 'ses_1', time: { created: now, updated: now, archived: now } });
    assert.equal(rowIcon(someFacts({ session: archived })).id, 'archive');
  });

  it('keeps the icon of its lineage whatever was done to it since', () => {
    const handOff = withLineage(undefined, { of: 'ses_1', kind: 'handoff', from: 'ses_0', time: now });
    const session = aSession({ id: 'ses_1', metadata: handOff });
    const relayed = {
      ...session,
      metadata: withProvedRelays(aProof(), session, { revision: 'r', legs: [] }),
    };
    const icons = [session, relayed].map((one) =>
      rowIcon(someFacts({ session: one, origin: findOrigin(one) })),
    );
    assert.deepEqual(
      icons.map(({ id }) => id),
      ['export', 'export'],
    );
  });

  it('gives when clauses the words that they look for', () => {
    assert.equal(
      rowContext(someFacts({ origin: { kind: 'fork', from: 'ses_0' } }), true),
      'session fork busy current',
    );
    const archived = aSession({ id: 'ses_1', time: { created: now, updated: now, archived: now } });
    assert.equal(rowContext(someFacts({ session: archived }), false), 'session root idle archived');
    const error = { name: 'APIError', data: {} };
    const failed = someFacts({ state: { kind: 'error', error } });
    assert.equal(rowContext(failed, false), 'session root idle failed current');
    const stopped = someFacts({ state: { kind: 'idle', end: { kind: 'aborted' } } });
    assert.equal(rowContext(stopped, false), 'session root idle stopped current');
    assert.equal(rowContext(someFacts({ firstPrompt: '' }), false), 'session root idle empty current');
  });

  it('leaves the time out of the title that the server gives untitled sessions', () => {
    const nameOf = (title: string): string => nameSession({ title }, undefined);
    assert.equal(nameOf('New session - 2026-11-20T10:00:00.000Z'), 'New session');
    assert.equal(nameOf('  '), 'Untitled session');
  });

  it('says times and counts as people do', () => {
    const ages = [0, 59, 60, 3599, 3600, 86_400, 86_400 * 29].map((age) =>
      relativeTime(now - age * 1000, now),
    );
    assert.deepEqual(ages, ['now', 'now', '1m', '59m', '1h', '1d', '29d']);
    assert.match(relativeTime(0, now), /^1970-01-01$/);
  });
});

describe('the row of an approach', () => {
  const lineage = { of: 'ses_1', kind: 'fork', from: 'ses_0', time: 1, group: 'g' } as const;
  const approach = { ...someFacts().session, id: 'ses_1', metadata: withLineage(undefined, lineage) };
  const origin = { kind: 'fork', from: 'ses_0' } as const;

  it('says for menus that it is one, and that approaches were started from a session', () => {
    const facts = someFacts({ session: approach, origin });
    assert.equal(rowContext(facts, false), 'session fork approach idle current');
    assert.equal(rowContext(someFacts({ isBranched: true }), false), 'session root branched idle current');
  });

  it('says that it was kept', () => {
    const facts = someFacts({ session: approach, origin, isKept: true });
    assert.match(rowDescription(facts), /^kept · /);
    assert.match(rowLabel(facts), /, kept of several approaches, /);
  });
});

describe('the state of a session', () => {
  const retry = { type: 'retry', attempt: 1, message: 'busy', next: now } as const;
  const nothing = {
    attention: { of: () => [] },
    ends: { of: () => undefined, ranHere: () => true, worksElsewhere: () => false },
    unread: { has: () => false },
  };
  const { info } = anAnswer('msg_2', 'msg_1');
  assert.ok(info.role === 'assistant');
  const answer = info;

  const after = (end: Outcome, isUnread = true, isHere = true) => {
    const sources = {
      ...nothing,
      ends: { of: () => end, ranHere: () => isHere, worksElsewhere: () => false },
      unread: { has: () => isUnread },
    };
    return findSessionState({ ...sources, sessions: aStore([aSession({ id: 'a' })]) }, 'a');
  };

  it('is waiting before it is busy, and an error before it is unread', () => {
    const store = aStore([aSession({ id: 'a' })], { statuses: { a: { type: 'busy' } } });
    const waiting = { kind: 'permission', request: aPermission({ sessionID: 'a' }) } as const;
    const asked = findSessionState({ ...nothing, sessions: store, attention: { of: () => [waiting] } }, 'a');
    assert.equal(asked.kind, 'permission');
    const error = { name: 'APIError', data: {} };
    const failed = {
      ...nothing,
      ends: {
        of: () => ({ kind: 'failed', error }) as const,
        ranHere: () => true,
        worksElsewhere: () => false,
      },
    };
    assert.equal(findSessionState({ ...failed, sessions: store }, 'a').kind, 'busy');
    assert.equal(after({ kind: 'failed', error }).kind, 'error');
  });

  it('is finished only where the run is known to have come to its end', () => {
    const words = (end: Outcome, isUnread?: boolean): string =>
      rowLabel(someFacts({ state: after(end, isUnread) }))
        .split(', ')
        .slice(2, -2)
        .join(', ');
    assert.equal(words({ kind: 'settled', answer }), 'finished, not looked at here yet');
    assert.equal(words({ kind: 'settled', answer }, false), 'idle');
    assert.equal(words({ kind: 'aborted' }), 'stopped, not looked at here yet');
    assert.equal(words({ kind: 'unseen' }), 'works no longer; how it ended is not known');
    assert.match(words({ kind: 'interrupted', answer }), /^cut off in the middle/);
    assert.match(
      words({ kind: 'incomplete', answer: { ...answer, finish: 'length' } }),
      /^cut at the output/,
    );
  });

  it('is not said to be cut off where another process may still be at it', () => {
    const facts = someFacts({ state: after({ kind: 'interrupted', answer }, false, false) });
    assert.match(rowDescription(facts), /^not finished · /);
    assert.match(rowLabel(facts), /or another OpenCode process is at it/);
  });

  it('says beside its title what cut its run off, also when it was looked at', () => {
    const row = (end: Outcome) => {
      const facts = someFacts({ state: after(end, false) });
      return [rowDescription(facts).split(' · ')[0], rowIcon(facts).id];
    };
    const { info: prompt } = aUserMessage('msg_1');
    assert.ok(prompt.role === 'user');
    assert.deepEqual(row({ kind: 'unanswered', prompt }), ['not answered', 'warning']);
    assert.deepEqual(row({ kind: 'interrupted', answer }), ['cut off', 'warning']);
    const names = ['length', 'content-filter', 'other'].map(
      (finish) => row({ kind: 'incomplete', answer: { ...answer, finish } })[0],
    );
    assert.deepEqual(names, ['cut at the output limit', 'cut by the content filter', 'perhaps not whole']);
  });

  it('follows the server through retry, busy and idle', () => {
    const store = aStore([aSession({ id: 'a' })], { statuses: { a: retry } });
    const kind = () => findSessionState({ ...nothing, sessions: store }, 'a').kind;
    const kinds = [kind()];
    for (const type of ['busy', 'idle'] as const) {
      store.apply({ type: 'session.status', properties: { sessionID: 'a', status: { type } } });
      kinds.push(kind());
    }
    assert.deepEqual(kinds, ['retry', 'busy', 'idle']);
  });
});
