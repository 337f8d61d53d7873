import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadComparison } from '../../../src/commands/compare/loadComparison.ts';
import { sendFindings } from '../../../src/commands/fork/bringBack.ts';
import { toSides } from '../../../src/core/compare/comparedFiles.ts';
import { Offers } from '../../../src/core/state/offers.ts';
import { forkApproaches } from '../../../src/flows/forkApproaches.ts';
import { tell } from '../../../src/flows/tell.ts';
import { parseBroughtBack } from '../../../src/protocol/broughtBack.ts';
import type { Session } from '../../../src/protocol/records.ts';
import { withSnapshots } from '../../workbench/openCodeServer.ts';
import { waitFor } from '../../workbench/waitFor.ts';
import { model, openRoom, type Room, say, untilQuiet, useRoom, type Window } from './room.ts';

describe('comparing approaches on the real server', () => {
  let room: Room;
  let window: Window;
  let source: Session;
  let approaches: readonly Session[];

  useRoom(
    (opened) => ({ room, window } = opened),
    () => openRoom(withSnapshots),
  );

  const write = (name: string, content: string): string =>
    `tool: write ${JSON.stringify({ filePath: join(room.server.workspace, name), content })}`;

  const load = (sessions: readonly Session[]) =>
    loadComparison(
      {
        sessions: window.sessions,
        openCode: window.openCode,
        stateOf: () => ({ kind: 'idle' }),
        waits: { of: () => [] },
        now: Date.now,
      },
      sessions,
    );

  before(async () => {
    await writeFile(join(room.server.workspace, 'parser.ts'), 'old\n');
    source = await room.newSession(window, { title: 'Parser' });
    await say(window, source, `${write('before.ts', 'before\n')}\nsay: Lists or maps.`);
    const approach = (title: string, lines: readonly string[]) => ({
      title: `Parser: ${title}`,
      prompt: { agent: 'build', model, text: lines.join('\n') },
    });
    const forked = await forkApproaches(window, source, { before: undefined, at: undefined }, [
      approach('Lists', [write('parser.ts', 'lists\n'), 'usage: 1000 20', 'say: Lists are short.']),
      approach('Maps', [
        'hold: maps',
        write('parser.ts', 'maps\n'),
        write('maps.ts', 'maps\n'),
        'say: Maps are fast.',
      ]),
    ]);
    const [lists, maps] = forked.map((one) => ('session' in one ? one : assert.fail(String(one.error))));
    assert.ok(lists !== undefined && maps !== undefined);
    await lists.delivery?.ended;
    // What both write in one folder at the same time would be counted for both.
    await waitFor(async () => (await load([lists.session, source])).sessions[0]?.changes.files === 1, {
      what: 'what the first changed',
    });
    room.model.release('maps');
    await maps.delivery?.ended;
    await waitFor(async () => (await load([maps.session, source])).sessions[0]?.changes.files === 2, {
      what: 'what the second changed',
    });
    approaches = [lists.session, maps.session];
    await untilQuiet(window, maps.session);
  });

  it('counts for each what it did itself since the fork, of what the server tells', async () => {
    const { sessions, source: from, fork, pair } = await load(approaches);
    assert.deepEqual([from, fork], ['Parser', 'Lists or maps.']);
    assert.deepEqual(
      sessions.map(({ name, changes, outcome, figures }) => [
        name,
        changes.files,
        outcome?.kind,
        figures.turns.map(({ conclusion }) => conclusion),
      ]),
      [
        ['Lists', 1, 'settled', ['Lists are short.']],
        ['Maps', 2, 'settled', ['Maps are fast.']],
      ],
    );
    assert.ok(sessions.every(({ figures }) => figures.tokens.value > 0 && !figures.tokens.isLeast));
    assert.deepEqual([pair.left, pair.right], [0, 1]);
    // The source did nothing since, whatever it did before.
    const [, own] = (await load([approaches[0] ?? source, source])).sessions;
    assert.deepEqual([own?.changes.files, own?.figures.turns], [0, []]);
  });

  it('has the files as each left them, whole', async () => {
    const { files } = await load(approaches);
    assert.equal(await readFile(join(room.server.workspace, 'parser.ts'), 'utf8'), 'maps\n');
    assert.deepEqual(
      toSides(files, 0, 1).map(({ path, relation, left, right }) => [path, relation, left, right]),
      [
        ['maps.ts', 'right', null, 'maps\n'],
        ['parser.ts', 'different', 'lists\n', 'maps\n'],
      ],
    );
  });

  it('refuses two sessions that share nothing', async () => {
    const stranger = await room.newSession(window, { title: 'Shop' });
    await assert.rejects(load([source, stranger]), /“Parser”, “Shop” share nothing/);
  });

  it('writes what one found out where both came from, once, as said by no person', async () => {
    const [lists] = approaches;
    assert.ok(lists !== undefined);
    const deps = {
      sessions: window.sessions,
      offers: new Offers(window.openCode),
      openCode: window.openCode,
      maySendTo: () => Promise.resolve(true),
      isBusy: () => false,
      tell: (request: Parameters<typeof tell>[1]) => tell(window, request),
      runWithProgress: (_: string, run: (cancellation: never) => unknown) => run(undefined as never),
      notify: () => undefined,
    } as unknown as Parameters<typeof sendFindings>[0];
    const order = {
      verb: 'bringBack',
      sessionId: source.id,
      sessionTitle: 'Parser',
      directory: source.directory,
      forkId: lists.id,
      forkTitle: lists.title,
    } as const;
    const body = 'Lists are short.\n\n**Files:** parser.ts (+1 −1)';
    assert.equal(await sendFindings(deps, source, order, { body }), source.id);
    await assert.rejects(sendFindings(deps, source, order, { body }), /stands in “Parser” already/);
    const { messages } = await window.openCode.listMessages(source.id, { limit: 10 });
    const brought = messages.flatMap(({ parts }) =>
      parts.flatMap((part) =>
        part.type === 'text' && parseBroughtBack(part)?.from === lists.id ? part.text : [],
      ),
    );
    assert.equal(brought.length, 1);
    assert.match(brought[0] ?? '', /not from the user\. .*\n\nLists are short\./);
    assert.equal(messages.at(-1)?.info.role, 'user', 'nobody answers it');
  });
});
