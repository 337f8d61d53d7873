import assert from 'node:assert/strict';
import { createUserProof } from '../../../src/server/userProof.ts';
import { sharedStorage } from '../../../src/server/sharedStorage.ts';
import type { Session } from '../../../src/protocol/records.ts';
import { printReceive, printTyping, type Receive, receiveWords } from '../../../src/protocol/signs.ts';
import { type Room, relaysOf, say, type Window } from '../continuation/room.ts';
import { waitFor } from '../../workbench/waitFor.ts';
import { answersOf, call, linesOf, useCompanionRoom } from './companionRoom.ts';

const quiet = (): void => undefined;
const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };

describe('a session to which another one writes', function () {
  this.timeout(180_000);
  let room: Room;
  let window: Window;

  useCompanionRoom((opened) => ({ room, window } = opened), { permission: { message: 'allow' } });

  const two = async (): Promise<[Session, Session]> => [
    await room.newSession(window, { title: 'Sender' }),
    await room.newSession(window, { title: 'Target' }),
  ];
  const send = (sessionID: string, text: string) =>
    `${call('session_send', { sessionID, text })} ;; say: sent`;

  /** As an editor of the user says it. */
  async function receives(receive: Receive): Promise<void> {
    const { workspace, environment, home } = room.server;
    const proof = createUserProof(sharedStorage(environment, home), log);
    const said = { receive, time: Date.now() };
    const told = { ...said, proof: proof.make(receiveWords(workspace, said)) };
    await window.openCode.giveSign(workspace, printReceive(told));
  }

  it('gets it once nobody types there any more, and the sender is told that it waits', async () => {
    const [sender, target] = await two();
    const type = (isTyping: boolean) =>
      window.openCode.giveSign(target.directory, printTyping({ sessionID: target.id, isTyping }));
    await type(true);
    // As an editor does, for as long as somebody goes on.
    const goesOn = setInterval(() => void type(true), 2000);
    await say(window, sender, send(target.id, 'say: read'));
    const told = async () => (await linesOf(window, sender)).filter((line) => line.includes('[Your message'));
    await waitFor(async () => (await told()).some((line) => line.includes('the user is typing there')), {
      what: 'word that it waits',
    }).finally(() => clearInterval(goesOn));
    assert.deepEqual(await linesOf(window, target), []);
    await type(false);
    await waitFor(async () => (await linesOf(window, target)).at(-1) === 'build: read', {
      what: 'the answer',
    });
    await waitFor(async () => (await told()).some((line) => line.includes('was delivered')), {
      what: 'word that it was delivered',
    });
    assert.equal((await told()).length, 2);
  });

  it('gets it as its user says: not at all, when the user lets it go on, or at once', async () => {
    const [sender, target] = await two();
    await receives('refuse');
    await say(window, sender, send(target.id, 'say: refused'));
    await receives('hold');
    await say(window, sender, send(target.id, 'say: held'));
    const [refused = '', held = ''] = await answersOf(window, sender, 'session_send');
    assert.match(refused, /Nothing was sent: the user lets no agent write to session "Target"/);
    assert.match(held, /is held until the user lets it go on/);
    const { relays } = relaysOf(window, 'w1');
    await waitFor(() => relays.pending(target.id).some(({ state }) => state.kind === 'held'), {
      what: 'what is held',
    });
    assert.deepEqual(await linesOf(window, target), []);
    await relays.release(target.id);
    await waitFor(async () => (await linesOf(window, target)).at(-1) === 'build: held', {
      what: 'the answer',
    });
    await receives('accept');
    await say(window, sender, send(target.id, 'say: accepted'));
    await waitFor(async () => (await linesOf(window, target)).at(-1) === 'build: accepted', {
      what: 'the next answer',
    });
  });
});
