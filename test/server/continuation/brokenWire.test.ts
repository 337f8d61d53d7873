import assert from 'node:assert/strict';
import { UncertainProblem } from '../../../src/core/errors.ts';
import { makeMessageId } from '../../../src/core/turns/messageId.ts';
import { compactAndContinue } from '../../../src/flows/compactAndContinue.ts';
import { handOff } from '../../../src/flows/handOff.ts';
import { forkApproaches } from '../../../src/flows/forkApproaches.ts';
import { tell } from '../../../src/flows/tell.ts';
import type { Session } from '../../../src/protocol/records.ts';
import { FaultProxy } from '../../workbench/faultProxy.ts';
import { parsePendingRelays } from '../../../src/protocol/pending.ts';
import { waitFor } from '../../workbench/waitFor.ts';
import {
  asking,
  conversation,
  endRelays,
  ids,
  model,
  openRoom,
  relaysOf,
  type Room,
  say,
  untilQuiet,
  type Window,
} from './room.ts';

/** Long enough for every look of the product at a server that cannot be asked, in milliseconds. */
const patience = 60_000;
const prompting = /\/prompt_async$/;
const messagePath = /\/message\/msg_\w+$/;

describe('what is sent across a wire that breaks', function () {
  this.timeout(180_000);
  let room: Room;
  let proxy: FaultProxy;
  /** Behind the proxy. */
  let window: Window;
  /** Straight at the server. */
  let witness: Window;

  before(async () => {
    room = await openRoom();
    proxy = await FaultProxy.to(room.server.url);
    window = await room.openWindow({ url: proxy.url });
    witness = await room.openWindow();
  });
  beforeEach(() => room.model.releaseAll());
  afterEach(() => {
    proxy.mend();
    endRelays();
  });
  after(async () => {
    await room.close();
    await proxy.close();
  });

  function prompt(text: string, messageId = makeMessageId(ids)) {
    const parts = [{ type: 'text' as const, text }];
    return { kind: 'prompt' as const, prompt: { messageId, agent: 'build', model, parts } };
  }

  /** Resolves when the window has its connection again. */
  function untilBack(): Promise<unknown> {
    return waitFor(() => window.openCode.listStatuses(room.server.workspace), { what: 'the connection' });
  }

  /** From here on the window can ask nothing and hears nothing, until the answer is called. */
  function cutOff(): () => Promise<unknown> {
    const rules = [messagePath, '/global/event'].map((path) =>
      proxy.add({ method: 'GET', path }, { kind: 'cut', when: 'before' }, { times: 1000 }),
    );
    proxy.breakStreams();
    return () => {
      for (const rule of rules) rule.remove();
      return untilBack();
    };
  }

  /** How often the model was asked with this as the last word. */
  function asked(text: string): number {
    return room.model.requests.filter(({ messages }) => messages.at(-1)?.text.includes(text)).length;
  }

  function writesOfMetadata(session: Session): number {
    return proxy.exchanges.filter(({ method, path }) => method === 'PATCH' && path.includes(session.id))
      .length;
  }

  describe('a prompt', () => {
    const page = '<html>Bad Gateway</html>';
    for (const [what, fault] of [
      ['lost', { kind: 'cut', when: 'after' }],
      ['the page of a gateway', { kind: 'replace', when: 'after', status: 502, body: page }],
    ] as const) {
      it(`whose answer is ${what} has arrived, and is not sent again`, async () => {
        const session = await room.newSession(witness);
        proxy.add({ method: 'POST', path: prompting }, fault);
        const delivery = await window.door.send(session, prompt(`say: answer ${what}`), 'typed');
        assert.equal((await delivery.ended).kind, 'answered');
        assert.equal(asked(`say: answer ${what}`), 1);
      });
    }

    it('that never left is known not to have arrived', async () => {
      const session = await room.newSession(witness);
      proxy.add({ method: 'POST', path: prompting }, { kind: 'cut', when: 'before' });
      const outgoing = prompt('say: at the second try');
      await assert.rejects(window.door.send(session, outgoing, 'typed'), /did not reach OpenCode/);
      assert.equal(window.deliveries.get(outgoing.prompt.messageId)?.state.kind, 'absent');
      const delivery = await window.door.send(session, outgoing, 'typed');
      await delivery.ended;
      assert.equal(asked('say: at the second try'), 1);
    });

    it('of which nobody knows is looked for, and its fate is told once it is known', async () => {
      const session = await room.newSession(witness);
      proxy.add({ method: 'POST', path: prompting }, { kind: 'cut', when: 'after' });
      const looks = proxy.add(
        { method: 'GET', path: messagePath },
        { kind: 'replace', when: 'before', status: 502 },
        { times: 5 },
      );
      const outgoing = prompt('say: unknown for a while');
      const judged = new Promise((resolve) => window.door.onDidJudge(resolve));
      const streams = proxy.add({ path: '/global/event' }, { kind: 'cut', when: 'before' }, { times: 2 });
      proxy.breakStreams();
      await assert.rejects(window.door.send(session, outgoing, 'typed'), UncertainProblem);
      assert.equal(window.deliveries.get(outgoing.prompt.messageId)?.state.kind, 'unknown');
      looks.remove();
      streams.remove();
      const entry = (await judged) as { messageId: string };
      assert.equal(entry.messageId, outgoing.prompt.messageId);
      await waitFor(() => window.deliveries.get(entry.messageId)?.state.kind === 'ended', {
        what: 'its end',
      });
      const again = await window.door.send(session, outgoing, 'typed');
      assert.equal((await again.ended).kind, 'answered');
      assert.equal(asked('say: unknown for a while'), 1);
    });

    it('to a session that is being compacted waits, says why, and is answered', async () => {
      const session = await room.newSession(witness);
      await say(witness, session, 'say: one');
      await window.turns.whenSettled(session.id);
      const guidance = 'While summarizing, hold: compacting';
      const ports = { ...window, exportSession: undefined, onProgress: () => undefined };
      const compacting = compactAndContinue(ports, { session, model, guidance });
      await room.model.reached('compacting');
      const outgoing = prompt('say: after the summary');
      const sending = window.door.send(session, outgoing, 'typed');
      const state = await waitFor(() => window.deliveries.get(outgoing.prompt.messageId)?.state, {
        what: 'word of it',
      });
      assert.ok(state.kind === 'waiting');
      assert.match(state.reason, /being compacted/);
      room.model.release('compacting');
      await compacting;
      assert.equal((await (await sending).ended).kind, 'answered');
      assert.equal(asked('say: after the summary'), 1);
    });
  });

  describe('a hand off', () => {
    it('whose prompt may have arrived keeps its session, and goes on in it when it is asked for again', async () => {
      const source = await room.newSession(witness);
      const request = { source, title: 'Once', agent: 'build', model, text: 'say: handed off', todos: [] };
      const lost = proxy.add({ method: 'POST', path: prompting }, { kind: 'cut', when: 'after' });
      const cut = lost.hit.then(cutOff);
      await assert.rejects(handOff(window, request), UncertainProblem);
      const mend = await cut;
      await mend();
      const { session, delivery } = await handOff(window, request);
      assert.equal((await delivery.ended).kind, 'answered');
      const made = (await witness.openCode.listSessions(source.directory)).filter(
        ({ title }) => title === 'Once',
      );
      assert.deepEqual(
        made.map(({ id }) => id),
        [session.id],
      );
      assert.equal(asked('say: handed off'), 1);
    });
  });

  describe('approaches', () => {
    it('are started once, although the answer to the prompt of one is lost', async () => {
      const source = await room.newSession(witness);
      await say(witness, source, 'say: base');
      proxy.add({ method: 'POST', path: prompting }, { kind: 'cut', when: 'after' });
      const wishes = ['say: left way', 'say: right way'].map((text) => ({
        title: text,
        prompt: { agent: 'build', model, text },
      }));
      const forks = await forkApproaches(window, source, { before: undefined, at: undefined }, wishes);
      for (const fork of forks) assert.ok('session' in fork && fork.delivery !== undefined);
      for (const fork of forks) if ('session' in fork) await fork.delivery?.ended;
      assert.deepEqual([asked('say: left way'), asked('say: right way')], [1, 1]);
    });
  });

  describe('what is told', () => {
    it('is stored once, although it was told again because its answer was lost', async () => {
      const session = await room.newSession(witness);
      await say(witness, session, 'say: one');
      await window.turns.whenSettled(session.id);
      const parts = [{ type: 'text' as const, text: 'By the way.', synthetic: true }];
      const lost = proxy.add({ method: 'POST', path: prompting }, { kind: 'cut', when: 'after' });
      const cut = lost.hit.then(cutOff);
      await assert.rejects(tell(window, { session, agent: 'build', model, parts }), UncertainProblem);
      const mend = await cut;
      await mend();
      await tell(window, { session, agent: 'build', model, parts });
      const said = await conversation(witness, session.id);
      assert.equal(said.filter((line) => line.includes('By the way.')).length, 1);
    });
  });

  describe('a compaction', () => {
    it('whose answer is lost with the stream is told as what it was, and goes on once', async () => {
      const session = await room.newSession(witness);
      await say(witness, session, 'say: one');
      await window.turns.whenSettled(session.id);
      const continuation = { agent: 'plan', model, text: 'say: went on' };
      const ports = { ...window, exportSession: undefined, onProgress: () => undefined };
      proxy.add({ method: 'POST', path: /\/summarize$/ }, { kind: 'cut', when: 'after' });
      const guidance = 'While summarizing, hold: unheard';
      const compacting = compactAndContinue(ports, { session, model, guidance, continuation });
      await room.model.reached('unheard');
      const mend = cutOff();
      room.model.release('unheard');
      await witness.turns.whenSettled(session.id);
      await mend();
      const { summary, delivery } = await compacting;
      assert.notEqual(summary, '');
      assert.equal((await delivery?.ended)?.kind, 'answered');
      assert.equal(asked('say: went on'), 1);
    });
  });

  describe('a relay', () => {
    it('whose write lost its answer is stored once, also when the same is asked for again', async () => {
      const session = await room.newSession(witness);
      const { relays } = relaysOf(window, 'w1');
      proxy.add({ method: 'PATCH' }, { kind: 'cut', when: 'after' });
      await relays.add(session.id, [{ agent: 'plan', model, text: 'say: stored once' }]);
      await untilQuiet(witness, session);
      assert.equal(asked('say: stored once'), 1);
    });

    it('of which nobody knows whether it is stored is the same when it is asked for again', async () => {
      const session = await room.newSession(witness);
      const { relays } = relaysOf(window, 'w1');
      const requests = ['say: first once', 'say: second once'].map((text) => ({
        agent: 'plan',
        model,
        text,
      }));
      const patch = proxy.add({ method: 'PATCH' }, { kind: 'cut', when: 'after' });
      void patch.hit.then(() => proxy.refuse());
      await assert.rejects(relays.add(session.id, requests), UncertainProblem);
      proxy.accept();
      await waitFor(
        () => window.sessions.get(session.id) !== undefined && relays.pending(session.id).length > 0,
        {
          what: 'the pending relays',
        },
      ).catch(() => undefined);
      await relays.add(session.id, requests).catch(() => relays.add(session.id, requests));
      await untilQuiet(witness, session);
      assert.deepEqual([asked('say: first once'), asked('say: second once')], [1, 1]);
    });

    it('is sent although the stream broke while it was about to be sent', async () => {
      const session = await room.newSession(witness);
      const { relays } = relaysOf(window, 'w1');
      const claims = proxy.add(
        { method: 'PATCH' },
        { kind: 'late', when: 'after', milliseconds: 50 },
        { after: 1 },
      );
      void claims.hit.then(() => proxy.breakStreams());
      await relays.add(session.id, [{ agent: 'plan', model, text: 'say: across a break' }]);
      await untilQuiet(witness, session);
      assert.equal(asked('say: across a break'), 1);
    });

    it('waits with a reason and is tried again, not over and over, while its look fails', async () => {
      const session = await room.newSession(witness);
      const { relays, notices } = relaysOf(window, 'w1');
      const status = { method: 'GET', path: '/session/status' };
      const rule = proxy.add(status, { kind: 'replace', when: 'before', status: 502 }, { times: 1000 });
      await relays.add(session.id, [{ agent: 'plan', model, text: 'say: after a while' }]);
      await waitFor(() => notices.some(({ kind }) => kind === 'delayed'), {
        what: 'word of it',
        timeout: patience,
      });
      assert.match(relays.why(session.id) ?? '', /tried again by itself/);
      rule.remove();
      await untilQuiet(witness, session);
      assert.equal(asked('say: after a while'), 1);
    });

    it('asks a server that takes no prompts seldom, and goes on when it takes them again', async () => {
      const session = await room.newSession(witness);
      const { relays, notices } = relaysOf(window, 'w1');
      const rule = proxy.add(
        { method: 'POST', path: prompting },
        { kind: 'replace', when: 'before', status: 503 },
        { times: 1000 },
      );
      await relays.add(session.id, [{ agent: 'plan', model, text: 'say: when it can' }]);
      await waitFor(() => notices.some(({ kind }) => kind === 'delayed'), {
        what: 'word of it',
        timeout: patience,
      });
      assert.equal(rule.hits.length, 3, 'one request for each try');
      assert.ok(writesOfMetadata(session) <= 8, `${writesOfMetadata(session)} writes`);
      rule.remove();
      await untilQuiet(witness, session);
      assert.equal(asked('say: when it can'), 1);
    });

    it('is not lost when another window writes over it without having read it', async () => {
      const session = await room.newSession(witness);
      await say(witness, session, 'say: begun');
      const running = say(witness, session, 'hold: bothWindows ;; say: done');
      await room.model.reached('bothWindows');
      const slow = relaysOf(window, 'slow');
      const quick = relaysOf(witness, 'quick');
      // The write of the one is on its way while the other reads, writes and is told that it is stored.
      proxy.add({ method: 'PATCH' }, { kind: 'late', when: 'before', milliseconds: 1500 });
      const adding = slow.relays.add(session.id, [{ agent: 'plan', model, text: 'say: of the slow' }]);
      await waitFor(
        () => proxy.exchanges.some(({ method, path }) => method === 'PATCH' && path.includes(session.id)),
        { what: 'the write' },
      );
      await quick.relays.add(session.id, [{ agent: 'plan', model, text: 'say: of the quick' }]);
      await adding;
      await waitFor(() => quick.relays.pending(session.id).length === 2, { what: 'both relays' });
      room.model.release('bothWindows');
      await running;
      await untilQuiet(witness, session);
      assert.deepEqual([asked('say: of the slow'), asked('say: of the quick')], [1, 1]);
    });

    it('is not lost when another client writes its own metadata over it', async () => {
      const session = await room.newSession(witness);
      await say(witness, session, 'say: begun');
      const running = say(witness, session, 'hold: foreignWrite ;; say: done');
      await room.model.reached('foreignWrite');
      const { relays } = relaysOf(window, 'w1');
      await relays.add(session.id, [{ agent: 'plan', model, text: 'say: written over' }]);
      await witness.openCode.updateSession(session.id, { metadata: { others: true } });
      const kept = async () => parsePendingRelays(await witness.openCode.getSession(session.id))?.legs.length;
      await waitFor(async () => (await kept()) === 1, { what: 'the relay again' });
      room.model.release('foreignWrite');
      await running;
      await untilQuiet(witness, session);
      assert.equal(asked('say: written over'), 1);
      assert.equal((await witness.openCode.getSession(session.id)).metadata?.['others'], true);
    });

    it('is not steered into a turn that is about to begin', async () => {
      const session = await room.newSession(witness);
      await say(witness, session, 'say: begun');
      await window.turns.whenSettled(session.id);
      // As another window that has just stored a prompt: the server does not say yet that it works.
      const openCode = new Proxy(window.openCode, {
        get: (port, key: keyof Window['openCode']) => {
          if (key === 'abilities') return port.abilities;
          return key === 'listStatuses' && hidden ? () => Promise.resolve({}) : port[key].bind(port);
        },
      });
      let hidden = true;
      const other = { ...window, openCode, turns: quietTurns(window) };
      const running = say(witness, session, 'hold: beginning ;; say: first');
      await room.model.reached('beginning');
      const { relays } = relaysOf(other, 'w2');
      await relays.add(session.id, [{ agent: 'plan', model, text: 'say: second' }]);
      hidden = false;
      room.model.release('beginning');
      await running;
      await waitFor(
        async () => asked('say: second') === 1 || relays.pending(session.id)[0]?.state.kind === 'held',
        { what: 'its turn' },
      );
      const said = await conversation(witness, session.id);
      const first = said.findIndex((line) => line.includes('build: first'));
      const second = said.findIndex((line) => line === 'user(plan): say: second');
      assert.ok(second === -1 || second > first, said.join('\n'));
    });

    it('does not send the next leg where the server kept a leg and never began with it', async () => {
      const session = await room.newSession(witness);
      await say(witness, session, 'say: begun');
      // As of a server that was killed in between: the leg is stored, and no turn of it begins.
      const openCode = new Proxy(window.openCode, {
        get: (port, key: keyof Window['openCode']) => {
          if (key === 'abilities') return port.abilities;
          if (key !== 'promptSession') return port[key].bind(port);
          return port.tellSession.bind(port);
        },
      });
      const { relays, notices } = relaysOf(asking(window, openCode), 'w1');
      await relays.add(session.id, [
        { agent: 'plan', model, text: 'say: kept' },
        { agent: 'build', model, text: 'say: behind what was kept' },
      ]);
      const told = () => notices.filter(({ sessionId }) => sessionId === session.id).map(({ kind }) => kind);
      await waitFor(() => told().includes('sent'), { what: 'the first leg', timeout: patience });
      proxy.breakStreams();
      await waitFor(() => told().includes('held'), { what: 'the word that it is held', timeout: patience });
      assert.deepEqual(told(), ['sent', 'held']);
      assert.equal(asked('say: behind what was kept'), 0);
    });

    it('does not follow a prompt that the server kept and never began with', async () => {
      const session = await room.newSession(witness);
      await say(witness, session, 'say: begun');
      const messageId = makeMessageId(ids);
      const parts = [{ type: 'text' as const, text: 'say: never answered' }];
      await witness.openCode.tellSession(session.id, { messageId, agent: 'build', model, parts });
      const { relays, notices } = relaysOf(window, 'w1');
      const before = asked('');
      await relays.add(session.id, [{ agent: 'plan', model, text: 'say: behind it' }]);
      // What was asked for after that prompt is not concerned by it; the next leg is.
      await untilQuiet(witness, session);
      assert.ok(asked('') > before);
      const told = () => notices.filter(({ sessionId }) => sessionId === session.id).map(({ kind }) => kind);
      await waitFor(() => told().length > 0, { what: 'word of it' });
      assert.deepEqual(told(), ['sent']);
    });

    it('is judged by the order of messages, whatever the clocks say', async () => {
      const session = await room.newSession(witness);
      const late = await room.openWindow({ url: proxy.url, clockError: -3_600_000 });
      const running = say(witness, session, 'say: x ;; hold: stoppedHere');
      await room.model.reached('stoppedHere');
      await witness.openCode.abortSession(session.id);
      await running;
      await late.turns.whenSettled(session.id);
      const { relays, notices } = relaysOf(late, 'late');
      const text = `say: asked for after the stop of ${session.id}`;
      await relays.add(session.id, [{ agent: 'plan', model, text }]);
      await untilQuiet(witness, session);
      assert.equal(asked(text), 1);
      // It is told once the record was written and read back.
      await waitFor(() => notices.length > 0, { what: 'word of it' });
      assert.deepEqual(
        notices.map(({ kind }) => kind),
        ['sent'],
      );
      late.close();
    });
  });
});

/** The turns of a window that has not heard of any run yet. */
function quietTurns(window: Window): Window['turns'] {
  return new Proxy(window.turns, {
    get: (turns, key: keyof Window['turns']) => {
      if (key === 'isRunning') return () => false;
      const value = turns[key];
      return typeof value === 'function' ? value.bind(turns) : value;
    },
  });
}
