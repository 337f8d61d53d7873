import assert from 'node:assert/strict';
import { NotFoundProblem, Problem, UnavailableProblem } from '../../../src/core/errors.ts';
import { Emitter } from '../../../src/core/event.ts';
import type { ServerEvent } from '../../../src/protocol/events.ts';
import type { MessageWithParts } from '../../../src/protocol/records.ts';
import { Clients } from '../../../src/server/openCode118/clients.ts';
import { type CompactingServer, Compactions } from '../../../src/server/openCode118/compactions.ts';
import type { OpenCode118 } from '../../../src/server/openCode118/openCode118.ts';
import { anAnswer, aSession, aUserMessage } from '../core/builders.ts';
import { Memory } from '../views/memory.ts';

const session = aSession({ id: 'ses_1' });
const model = { providerID: 'local', modelID: 'echo' };
const gone = new UnavailableProblem('There is no server.', { mayHaveArrived: true });
const ended = (outcome: Extract<ServerEvent, { type: 'turn.ended' }>['properties']['outcome']) =>
  ({ type: 'turn.ended', properties: { sessionID: 'ses_1', outcome } }) as const;
const compacted = { type: 'session.compacted', properties: { sessionID: 'ses_1' } } as const;

/** A session of which somebody asked for a summary. */
const request: MessageWithParts = {
  ...aUserMessage('msg_3'),
  parts: [{ id: 'prt_3', sessionID: 'ses_1', messageID: 'msg_3', type: 'compaction', auto: false }],
};

function setUp() {
  const before = [aUserMessage('msg_1'), anAnswer('msg_2', 'msg_1')];
  const heard = new Emitter<ServerEvent>();
  const kept = new Memory();
  const state = { messages: before, isThere: true, texts: [] as string[], isBusy: false };
  const asked: string[] = [];
  let summarized = Promise.withResolvers<void>();
  const whereThere = async (name: string): Promise<void> => {
    asked.push(name);
    if (!state.isThere) throw gone;
  };
  const server: CompactingServer = {
    listStatuses: async () => {
      await whereThere('statuses');
      return state.isBusy ? { ses_1: { type: 'busy' } } : {};
    },
    listMessages: async () => {
      await whereThere('messages');
      return { messages: state.messages };
    },
    abortSession: async () => {
      await whereThere('abort');
      state.isBusy = false;
      heard.fire(ended({ kind: 'aborted' }));
    },
    summarizeSession: async () => {
      await whereThere('summarize');
      state.messages = [...state.messages, request];
      await summarized.promise;
    },
    deleteMessage: async (_, id) => {
      await whereThere(`delete ${id}`);
      state.messages = state.messages.filter(({ info }) => info.id !== id);
    },
    addHiddenText: async (_, messageId, { text }) => {
      await whereThere(`tell ${messageId}`);
      state.texts.push(text);
    },
    deletePart: async () => {
      await whereThere('untell');
      if (state.texts.pop() === undefined) throw new NotFoundProblem('There is no such part.');
    },
  };
  let current = (): CompactingServer => server;
  const open = () =>
    new Compactions({
      server: () => current(),
      onDidHear: heard.event,
      kept,
      log: { debug: () => undefined, info: () => undefined, warn: () => undefined, error: assert.fail },
      wait: () => new Promise((resolve) => setImmediate(resolve)),
    });
  return {
    state,
    asked,
    heard,
    open,
    answer: () => summarized.resolve(),
    refuse: (error: unknown) => summarized.reject(error),
    leave: () => {
      current = () => {
        throw gone;
      };
    },
    comeBack: () => {
      current = () => server;
      state.isThere = true;
      summarized = Promise.withResolvers();
    },
    compact: () => open().compact(session, { model, guidance: 'Keep it.', messages: before }),
    untilAsked: async (name: string) => {
      while (!asked.includes(name)) await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

describe('A compaction of 1.18', () => {
  it('tells the summary by the first message since the last one, and takes that out again', async () => {
    const { compact, untilAsked, asked, state, heard, open } = setUp();
    const done = compact();
    await untilAsked('summarize');
    assert.ok(asked.includes('tell msg_1'));
    assert.deepEqual(open().broken(), [{ id: 'ses_1', directory: session.directory }], 'until it is over');
    heard.fire(compacted);
    await done;
    assert.deepEqual([state.texts, open().broken()], [[], []]);
  });

  it('fails with the words of the server, and leaves nothing that would eat the next prompt', async () => {
    const { compact, untilAsked, state, heard, open } = setUp();
    const done = assert.rejects(compact(), /could not be compacted: Too long/);
    await untilAsked('summarize');
    heard.fire(ended({ kind: 'failed', error: { name: 'APIError', data: { message: 'Too long' } } }));
    await done;
    assert.deepEqual(
      state.messages.map(({ info }) => info.id),
      ['msg_1', 'msg_2'],
    );
    assert.deepEqual([state.texts, open().broken()], [[], []]);
  });

  it('is stopped where it was refused while the session works', async () => {
    const { compact, untilAsked, state, refuse, asked } = setUp();
    const done = assert.rejects(compact(), /It was refused/);
    await untilAsked('summarize');
    state.isBusy = true;
    refuse(new Problem('It was refused.'));
    await done;
    assert.ok(asked.includes('abort'));
    assert.equal(state.messages.length, 2);
  });

  it('is judged by the messages where neither answer nor event comes', async () => {
    const { compact, untilAsked, state, refuse } = setUp();
    const done = compact();
    await untilAsked('summarize');
    refuse(gone);
    const summary = anAnswer('msg_4', 'msg_3');
    state.isThere = false;
    await new Promise((resolve) => setTimeout(resolve, 5));
    state.messages = [...state.messages, { ...summary, info: { ...summary.info, summary: true } as never }];
    state.isThere = true;
    await done;
  });

  it('is over where the messages twice say that there is none', async () => {
    const { compact } = setUp();
    await assert.rejects(compact(), /OpenCode wrote no summary/);
  });

  it('keeps its trace where the server is gone, for whoever clears up later', async () => {
    const { compact, untilAsked, state, leave, comeBack, open } = setUp();
    const done = assert.rejects(compact(), UnavailableProblem);
    await untilAsked('summarize');
    leave();
    await done;
    assert.deepEqual(open().broken(), [{ id: 'ses_1', directory: session.directory }]);
    await open().clearUp(session);
    assert.equal(open().broken().length, 1, 'it cannot be cleared up yet');
    comeBack();
    await open().clearUp(session);
    assert.deepEqual([state.texts, state.messages.length, open().broken()], [[], 2, []]);
  });
});

describe('The clients of a dialect', () => {
  it('are asked by the newest that is open', () => {
    const clients = new Clients();
    assert.throws(() => clients.current(), UnavailableProblem);
    const made = ['older', 'newer'].map((name) => {
      const closing = new AbortController();
      return { name, closing, client: clients.add({ name } as unknown as OpenCode118, closing.signal) };
    });
    const [older, newer] = made;
    assert.equal(clients.current(), newer?.client);
    newer?.closing.abort();
    assert.equal(clients.current(), older?.client);
    older?.closing.abort();
    assert.throws(() => clients.current(), UnavailableProblem);
  });
});
