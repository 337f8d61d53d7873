import assert from 'node:assert/strict';
import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { reportProblem } from '../../../src/commands/server/reportProblem.ts';
import { Redactor } from '../../../src/core/redaction/redactor.ts';
import type { ConnectionState } from '../../../src/core/state/connectionState.ts';
import { readLogEnd } from '../../../src/editor/logFile.ts';
import { secretlint } from '../../../src/editor/secretlint.ts';
import { allAbilities } from './commands.ts';

const live: ConnectionState = {
  kind: 'live',
  url: 'http://127.0.0.1:49374',
  version: '2.0.26',
  managed: false,
  isService: true,
};

describe('A report of a problem', () => {
  /** What is opened, and how often the person is told that nothing was sent. */
  const report = async (state: ConnectionState, log = ''): Promise<{ text: string; told: number }> => {
    let opened = '';
    let told = 0;
    await reportProblem({
      server: { state, openCode: { abilities: { ...allAbilities, todos: false } } },
      versions: { 'OpenCode Sessions': '0.9.0', Editor: '1.139.0' },
      mode: () => 'auto',
      readLog: async () => log,
      redact: (text) => new Redactor(secretlint, { homes: ['/home/ada'], user: 'ada' }).redactText(text),
      openText: async (_, text) => {
        opened = text;
      },
      notify: ({ message }) => {
        assert.match(message, /Nothing was sent/);
        told += 1;
      },
    })(undefined);
    return { text: opened, told };
  };

  it('says versions, generation, whose server it is, and what that can do', async () => {
    const { text, told } = await report(live);
    for (const fact of [
      'OpenCode Sessions: 0.9.0',
      'Editor: 1.139.0',
      'Connection: live',
      'Mode: auto',
      'OpenCode: 2.0.26 (generation 2.x)',
      'Server: background service, this machine',
    ]) {
      assert.ok(text.includes(`- ${fact}\n`), fact);
    }
    assert.match(text, /Abilities: todos no, archive yes, /);
    assert.equal(told, 1);
  });

  it('says no address, and that what is read is not all there is', async () => {
    const { text } = await report({
      ...live,
      url: 'https://till.example.com',
      newerThan: '2.0',
      unreadable: [{ directory: '/home/ada/till', message: 'Broken.' }],
    });
    assert.match(text, /Server: background service, another machine/);
    assert.match(text, /Newer than tried: 2\.0\n- Folders that cannot be read: 1/);
    assert.ok(!text.includes('till'));
  });

  it('says what a person is told where there is no connection', async () => {
    const { text } = await report({ kind: 'unreachable', since: 1, attempt: 2, reason: 'Nothing answers.' });
    assert.match(text, /Connection: unreachable\n- Mode: auto\n- Said: Nothing answers\./);
    assert.ok(!text.includes('Abilities'));
  });

  it('has the log as one block, without keys, name and home', async () => {
    const key = `ghp_${'a1B2c3D4e5'.repeat(3)}f6G7h8`;
    const { text } = await report(live, `one ${key}\n/home/ada/till\n\`\`\`\n# no heading\n`);
    assert.ok(!text.includes(key));
    assert.ok(!text.includes('/home/ada'));
    assert.match(text, /\n````text\none [\s\S]*\n````\n$/);
  });
});

describe('The end of the log', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'log-'));
  });

  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('is of the newest, from a whole line on', async () => {
    const line = `${'é'.repeat(99)}\n`;
    await writeFile(join(folder, 'new.log'), line.repeat(1_000));
    await writeFile(join(folder, 'old.log'), 'old');
    await utimes(join(folder, 'old.log'), 1, 1);
    await writeFile(join(folder, 'other.txt'), 'other');
    const text = await readLogEnd(folder);
    assert.ok(Buffer.byteLength(text) <= 64 * 1024 && Buffer.byteLength(text) > 60 * 1024);
    assert.equal(text.replaceAll(line, ''), '');
  });

  it('is all of a short one, and nothing where there is none', async () => {
    assert.equal(await readLogEnd(folder), '');
    assert.equal(await readLogEnd(join(folder, 'missing')), '');
    await writeFile(join(folder, 'a.log'), 'one\ntwo\n');
    assert.equal(await readLogEnd(folder), 'one\ntwo\n');
  });
});
