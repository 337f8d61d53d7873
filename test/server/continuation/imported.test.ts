import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { makeMessageId } from '../../../src/core/turns/messageId.ts';
import { readScratch, provedScratch } from '../../../src/core/sessions/scratch.ts';
import { withProvedRelays } from '../../../src/core/turns/relayProof.ts';
import { deleteForgotten } from '../../../src/flows/extractHandoff.ts';
import type { RelayLeg } from '../../../src/protocol/pending.ts';
import type { Session } from '../../../src/protocol/records.ts';
import { openCodeBinary } from '../../workbench/openCodeServer.ts';
import { waitFor } from '../../workbench/waitFor.ts';
import { conversation, ids, model, relaysOf, type Room, say, type Window, useRoom } from './room.ts';

const run = promisify(execFile);

/** A leg as a stranger's editor, or a person with a text editor, writes it. */
function aLeg(text: string): RelayLeg {
  return {
    messageId: makeMessageId(ids),
    agent: 'plan',
    model,
    text,
    chain: makeMessageId(ids),
    hop: 1,
    time: Date.now(),
    behind: false,
    state: { kind: 'waiting' },
  };
}

describe('a session that comes with `opencode import`', function () {
  this.timeout(180_000);
  let room: Room;
  let window: Window;

  useRoom((opened) => ({ room, window } = opened));

  /** Takes the session out of the server and brings it back as a file, as somebody else made of it. */
  async function bring(session: Session, metadata: Record<string, unknown>): Promise<void> {
    const { workspace, environment, home } = room.server;
    const options = { cwd: workspace, env: environment };
    const file = join(home, 'shared.json');
    const { stdout } = await run(openCodeBinary, ['export', session.id], options);
    const shared = JSON.parse(stdout) as { info: Record<string, unknown> };
    await window.openCode.deleteSession(session.id);
    await writeFile(file, JSON.stringify({ ...shared, info: { ...shared.info, metadata } }));
    await run(openCodeBinary, ['import', file], options);
    assert.match(await readFile(file, 'utf8'), new RegExp(session.id));
  }

  it('sends nothing by itself: its relays are held, say why, and go once a person says so', async () => {
    const session = await room.newSession(window);
    await say(window, session, 'say: begun');
    const stranger = await room.openWindow({ user: 'a stranger' });
    await bring(
      session,
      withProvedRelays(stranger.proof, session, {
        revision: 'r',
        legs: [aLeg('say: not asked for'), aLeg('say: nor this')],
      }),
    );
    const opened = await room.openWindow();
    const { relays } = relaysOf(opened, 'w1');
    const [held] = await waitFor(
      () => {
        const pending = relays.pending(session.id);
        return pending.length > 0 ? pending : undefined;
      },
      { what: 'what the session has pending' },
    );
    assert.ok(held?.state.kind === 'held');
    assert.match(held.state.reason, /not asked for from this editor/);
    // What is asked for here goes through the same looks, so nothing of the other session can be on its way any more.
    const other = await room.newSession(opened);
    await relays.add(other.id, [{ agent: 'plan', model, text: 'say: asked for' }]);
    await waitFor(async () => (await conversation(opened, other.id)).length === 2 || undefined, {
      what: 'the answer to what was asked for',
    });
    relays.look(session.id);
    assert.equal((await conversation(opened, session.id)).length, 2);
    await relays.release(session.id);
    await waitFor(async () => (await conversation(opened, session.id)).length === 6 || undefined, {
      what: 'the answers to what was released',
    });
  });

  it('is held also where only what its relays say is not what was asked for', async () => {
    const session = await room.newSession(window);
    await say(window, session, 'say: begun');
    const metadata = withProvedRelays(window.proof, session, {
      revision: 'r',
      legs: [aLeg('say: asked for')],
    });
    await bring(session, JSON.parse(JSON.stringify(metadata).replace('asked for', 'smuggled')));
    const opened = await room.openWindow();
    const { relays } = relaysOf(opened, 'w1');
    await waitFor(() => relays.pending(session.id)[0]?.state.kind === 'held' || undefined, {
      what: 'the relay to be held',
    });
    assert.equal((await conversation(opened, session.id)).length, 2);
  });

  it('goes on where it is one’s own', async () => {
    const session = await room.newSession(window);
    await say(window, session, 'say: begun');
    const legs = [aLeg('say: \ud800 “asked” for 🙂')];
    await bring(session, withProvedRelays(window.proof, session, { revision: 'r', legs }));
    const opened = await room.openWindow();
    relaysOf(opened, 'w1');
    await waitFor(async () => (await conversation(opened, session.id)).length === 4 || undefined, {
      what: 'the answer to the relay',
    });
  });

  it('is not deleted because it says that it is thrown away', async () => {
    const session = await room.newSession(window);
    await say(window, session, 'say: begun');
    const stranger = await room.openWindow({ user: 'a stranger' });
    await bring(session, provedScratch(stranger.proof, session.id, { from: 'ses_1', time: 1 }));
    const opened = await room.openWindow();
    await deleteForgotten(opened, opened.sessions.all());
    const kept = await opened.openCode.getSession(session.id);
    assert.equal(readScratch(opened.proof, kept), undefined, 'it is shown');
  });
});
