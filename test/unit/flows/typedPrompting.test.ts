import assert from 'node:assert/strict';
import { NotFoundProblem, Problem } from '../../../src/core/errors.ts';
import { Emitter } from '../../../src/core/event.ts';
import type { Outcome } from '../../../src/core/turns/outcome.ts';
import { Attempts } from '../../../src/flows/prompting/attempts.ts';
import { Deliveries } from '../../../src/flows/prompting/deliveries.ts';
import { messageIdOf, type Outgoing, wordsOf } from '../../../src/flows/prompting/outgoing.ts';
import type { PromptDoor } from '../../../src/flows/prompting/promptDoor.ts';
import { TypedPrompting } from '../../../src/flows/prompting/typedPrompting.ts';
import type { MessageWithParts } from '../../../src/protocol/records.ts';
import { aServer } from '../commands/commands.ts';
import { anAnswer, aSession, aUserMessage } from '../core/builders.ts';
import { aStore } from '../core/stores.ts';
import { Memory } from '../views/memory.ts';
import { SwitchedHold } from '../core/switchedHold.ts';

/** A session of which the server says that it is idle, and a door that stores what it is given. */
function setUp() {
  const session = aSession({ id: 'ses_1', directory: '/work' });
  const messages: MessageWithParts[] = [];
  const { openCode, offers } = aServer({
    listMessages: () => ({ messages }),
    listCommands: () => [{ name: 'commit', template: '', model: 'local/small' }],
    getSession: () => {
      throw new NotFoundProblem('There is no such session.');
    },
  });
  const reported: unknown[] = [];
  const sessions = aStore([session]);
  const deliveries = new Deliveries(new Memory());
  const sent: string[] = [];
  const outgoings: Outgoing[] = [];
  /** Texts that the server refuses. */
  const refuse = new Set<string>();
  const send: PromptDoor['send'] = async ({ id, directory }, outgoing, given) => {
    const cause = typeof given === 'string' ? given : given.cause;
    const messageId = messageIdOf(outgoing);
    const { agent, text } = wordsOf(outgoing);
    const entry = { messageId, sessionId: id, directory, cause, agent, text, time: 0 };
    deliveries.write({ ...entry, state: { kind: 'sending' } });
    await Promise.resolve();
    if (refuse.has(text)) {
      deliveries.set(messageId, { kind: 'absent', reason: 'Slow down.' });
      throw new Problem('Slow down.');
    }
    sent.push(text);
    outgoings.push(outgoing);
    deliveries.set(messageId, { kind: 'stored' });
    return { messageId, answering: Promise.resolve(undefined), ended: new Promise(() => undefined) };
  };
  const didSettle = new Emitter<{ sessionId: string; outcome: Outcome }>();
  const typing = new TypedPrompting({
    sessions,
    openCode,
    offers,
    door: { send, hasArrived: async () => false, onDidJudge: new Emitter<never>().event },
    deliveries,
    hold: new SwitchedHold(),
    attempts: new Attempts({ now: () => 1, random: Math.random }, new Memory(), String),
    onDidSettle: didSettle.event,
    maySendTo: async () => true,
    onDidGoLive: new Emitter<void>().event,
    findKind: async () => 'file',
    startTimer: () => ({ dispose: () => undefined }),
    report: (error) => reported.push(error),
    memento: new Memory(),
    log: { debug() {}, info() {}, warn() {}, error() {} },
  });
  const end = async (text: string): Promise<void> => {
    const entry = deliveries.of('ses_1').find((candidate) => candidate.text === text);
    deliveries.set(entry?.messageId ?? '', { kind: 'ended', how: 'answered' });
    await new Promise(setImmediate);
  };
  /** A run of another client. */
  const setStatus = (type: 'busy' | 'idle'): void =>
    sessions.apply({ type: 'session.status', properties: { sessionID: 'ses_1', status: { type } } });
  const settle = async (outcome: Outcome): Promise<void> => {
    setStatus('idle');
    didSettle.fire({ sessionId: 'ses_1', outcome });
    await new Promise(setImmediate);
  };
  const vanish = async (): Promise<void> => {
    sessions.apply({ type: 'session.deleted', properties: { info: session } });
    await new Promise(setImmediate);
  };
  return { typing, sent, outgoings, refuse, end, messages, setStatus, settle, vanish, reported };
}

describe('what waits for a session', () => {
  it('goes into the running turn where a person wants it now', async () => {
    const { typing, sent, setStatus } = setUp();
    setStatus('busy');
    for (const text of ['one', 'two']) await typing.send('ses_1', { text }, 'queue');
    const [, second] = typing.queue.of('ses_1');
    await typing.queue.sendNow('ses_1', second?.id ?? '');
    assert.deepEqual(sent, ['two']);
    assert.deepEqual(
      typing.queue.of('ses_1').map(({ text }) => text),
      ['one'],
    );
    typing.dispose();
  });

  it('stands in its composer where the session is deleted, and a person hears of it', async () => {
    const { typing, sent, setStatus, vanish, reported } = setUp();
    setStatus('busy');
    await typing.send('ses_1', { text: 'one' }, 'queue');
    await typing.send('ses_1', { text: 'two', attachments: [{ kind: 'file', path: '/a.ts' }] }, 'queue');
    typing.drafts.set('ses_1', { text: 'half a thought' });
    const given: unknown[] = [];
    typing.onDidGiveBack(({ sessionId, draft }) => given.push([sessionId, draft.text]));
    await vanish();
    assert.deepEqual([typing.queue.of('ses_1'), sent], [[], []]);
    assert.deepEqual(given, [['ses_1', 'one\n\ntwo']]);
    const { text, attachments } = typing.drafts.get('ses_1');
    assert.deepEqual([text, attachments?.length], ['one\n\ntwo\n\nhalf a thought', 1]);
    assert.match(String(reported), /deleted before the prompt “one\s+two”/);
    typing.dispose();
  });
});

describe('what is typed behind a prompt that was sent a moment ago', () => {
  it('waits for the end of its turn, also where the server has not said yet that it works', async () => {
    const { typing, sent, end } = setUp();
    await typing.send('ses_1', { text: 'one' }, 'queue');
    await typing.send('ses_1', { text: 'two' }, 'queue');
    assert.deepEqual(sent, ['one']);
    assert.deepEqual(
      typing.queue.of('ses_1').map(({ text }) => text),
      ['two'],
    );
    await end('one');
    assert.deepEqual(sent, ['one', 'two']);
    typing.dispose();
  });

  it('waits for it also while that is still on its way', async () => {
    const { typing, sent } = setUp();
    await Promise.all([
      typing.send('ses_1', { text: 'one' }, 'queue'),
      typing.send('ses_1', { text: 'two' }, 'queue'),
    ]);
    assert.deepEqual(sent, ['one']);
    typing.dispose();
  });

  it('is sent where that was refused', async () => {
    const { typing, sent, refuse } = setUp();
    refuse.add('one');
    const first = typing.send('ses_1', { text: 'one' }, 'queue');
    const second = typing.send('ses_1', { text: 'two' }, 'queue');
    await assert.rejects(first, /Slow down/);
    await second;
    await new Promise(setImmediate);
    assert.deepEqual(sent, ['two']);
    typing.dispose();
  });

  it('goes into its turn where it is to steer it', async () => {
    const { typing, sent } = setUp();
    await typing.send('ses_1', { text: 'one' }, 'queue');
    await typing.send('ses_1', { text: 'two' }, 'steer');
    assert.deepEqual(sent, ['one', 'two']);
    typing.dispose();
  });
});

describe('what is typed behind a run of another client', () => {
  it('is sent when that is over, also where nobody saw how it ended', async () => {
    const { typing, sent, setStatus, settle } = setUp();
    setStatus('busy');
    await typing.send('ses_1', { text: 'one' }, 'queue');
    assert.deepEqual(sent, []);
    await settle({ kind: 'unseen' });
    assert.deepEqual(sent, ['one']);
    typing.dispose();
  });

  it('says why it waits where that did not end well', async () => {
    const { typing, sent, messages, setStatus, settle } = setUp();
    setStatus('busy');
    await typing.send('ses_1', { text: 'one' }, 'queue');
    messages.push(aUserMessage('msg_1'), anAnswer('msg_2', 'msg_1', { error: 'Slow down.' }));
    await settle({ kind: 'unseen' });
    assert.deepEqual(sent, []);
    assert.match(typing.queue.of('ses_1')[0]?.why ?? '', /Slow down/);
    typing.dispose();
  });
});

describe('a text that was not typed into a composer', () => {
  it('is sent as it stands, and stands in the composer as text where it is not taken', async () => {
    const { typing, outgoings, refuse } = setUp();
    const session = aSession({ id: 'ses_1', directory: '/work' });
    const target = async () => ({ agent: 'build', model: { providerID: 'local', modelID: 'echo' } });
    await typing.sendText(session, { text: '!important' }, target);
    assert.deepEqual(outgoings.map(wordsOf), [{ agent: 'build', text: '!important' }]);
    refuse.add('/commit all');
    const told: unknown[] = [];
    typing.onDidGiveBack(({ draft }) => told.push(draft));
    await assert.rejects(typing.sendText(session, { text: '/commit all' }, target), /Slow down/);
    assert.deepEqual(typing.drafts.get('ses_1'), { text: ' /commit all' });
    assert.deepEqual(told, [{ text: ' /commit all' }]);
    typing.dispose();
  });
});

describe('a prompt that was sent before', () => {
  it('is sent again with its files as a new message, and leaves what stands in the composer', async () => {
    const { typing, outgoings, refuse, end } = setUp();
    const session = aSession({ id: 'ses_1', directory: '/work' });
    const draft = { text: 'Once more', attachments: [{ kind: 'file' as const, path: '/work/a.ts' }] };
    typing.drafts.set('ses_1', { text: 'half a thought' });
    await typing.sendAgain(session, 'msg_1', async () => draft);
    const [first] = outgoings;
    assert.ok(first?.kind === 'prompt');
    assert.deepEqual(
      first.prompt.parts.map(({ type }) => type),
      ['text', 'file'],
    );
    assert.deepEqual(typing.drafts.get('ses_1'), { text: 'half a thought' });
    await end('Once more');
    refuse.add('Once more');
    await assert.rejects(
      typing.sendAgain(session, 'msg_1', async () => ({ ...draft })),
      /Slow down/,
    );
    assert.match(typing.drafts.get('ses_1').text, /Once more[^]*half a thought/);
    typing.dispose();
  });

  it('is sent once for two clicks, and found anew for a later one', async () => {
    const { typing, sent, outgoings } = setUp();
    const session = aSession({ id: 'ses_1', directory: '/work' });
    let found = 0;
    const again = (): Promise<void> =>
      typing.sendAgain(session, 'msg_1', async () => {
        found += 1;
        if (outgoings.length > 0) throw new Problem('There is a newer one.');
        return { text: 'Once more' };
      });
    await Promise.all([again(), again()]);
    assert.equal(found, 1);
    assert.equal(typing.isFree('ses_1'), false);
    await assert.rejects(again(), /newer/);
    assert.deepEqual([sent, typing.queue.of('ses_1')], [['Once more'], []]);
    assert.deepEqual(typing.drafts.get('ses_1'), { text: '' });
    typing.dispose();
  });

  it('tells the page that shows the session when it stands there again', async () => {
    const { typing, refuse } = setUp();
    const session = aSession({ id: 'ses_1', directory: '/work' });
    const told: unknown[] = [];
    typing.onDidGiveBack((given) => told.push(given));
    refuse.add('!important');
    const again = typing.sendAgain(session, 'msg_1', async () => ({ text: ' !important' }));
    await assert.rejects(again, /Slow down/);
    const draft = { text: ' !important' };
    assert.deepEqual(told, [{ sessionId: 'ses_1', draft, problem: 'Slow down.' }]);
    typing.dispose();
  });

  it('stays a prompt also where it has to wait', async () => {
    const { typing, outgoings, end } = setUp();
    await typing.send('ses_1', { text: 'one' }, 'queue');
    const draft = { text: ' !rm -rf build' };
    await typing.sendAgain(aSession({ id: 'ses_1' }), 'msg_1', async () => draft);
    assert.equal(outgoings.length, 1);
    await end('one');
    assert.deepEqual([outgoings[1]?.kind, outgoings.length], ['prompt', 2]);
    typing.dispose();
  });

  it('leaves the next one with whom a command was given to, where that has a model of its own', async () => {
    const { typing, outgoings } = setUp();
    const session = aSession({ id: 'ses_1', directory: '/work' });
    const model = { providerID: 'local', modelID: 'echo' };
    await typing.send('ses_1', { text: '/commit all', agent: 'plan' }, 'queue');
    const [messageId = ''] = outgoings.map(messageIdOf);
    const typed = typing.typed.find(messageId);
    assert.deepEqual(typed, { text: '/commit all', agent: 'plan', model });
    const told: unknown[] = [];
    typing.onDidKeepTarget((kept) => told.push(kept));
    for (const [stood, stands] of [
      [{ text: 'half a thought' }, { text: 'half a thought', agent: 'plan', model }],
      [
        { text: '', agent: 'build' },
        { text: '', agent: 'build', model },
      ],
    ] as const) {
      typing.drafts.set('ses_1', stood);
      await typing.sendAgain(session, messageId, async () => ({ ...typed }));
      assert.deepEqual(typing.drafts.get('ses_1'), stands);
    }
    const kept = { sessionId: 'ses_1', picked: {}, kept: { agent: 'plan', model } };
    assert.deepEqual(told, [kept, kept]);
    typing.dispose();
  });
});

describe('who is to answer the next prompt', () => {
  it('is picked in place of what was picked, and the page that shows the session hears of it', () => {
    const { typing } = setUp();
    const model = { providerID: 'local', modelID: 'echo' };
    const told: unknown[] = [];
    typing.onDidKeepTarget((kept) => told.push(kept));
    typing.drafts.set('ses_1', { text: 'half a thought', agent: 'build', model });
    typing.pick('ses_1', { agent: 'plan' });
    assert.deepEqual(typing.drafts.get('ses_1'), { text: 'half a thought', agent: 'plan', model });
    const kept = { agent: 'plan', model };
    assert.deepEqual(told, [{ sessionId: 'ses_1', picked: { agent: 'build', model }, kept }]);
    typing.dispose();
  });
});
