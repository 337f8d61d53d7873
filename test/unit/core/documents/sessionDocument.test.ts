import assert from 'node:assert/strict';
import MarkdownIt from 'markdown-it';
import { parseDocumentQuery, toDocumentPath } from '../../../../src/core/documents/documentAddress.ts';
import { buildDocumentHead } from '../../../../src/core/documents/documentHead.ts';
import { toText } from '../../../../src/core/documents/documentStages.ts';
import { type PassageGiven, toPassage } from '../../../../src/core/documents/passage.ts';
import { SessionDocument } from '../../../../src/core/documents/sessionDocument.ts';
import { toMessageHead, toPartEntry } from '../../../../src/core/entries/transcriptEntry.ts';
import type { MessageWithParts, Session } from '../../../../src/protocol/records.ts';
import { anAnswer, aToolCall, aUserMessage } from '../builders.ts';
import { assertGolden } from '../golden.ts';
import { sampleSession } from './sampleSession.ts';

const given: PassageGiven = { directory: '/work/shop', isLive: false, withOutputs: true };

function passageOf({ info, parts }: MessageWithParts, changed: Partial<PassageGiven> = {}) {
  const entry = { ...toMessageHead(info), parts: parts.map((part) => toPartEntry(part)) };
  return toPassage(entry, { ...given, ...changed });
}

function build(
  messages: readonly MessageWithParts[],
  revert?: Session['revert'],
  head: string[] = [],
): string {
  const document = new SessionDocument();
  for (const message of messages) document.put(passageOf(message));
  return toText(document.units(head, revert)).trim();
}

const headings = (text: string): string[] => {
  const tokens = new MarkdownIt().parse(text, {});
  return tokens.flatMap(({ type, tag }, index) =>
    type === 'heading_open' ? `${'#'.repeat(Number(tag.slice(1)))} ${tokens[index + 1]?.content}` : [],
  );
};

describe('a session as a document', () => {
  it('has a heading for each prompt, each agent, each call, and what came of them', () => {
    const head = buildDocumentHead({
      title: 'Migrate the [basket] to cents',
      created: Date.UTC(2026, 10, 28, 14, 3),
      directory: '/work/shop',
      isRest: false,
      notices: ['Not current since 14:03: the connection to the server is lost.'],
    });
    assertGolden('session-document', build(sampleSession, undefined, [...head]));
  });

  it('has an outline: turns, then who answers, then calls and what was said between them', () => {
    assert.deepEqual(headings(build(sampleSession)).slice(0, 9), [
      '## You: Migrate the basket',
      '#### Migrate the basket',
      '### build · echo',
      String.raw`#### Read ${'`src/basket.ts`'} · lines 1–20`,
      '#### Searched for `` total(`x`) `` · 3 matches',
      '### build: Three places use it.',
      '#### Edited `src/basket.ts` · +2 −1',
      '#### Ran `npm test && npm run lint` · exit code 1 · 1 min 5 s',
      String.raw`#### Could not fetch ${'`https://example.com/a_b`'} · No network. Try again.`,
    ]);
  });

  it('does not depend on the order in which the messages came', () => {
    const whole = build(sampleSession);
    assert.equal(build(sampleSession.toReversed()), whole);
    assert.equal(build([...sampleSession.slice(5), ...sampleSession.slice(0, 7)]), whole);
  });

  it('goes on under a heading of its own after a call, and under the same one without', () => {
    const call = aToolCall('bash', { command: 'ls' });
    const prompt = aUserMessage('msg_1', { text: 'Go' });
    const calling = anAnswer('msg_2', 'msg_1', { finish: 'tool-calls', parts: [call] });
    const text = build([prompt, calling, anAnswer('msg_3', 'msg_1', { text: 'So it is.' })]);
    assert.deepEqual(headings(text), [
      '## You: Go',
      '### build · echo',
      '#### Ran `ls`',
      '### build: So it is.',
    ]);
    const saying = anAnswer('msg_2', 'msg_1', { finish: 'tool-calls', text: 'Well' });
    const said = build([prompt, saying, anAnswer('msg_3', 'msg_1', { text: 'So it is.' })]);
    assert.deepEqual(headings(said), ['## You: Go', '### build · echo']);
  });

  it('says how much of a long result it shows, and of the oldest ones only how much that was', () => {
    const message = anAnswer('msg_2', 'msg_1', {
      parts: [aToolCall('bash', { command: 'ls' }, { output: `begin ${'x'.repeat(5000)} end` })],
    });
    const text = build([message]);
    assert.match(text, /x end\n```\n\n\*The last 2000 of 5010 characters; the session has all of them\.\*/);
    const lean = passageOf(message, { withOutputs: false }).blocks;
    assert.deepEqual(lean, ['#### Ran `ls`', '*5010 characters came of it; the session has them.*']);
  });

  it('leaves out what a revert took back, and says how much', () => {
    const messages = [
      aUserMessage('msg_1', { text: 'One' }),
      anAnswer('msg_2', 'msg_1'),
      aUserMessage('msg_3'),
    ];
    assert.equal(
      build(messages, { messageID: 'msg_2' }),
      '## You: One\n\nOne\n\n---\n\n*2 reverted messages are left out.*',
    );
    const parts = [
      { type: 'text', text: 'Kept.' },
      { type: 'text', text: 'Gone.' },
    ];
    const passage = passageOf(anAnswer('msg_2', 'msg_1', { parts }), { until: 'prt_msg_2_1' });
    assert.deepEqual(passage.blocks, ['Kept.']);
  });

  it('says that an answer has no end only where nobody is at it', () => {
    const message = anAnswer('msg_2', 'msg_1', { running: true, text: 'Once' });
    assert.match(passageOf(message).blocks.join('\n'), /has no end/);
    assert.deepEqual(passageOf(message, { isLive: true }).blocks, ['Once']);
  });

  it('has nothing in it that the editor takes for another kind of file, or for a line of another kind', () => {
    const text = 'a\u0000b\r\nc\u2028d\ud800';
    assert.doesNotMatch(
      build([
        aUserMessage('msg_1', { text }),
        anAnswer('msg_2', 'msg_1', { parts: [aToolCall('bash', { command: text }, { output: text })] }),
      ]),
      /[\p{Cs}\p{Zl}\r]|(?!\n)\p{Cc}/u,
    );
  });

  it('begins after a message where it is told to', () => {
    const [one, two, three] = [
      aUserMessage('msg_1'),
      anAnswer('msg_2', 'msg_1'),
      aUserMessage('msg_3', { text: 'Here' }),
    ];
    const document = new SessionDocument();
    for (const message of [one, two, three]) document.put(passageOf(message));
    document.beginAfter(passageOf(two));
    document.put(passageOf(one));
    assert.equal(toText(document.units([], undefined)).trim(), '## You: Here\n\nHere');
  });
});

describe('the address of a document', () => {
  it('names the session, its folder and the message after which it begins', () => {
    const name = { sessionId: 'ses_1', directory: '/work/a&b=c ü', after: 'msg_1' };
    const { path, query } = toDocumentPath({ ...name, title: 'a/b: c' });
    assert.equal(path, '/a b c.md');
    assert.deepEqual(parseDocumentQuery(query), name);
    assert.deepEqual(parseDocumentQuery(toDocumentPath({ sessionId: 'ses_1', title: '' }).query), {
      sessionId: 'ses_1',
    });
  });

  it('is none of ours where it names anything else', () => {
    for (const query of [
      '',
      'session',
      'session=',
      'session=../x',
      'session=%',
      'session=ses_1&after=1',
      '{"a":1}',
    ]) {
      assert.equal(parseDocumentQuery(query), undefined, query);
    }
  });
});
