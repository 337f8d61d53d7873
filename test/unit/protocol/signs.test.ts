import assert from 'node:assert/strict';
import { TypingSessions, typingSpan } from '../../../src/core/state/typing.ts';
import { parseCompanionAnswer, signPrefix } from '../../../src/protocol/companion.ts';
import {
  parseReceive,
  parseTyping,
  printReceive,
  printTyping,
  type Receive,
  receiveWords,
  stricter,
} from '../../../src/protocol/signs.ts';
import { ReceivePolicy } from '../../../src/companion/executor/receivePolicy.ts';
import { aProof } from '../core/builders.ts';

describe('what an editor says of the person before it', () => {
  const typing = { sessionID: 'ses_1', isTyping: true };
  const receive = { receive: 'hold' as const, time: 7, proof: 'p' };

  it('is read as it was written, and as nothing else', () => {
    assert.deepEqual(parseTyping(printTyping(typing)), typing);
    assert.deepEqual(parseReceive(printReceive(receive)), receive);
    for (const text of [printTyping(typing), printReceive(receive)]) {
      assert.ok(text.startsWith(signPrefix));
      assert.equal(parseCompanionAnswer(text), undefined);
    }
    assert.equal(parseReceive(printTyping(typing)), undefined);
    for (const said of ['', '{', '[]', '{"sessionID":1}', '{"receive":"all","time":1,"proof":""}']) {
      assert.equal(parseTyping(`${signPrefix}typing:${said}`), undefined);
      assert.equal(parseReceive(`${signPrefix}receive:${said}`), undefined);
    }
  });
});

describe('the sessions in which somebody types', () => {
  it('are those of the last seconds, until it is said that nobody does any more', () => {
    let now = 1000;
    const sessions = new TypingSessions(() => now);
    const tell = (isTyping: boolean): void =>
      sessions.apply({ type: 'person.typing', properties: { sessionID: 'ses_1', isTyping } });
    assert.equal(sessions.remaining('ses_1'), 0);
    tell(true);
    assert.equal(sessions.remaining('ses_1'), typingSpan);
    now += typingSpan - 1;
    assert.equal(sessions.remaining('ses_1'), 1);
    now += 1;
    assert.equal(sessions.remaining('ses_1'), 0);
    tell(true);
    tell(false);
    assert.equal(sessions.remaining('ses_1'), 0);
  });

  it('do not stay so because a clock was set back', () => {
    let now = 1_000_000;
    const sessions = new TypingSessions(() => now);
    sessions.note('ses_1', true);
    now = 0;
    assert.equal(sessions.remaining('ses_1'), typingSpan);
  });
});

describe('what becomes of the messages of other sessions', () => {
  const proof = aProof();
  const folders = new Map<string, Map<string, unknown>>();
  const kept = (directory: string) => {
    const values = folders.get(directory) ?? new Map<string, unknown>();
    folders.set(directory, values);
    return {
      get: <T>(key: string, fallback: T): T => (values.get(key) as T | undefined) ?? fallback,
      update: async (key: string, value: unknown): Promise<void> => void values.set(key, value),
    };
  };
  const policyOf = (receive?: Receive): ReceivePolicy =>
    new ReceivePolicy({ receive, directory: '/a', kept, proof });
  const said = (receive: Receive, time: number, directory = '/a') => {
    const words = receiveWords(directory, { receive, time });
    return {
      type: 'person.receives' as const,
      properties: { receive, time, directory, proof: proof.make(words) },
    };
  };

  beforeEach(() => folders.clear());

  it('is the stricter of two', () => {
    assert.equal(stricter('accept', 'hold'), 'hold');
    assert.equal(stricter('refuse', 'hold'), 'refuse');
    assert.equal(stricter('accept', 'accept'), 'accept');
  });

  it('is what the editor said last, also once it is closed and in another folder of the project', () => {
    const policy = policyOf();
    assert.equal(policy.of('/a'), 'accept');
    policy.take(said('refuse', 1));
    assert.equal(policy.of('/a'), 'refuse');
    assert.equal(policyOf().of('/a'), 'refuse', 'a server that started anew');
    policy.take(said('accept', 2));
    assert.equal(policy.of('/a'), 'accept');
    policy.take(said('hold', 3, '/b'));
    assert.deepEqual([policy.of('/a'), policy.of('/b')], ['accept', 'hold']);
  });

  it('gets no looser by an old word said again, by one that proves nothing, or by a configuration', () => {
    const policy = policyOf('hold');
    const old = said('accept', 1);
    policy.take(old);
    assert.equal(policy.of('/a'), 'hold', 'the configuration lets less through');
    policy.take(said('refuse', 2));
    policy.take(old);
    assert.equal(policy.of('/a'), 'refuse');
    policy.take({ ...old, properties: { ...old.properties, time: 9 } });
    assert.equal(policy.of('/a'), 'refuse');
  });

  it('gets stricter by whoever asks for it', () => {
    const policy = policyOf();
    const { type, properties } = said('hold', 1);
    policy.take({ type, properties: { ...properties, proof: 'none' } });
    assert.equal(policy.of('/a'), 'hold');
  });
});
