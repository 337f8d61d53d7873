import assert from 'node:assert/strict';
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LedgerFiles } from '../../../src/server/ledgerFiles.ts';
import type { LedgerLine } from '../../../src/protocol/ledger.ts';

const day = 24 * 60 * 60_000;
const warned: string[] = [];
const log = {
  debug: assert.fail,
  info: assert.fail,
  warn: (text: string) => warned.push(text),
  error: assert.fail,
};

function aLine(messageId: string): LedgerLine {
  return {
    messageId,
    sessionId: 'ses_1',
    directory: '/work',
    cause: 'relay',
    by: { kind: 'agent', session: 'ses_2', agent: 'plan' },
    agent: 'build',
    text: 'Größe: 7 “x”',
    time: 1,
    state: { kind: 'unknown', isAccepted: true },
    changed: 2,
  };
}

describe('the files of what was sent', () => {
  let storage: string;
  let now: number;
  const open = (): LedgerFiles => new LedgerFiles(storage, log, () => now);
  const idsOf = (lines: readonly LedgerLine[]): string[] => lines.map(({ messageId }) => messageId);
  beforeEach(() => {
    now = Date.UTC(2026, 10, 30, 12);
    storage = mkdtempSync(join(tmpdir(), 'ledger-'));
    warned.length = 0;
  });
  afterEach(() => rmSync(storage, { recursive: true, force: true }));

  it('give each what all have written, once, and all of it to whoever comes later', async () => {
    const [one, other] = [open(), open()];
    assert.deepEqual(await one.readNew(), []);
    one.append(aLine('msg_1'));
    other.append(aLine('msg_2'));
    assert.deepEqual(await one.readNew(), [aLine('msg_1'), aLine('msg_2')]);
    other.append(aLine('msg_3'));
    assert.deepEqual(idsOf(await one.readNew()), ['msg_3']);
    assert.deepEqual(idsOf(await one.readNew()), []);
    assert.deepEqual(idsOf(await open().readNew()), ['msg_1', 'msg_2', 'msg_3']);
  });

  it('lose nothing but a line that was cut off', async () => {
    const files = open();
    files.append(aLine('msg_1'));
    const [name = ''] = readdirSync(join(storage, 'deliveries'));
    appendFileSync(join(storage, 'deliveries', name), '{"messageId":"msg_cut');
    const reader = open();
    assert.deepEqual(idsOf(await reader.readNew()), ['msg_1']);
    files.append(aLine('msg_2'));
    assert.deepEqual(idsOf(await reader.readNew()), ['msg_2']);
  });

  it('are kept for thirty days', async () => {
    const folder = join(storage, 'deliveries');
    mkdirSync(folder);
    for (const name of ['2026-10-30.jsonl', '2026-10-31.jsonl', 'mine.txt'])
      writeFileSync(join(folder, name), '');
    open().append(aLine('msg_1'));
    assert.deepEqual(readdirSync(folder).toSorted(), ['2026-10-31.jsonl', '2026-11-30.jsonl', 'mine.txt']);
    now += 40 * day;
    open().append(aLine('msg_2'));
    assert.deepEqual(readdirSync(folder).toSorted(), ['2027-01-09.jsonl', 'mine.txt']);
  });

  it('are the affair of this user alone', function () {
    if (process.platform === 'win32') this.skip();
    open().append(aLine('msg_1'));
    const folder = join(storage, 'deliveries');
    const [name = ''] = readdirSync(folder);
    assert.equal(statSync(join(folder, name)).mode & 0o777, 0o600);
    assert.equal(statSync(folder).mode & 0o777, 0o700);
  });

  it('say once in the log where nothing can be kept, and let what is sent be sent', () => {
    writeFileSync(join(storage, 'deliveries'), 'no folder');
    const files = open();
    files.append(aLine('msg_1'));
    files.append(aLine('msg_2'));
    assert.equal(warned.length, 1);
  });
});
