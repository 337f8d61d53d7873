import assert from 'node:assert/strict';
import {
  type AskedPrompt,
  judge,
  type Seen,
  type SeenExchange,
  type SeenWindow,
} from '../../campaign/judge.ts';
import type { WaitingPrompt } from '../../campaign/productWindow.ts';
import type { SeenMessage, SeenSession } from '../../campaign/witness.ts';

const kinds = (seen: Seen): string[] => [...new Set(judge(seen).map(({ kind }) => kind))];

/** A prompt that arrived once, was answered by whom it was for, and of which that was told. */
function aSeen(change: Partial<Seen> = {}): Seen {
  return {
    prompts: [aPrompt()],
    knownSessionIds: new Set(['ses_source']),
    sessions: [aSession()],
    requests: [aRequest()],
    windows: [aWindow()],
    exchanges: [],
    told: [],
    wasServerKilled: false,
    ...change,
  };
}

function aPrompt(change: Partial<AskedPrompt> = {}): AskedPrompt {
  return {
    id: 'p1z',
    agent: 'plan',
    model: 'local/steady',
    sessionId: 'ses_source',
    isAnswered: true,
    answer: { kind: 'done', sessionId: 'ses_source' },
    isAbandoned: false,
    heldIn: [],
    ...change,
  };
}

function aMessage(change: Partial<SeenMessage> = {}): SeenMessage {
  return {
    id: 'msg_1',
    role: 'user',
    agent: 'plan',
    model: 'local/steady/default',
    text: 'see to p1z',
    parentId: undefined,
    isCopied: false,
    isCompleted: true,
    isCompaction: false,
    isSummary: false,
    error: undefined,
    ...change,
  };
}

function anAnswer(change: Partial<SeenMessage> = {}): SeenMessage {
  return aMessage({ id: 'msg_2', role: 'assistant', text: 'done', parentId: 'msg_1', ...change });
}

function aSession(change: Partial<SeenSession> = {}): SeenSession {
  const id = change.id ?? 'ses_source';
  return {
    id,
    title: 'Source',
    metadata: {},
    isBusy: false,
    messages: [aMessage(), anAnswer()],
    record: { id, title: 'Source', metadata: {} },
    ...change,
  };
}

function aRequest(...texts: readonly string[]): Seen['requests'][number] {
  const asked = texts.length === 0 ? ['see to p1z'] : texts;
  return {
    model: 'steady',
    system: 'You plan.',
    messages: [
      { role: 'user', text: 'say: begun' },
      { role: 'assistant', text: 'begun' },
      ...asked.map((text) => ({ role: 'user', text })),
    ],
  };
}

function aWindow(change: Partial<SeenWindow> = {}): SeenWindow {
  const record = { id: 'ses_source', title: 'Source', metadata: {} };
  return {
    name: 'first',
    state: 'live',
    sessions: [{ id: 'ses_source', record, isBusy: false, isRunning: false }],
    waiting: [],
    ...change,
  };
}

function anExchange(change: Partial<SeenExchange> = {}): SeenExchange {
  return {
    method: 'POST',
    path: '/session/ses_source/prompt_async?directory=x',
    time: 0,
    reachedServer: true,
    serverStatus: 204,
    answered: 'whole',
    isHarmed: false,
    ...change,
  };
}

const failed = { kind: 'failed', sentence: 'It was not sent.' } as const;
const unknown = { kind: 'unknown', sentence: 'It is not known.' } as const;

describe('The judge of the campaign', () => {
  it('finds nothing wrong with what arrived once', () => {
    assert.deepEqual(judge(aSeen()), []);
  });

  it('finds nothing wrong with what did not arrive and is held, of which that was told', () => {
    const prompts = [aPrompt({ answer: failed, heldIn: ['composer'] })];
    assert.deepEqual(judge(aSeen({ prompts, sessions: [aSession({ messages: [] })], requests: [] })), []);
  });

  it('finds what is lost, whether or not a success was told', () => {
    const gone = { sessions: [aSession({ messages: [] })], requests: [] };
    assert.deepEqual(kinds(aSeen(gone)), ['success told that was none']);
    assert.deepEqual(kinds(aSeen({ ...gone, prompts: [aPrompt({ answer: failed })] })), ['lost']);
    const abandoned = aPrompt({ answer: undefined, isAbandoned: true });
    assert.deepEqual(kinds(aSeen({ ...gone, prompts: [abandoned] })), ['lost']);
  });

  it('finds what is doubled: on the server, before the model, within one request', () => {
    const twice = [aMessage(), anAnswer(), aMessage({ id: 'msg_3' }), anAnswer({ id: 'msg_4' })];
    assert.deepEqual(kinds(aSeen({ sessions: [aSession({ messages: twice })] })), ['doubled']);
    assert.deepEqual(kinds(aSeen({ requests: [aRequest(), aRequest()] })), ['doubled']);
    assert.deepEqual(kinds(aSeen({ requests: [aRequest('see to p1z', 'see to p1z')] })), ['doubled']);
  });

  it('takes what a fork copied neither for sent twice, nor for the prompt that a session was made for', () => {
    const fork = { id: 'ses_fork', title: 'Source (fork #1)' };
    const ofCopied = (isCopied: boolean, told: readonly string[] = []) => {
      const forked = aSession({ ...fork, messages: [aMessage({ id: 'msg_3', isCopied }), anAnswer()] });
      const sessions = [aSession(), forked];
      const shown = sessions.map(({ id, record }) => ({ id, record, isBusy: false, isRunning: false }));
      return kinds(aSeen({ told, sessions, windows: [aWindow({ sessions: shown })] }));
    };
    assert.deepEqual(ofCopied(true, ['“Source (fork #1)” was made, but its prompt did not arrive.']), []);
    assert.deepEqual(ofCopied(true), ['left behind']);
    assert.deepEqual(ofCopied(false), ['doubled', 'wrong session']);
  });

  it('does not take the next request of a turn, or of a later one, for a second beginning', () => {
    const request = aRequest();
    const later = { ...request, messages: [...request.messages, { role: 'assistant', text: 'done' }] };
    assert.deepEqual(judge(aSeen({ requests: [request, later] })), []);
  });

  it('finds another agent, another model and another session', () => {
    for (const change of [{ agent: 'build' }, { model: 'local/thinker' }]) {
      assert.deepEqual(kinds(aSeen({ sessions: [aSession({ messages: [aMessage(change), anAnswer()] })] })), [
        'wrong agent or model',
      ]);
    }
    assert.deepEqual(kinds(aSeen({ requests: [{ ...aRequest(), model: 'thinker' }] })), [
      'wrong agent or model',
    ]);
    const system = 'You review changes and say what is wrong with them.';
    assert.deepEqual(kinds(aSeen({ requests: [{ ...aRequest(), system }] })), ['wrong agent or model']);
    assert.deepEqual(kinds(aSeen({ prompts: [aPrompt({ sessionId: 'ses_other' })] })), ['wrong session']);
  });

  it('finds a failure that was told of what arrived, unless it was said to be unknown', () => {
    assert.deepEqual(kinds(aSeen({ prompts: [aPrompt({ answer: failed })] })), [
      'failure told of what arrived',
    ]);
    assert.deepEqual(judge(aSeen({ prompts: [aPrompt({ answer: unknown })] })), []);
  });

  it('finds what is offered again although it arrived', () => {
    for (const answer of [unknown, aPrompt().answer]) {
      const prompts = [aPrompt({ answer, heldIn: ['waiting'] })];
      assert.deepEqual(kinds(aSeen({ prompts })), ['offered again although it arrived']);
    }
  });

  it('finds what is stored and never answered, unless a killed server took it along and nothing follows', () => {
    const swallowed = { requests: [], sessions: [aSession({ messages: [aMessage()] })] };
    assert.deepEqual(kinds(aSeen(swallowed)), ['never answered']);
    assert.deepEqual(judge(aSeen({ ...swallowed, wasServerKilled: true })), []);
    const next = aMessage({ id: 'msg_3', text: 'go on' });
    const withEnd = (...end: readonly SeenMessage[]) => {
      const sessions = [aSession({ messages: [aMessage(), next, ...end] })];
      return kinds(aSeen({ requests: [], wasServerKilled: true, sessions }));
    };
    assert.deepEqual(withEnd(), []);
    assert.deepEqual(withEnd(anAnswer({ id: 'msg_4', parentId: 'msg_3' })), ['never answered']);
    assert.deepEqual(judge(aSeen({ ...swallowed, prompts: [aPrompt({ isAnswered: false })] })), []);
  });

  it('finds an error that was made for nobody to read', () => {
    const prompts = [
      aPrompt({ answer: { kind: 'failed', sentence: 'Error: aborted (no sentence)' }, heldIn: ['draft'] }),
    ];
    assert.deepEqual(kinds(aSeen({ prompts, sessions: [aSession({ messages: [] })], requests: [] })), [
      'no sentence',
    ]);
  });

  it('finds an act that never ends', () => {
    assert.deepEqual(kinds(aSeen({ prompts: [aPrompt({ answer: undefined })] })), ['never ends']);
  });

  it('finds what is out of order, and what was sent on after a cut', () => {
    const next = aMessage({ id: 'msg_3', text: 'see to p2z' });
    const end = anAnswer({ id: 'msg_4', parentId: 'msg_3' });
    const prompts = [aPrompt(), aPrompt({ id: 'p2z', afterId: 'p1z' })];
    const requests = [aRequest(), aRequest('see to p2z')];
    const ofMessages = (...messages: readonly SeenMessage[]) =>
      kinds(aSeen({ prompts, requests, sessions: [aSession({ messages })] }));
    assert.deepEqual(ofMessages(aMessage(), anAnswer(), next, end), []);
    assert.deepEqual(ofMessages(next, end, aMessage(), anAnswer()), ['out of order']);
    assert.deepEqual(ofMessages(aMessage(), next, end), ['sent on after a cut']);
    assert.deepEqual(ofMessages(aMessage(), anAnswer({ isCompleted: false }), next, end), [
      'sent on after a cut',
    ]);
    assert.deepEqual(ofMessages(aMessage(), anAnswer({ error: 'APIError' }), next, end), [
      'sent on after a cut',
    ]);
  });

  it('finds a session that is deleted after a prompt that the server took, or may have taken', () => {
    const deletion = anExchange({
      method: 'DELETE',
      path: '/session/ses_source',
      time: 5,
      serverStatus: 200,
    });
    const ofPrompt = (change: Partial<SeenExchange>) =>
      kinds(aSeen({ exchanges: [anExchange(change), deletion] }));
    assert.deepEqual(ofPrompt({}), ['deleted with a prompt in it']);
    assert.deepEqual(ofPrompt({ serverStatus: undefined }), ['deleted with a prompt in it']);
    assert.deepEqual(ofPrompt({ reachedServer: false, serverStatus: undefined }), []);
    assert.deepEqual(ofPrompt({ serverStatus: 400 }), []);
    assert.deepEqual(ofPrompt({ path: '/session/ses_other/prompt_async' }), []);
  });

  it('finds a session that is left behind', () => {
    const left = aSession({ id: 'ses_left', title: 'Handoff: Source', messages: [] });
    const record = left.record as { id: string };
    const known = { id: 'ses_left', record, isBusy: false, isRunning: false };
    const windows = [aWindow({ sessions: [...aWindow().sessions, known] })];
    const sessions = [aSession(), left];
    assert.deepEqual(kinds(aSeen({ sessions, windows })), ['left behind']);
    const answer = { kind: 'done', sessionId: 'ses_left' } as const;
    assert.deepEqual(judge(aSeen({ sessions, windows, prompts: [aPrompt({ answer })] })), []);
  });

  it('takes no session for left behind of which it was said that it was made without its prompt', () => {
    const made = { id: 'ses_fork', title: 'Source (fork #1)', messages: [] };
    const ofTold = (told: readonly string[], ...others: readonly Partial<SeenSession>[]) => {
      const sessions = [aSession(), ...[made, ...others].map((change) => aSession(change))];
      const shown = sessions.map(({ id, record }) => ({ id, record, isBusy: false, isRunning: false }));
      return kinds(aSeen({ told, sessions, windows: [aWindow({ sessions: shown })] }));
    };
    const said = '“Source (fork #1)” was made, but its prompt did not arrive. Send the draft again.';
    assert.deepEqual(ofTold([said]), []);
    const open = '“Source (fork #1)” was made, but it is not known yet whether its prompt arrived.';
    assert.deepEqual(ofTold([open]), []);
    assert.deepEqual(ofTold([`1 of 3 forks did not begin: Source (fork #1). ${said}`]), []);
    const renamed = '“Mine” (maybe still named “Source (fork #1)”) was made, but its prompt did not arrive.';
    assert.deepEqual(ofTold([renamed]), []);
    assert.deepEqual(ofTold([renamed.replace('Mine', 'Source (fork #1)').replace('#1)”)', '#2)”)')]), []);
    const typed = 'Your prompt was not sent; it stands in the composer of “Source (fork #1)”. Slow down';
    assert.deepEqual(ofTold([typed]), []);
    for (const another of [
      'The prompt did not reach OpenCode.',
      '“Source (fork #1)” was not forked.',
      '1 of 3 forks of “Source” did not begin: Source (fork #1).',
      '“Source (fork #2)” was made, but its prompt did not arrive. Send the draft again.',
      typed.replace('#1', '#2'),
      renamed.replace('#1', '#2'),
    ]) {
      assert.deepEqual(ofTold([another]), ['left behind']);
    }
    // One sentence is of one session: which of two is meant, nobody could tell.
    assert.deepEqual(ofTold([said], { ...made, id: 'ses_again' }), ['left behind']);
    const lost = aSeen({
      told: [said],
      prompts: [aPrompt({ sessionId: undefined, answer: { kind: 'failed', sentence: said } })],
      sessions: [aSession({ messages: [] })],
      requests: [],
    });
    assert.deepEqual(kinds(lost), ['lost']);
  });

  it('finds a compaction without a summary', () => {
    const request = aMessage({ id: 'msg_3', text: '', isCompaction: true });
    const summary = anAnswer({ id: 'msg_4', parentId: 'msg_3', isSummary: true });
    const ofEnd = (...end: readonly SeenMessage[]) =>
      kinds(aSeen({ sessions: [aSession({ messages: [aMessage(), anAnswer(), request, ...end] })] }));
    assert.deepEqual(ofEnd(summary), []);
    assert.deepEqual(ofEnd(), ['dangling compaction']);
    assert.deepEqual(ofEnd({ ...summary, error: 'MessageAbortedError' }), ['dangling compaction']);
  });

  it('finds a window that does not show what is on the server', () => {
    const record = { id: 'ses_source', title: 'Old title', metadata: {} };
    const own = { id: 'ses_source', record: aSession().record, isBusy: false, isRunning: false };
    for (const window of [
      aWindow({ state: 'failed' }),
      aWindow({ sessions: [] }),
      aWindow({ sessions: [{ ...own, record }] }),
      aWindow({ sessions: [{ ...own, record: { ...record, title: 'Source', metadata: { a: 1 } } }] }),
      aWindow({ sessions: [{ ...own, isBusy: true }] }),
      aWindow({ sessions: [{ ...own, isRunning: true }] }),
      aWindow({ sessions: [own, { ...own, id: 'ses_gone' }] }),
    ]) {
      assert.deepEqual(kinds(aSeen({ windows: [window] })), ['not equal to the server']);
    }
  });

  it('finds what waits in an idle session without a reason, or is said for ever to be on its way', () => {
    const waiting = {
      sessionId: 'ses_source',
      text: 'see to p9z',
      isBeingSent: false,
      reason: undefined,
    };
    const ofWaiting = (change: Partial<WaitingPrompt>) =>
      kinds(aSeen({ windows: [aWindow({ waiting: [{ ...waiting, ...change }] })] }));
    assert.deepEqual(ofWaiting({}), ['waits without a reason']);
    assert.deepEqual(ofWaiting({ isBeingSent: true }), ['waits without a reason']);
    assert.deepEqual(ofWaiting({ reason: 'The turn before it failed.' }), []);
    const explained = { ...waiting, reason: 'The turn before it failed.' };
    const inOrder = (...all: readonly WaitingPrompt[]) =>
      kinds(aSeen({ windows: [aWindow({ waiting: all })] }));
    assert.deepEqual(inOrder(explained, waiting), []);
    assert.deepEqual(inOrder(waiting, explained), ['waits without a reason']);
  });

  it('finds a loop without a pause', () => {
    const every = (milliseconds: number) =>
      Array.from({ length: 20 }, (_, index) =>
        anExchange({
          time: index * milliseconds,
          serverStatus: undefined,
          reachedServer: false,
          isHarmed: true,
        }),
      );
    assert.deepEqual(kinds(aSeen({ exchanges: every(30) })), ['hot loop']);
    assert.deepEqual(judge(aSeen({ exchanges: every(500) })), []);
  });

  it('finds a loop also of what succeeds: many writes, or more requests than anybody needs', () => {
    const all = (method: string, count: number) =>
      Array.from({ length: count }, (_, index) => anExchange({ method, time: index * 20 }));
    assert.deepEqual(kinds(aSeen({ exchanges: all('PATCH', 20) })), ['hot loop']);
    assert.deepEqual(judge(aSeen({ exchanges: all('GET', 40) })), []);
    assert.deepEqual(kinds(aSeen({ exchanges: all('GET', 80) })), ['hot loop']);
  });
});
