import assert from 'node:assert/strict';
import { firstWords } from '../../../src/core/prompts/firstWords.ts';
import { LedgerBook, listedLimit, toEntry, toLedgerLine } from '../../../src/core/prompts/ledger.ts';
import type { LedgerLine } from '../../../src/protocol/ledger.ts';
import { aDelivery } from './builders.ts';

function aLine(given: Partial<LedgerLine> = {}): LedgerLine {
  const line = toLedgerLine(aDelivery, 1000);
  assert.ok(line !== undefined);
  return { ...line, ...given };
}

describe('the account of what was sent', () => {
  it('keeps each prompt as it is known last, whoever knew it and in whatever order it is read', () => {
    const book = new LedgerBook();
    book.add([
      aLine({ state: { kind: 'stored' }, changed: 3000 }),
      aLine({ changed: 2000 }),
      aLine({ messageId: 'msg_2', time: 1500 }),
    ]);
    assert.deepEqual(
      book.all().map(({ messageId, state }) => `${messageId} ${state.kind}`),
      ['msg_2 sending', 'msg_1 stored'],
    );
  });

  it('knows one that arrived although the clock of its first line was ahead', () => {
    const ahead = aLine({ changed: 90_000_000 });
    const stored = aLine({ state: { kind: 'stored' }, changed: 2000 });
    const ended = aLine({ state: { kind: 'ended', how: 'answered' }, changed: 3000 });
    // The file of the day ahead is read last.
    for (const lines of [
      [ahead, stored, ended],
      [stored, ended, ahead],
      [aLine({ state: { kind: 'started' }, changed: 90_000_000 }), ended],
    ]) {
      const book = new LedgerBook();
      book.add(lines);
      assert.equal(book.get('msg_1')?.state.kind, 'ended');
    }
    const gone = aLine({ state: { kind: 'absent', reason: 'It was taken out.' }, changed: 4000 });
    const book = new LedgerBook();
    book.add([ended, gone]);
    assert.equal(book.get('msg_1')?.state.kind, 'absent');
  });

  it('lists no more than so many, those sent last, and says how many it left out', () => {
    const book = new LedgerBook();
    const lines = Array.from({ length: listedLimit + 3 }, (_, index) =>
      aLine({ messageId: `msg_${index}`, time: index }),
    );
    book.add(lines);
    assert.deepEqual([book.all().length, book.dropped, book.get('msg_2')], [listedLimit, 3, undefined]);
    assert.equal(book.all()[0]?.messageId, `msg_${listedLimit + 2}`);
  });

  it('says that it is not known what became of one whose sender was not heard of again', () => {
    assert.deepEqual(toEntry(aLine(), 2000).state, { kind: 'sending' });
    assert.deepEqual(toEntry(aLine(), 100_000).state, { kind: 'unknown' });
    assert.deepEqual(toEntry(aLine({ state: { kind: 'accepted' } }), 100_000).state, {
      kind: 'unknown',
      isAccepted: true,
    });
    assert.deepEqual(toEntry(aLine({ state: { kind: 'stored' } }), 100_000).state, { kind: 'stored' });
  });

  it('keeps nothing of one that only waits: it was not sent', () => {
    assert.equal(toLedgerLine({ ...aDelivery, state: { kind: 'waiting', reason: 'Busy.' } }, 1), undefined);
  });
});

describe('the first words of a prompt', () => {
  const secrets = [
    'use sk-ant-REDACTED please',
    'log in with ghp_16C7e42F292c6912E7710c838347Ae178B4a',
    'password: hunter2 is what it is',
    'API_KEY=abcdef and go on',
    'send "Authorization: Bearer abc.def-ghi" along',
    'clone https://me:s3cret@example.org/x.git',
    'aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfi',
    'SECRET_KEY=dj4ng0 is set',
    'PRIVATE_KEY: 0xdeadb33f',
    'DB_PASS=h0rse is set',
    'password: "correct horse battery" is what it is',
    'password: "correct horse battery',
    'connect to postgres://me:p@s3cret@db/x',
    'connect to redis://:s3cret@cache:6379',
    'password: p@s3cret',
    'the value is Zm9vYmFyMTIzNDU2Nzg5MGFiY2RlZg',
  ];
  for (const text of secrets) {
    it(`hold no secret: ${text}`, () => {
      const words = firstWords(text);
      assert.match(words, /•••/);
      assert.doesNotMatch(
        words,
        /abcdefgh|16C7e42F|hunter2|abcdef|abc\.def|s3cret|Zm9vYmFy|wJalr|K7MD|bPxR|dj4ng0|deadb33f|h0rse|horse/,
      );
    });
  }

  it('are what was said otherwise, in one line', () => {
    assert.equal(
      firstWords('Fix the token refresh\nin src/auth/refresh.ts'),
      'Fix the token refresh in src/auth/refresh.ts',
    );
    assert.equal(
      firstWords('Ask http://localhost:4096/doc at 2@me'),
      'Ask http://localhost:4096/doc at 2@me',
    );
    assert.equal(
      firstWords('See ses_0123456789abcdefghijABCDEF of it'),
      'See ses_0123456789abcdefghijABCDEF of it',
    );
    assert.ok(firstWords('word '.repeat(100)).length <= 80);
  });
});
