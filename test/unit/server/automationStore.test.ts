import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunRecord } from '../../../src/core/automations/runRecord.ts';
import { AutomationFiles } from '../../../src/server/automationStore.ts';
import { startTimer } from '../../../src/editor/timer.ts';
import { aProof } from '../core/builders.ts';

describe('what windows keep of automations', function () {
  this.timeout(60_000);
  let folder: string;
  const open: AutomationFiles[] = [];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'automation-store-'));
  });

  afterEach(() => {
    for (const files of open.splice(0)) files.dispose();
    rmSync(folder, { recursive: true, force: true });
  });

  function openFiles(
    given: { now?: () => number; user?: string; startTimer?: typeof startTimer } = {},
  ): AutomationFiles {
    const log = {
      debug: () => undefined,
      info: () => undefined,
      warn: () => undefined,
      error: () => undefined,
    };
    const files = new AutomationFiles({
      folder: join(folder, 'automations'),
      proof: aProof(given.user),
      startTimer: given.startTimer ?? startTimer,
      now: given.now ?? Date.now,
      log,
    });
    open.push(files);
    return files;
  }

  function aRecord(key: string, given: Partial<RunRecord> = {}): RunRecord {
    return {
      automation: 'user deploy',
      name: 'deploy',
      key,
      sessionId: 'ses_1',
      reason: 'It settled.',
      chain: [],
      window: 'one',
      time: Date.now(),
      state: 'running',
      steps: [],
      sent: [],
      ...given,
    };
  }

  it('lets one of many claim a run, and nobody after it', async () => {
    const windows = Array.from({ length: 8 }, () => openFiles());
    for (let round = 0; round < 20; round += 1) {
      const claims = await Promise.all(windows.map((files) => files.claim(aRecord(`settled ${round}`))));
      assert.equal(claims.filter(Boolean).length, 1);
    }
    assert.equal(await openFiles().claim(aRecord('settled 3')), false);
    assert.equal(await openFiles().claim(aRecord('settled 3', { automation: 'user other' })), true);
  });

  it('passes over what cannot be read, and does not run it again', async () => {
    const files = openFiles();
    await files.claim(aRecord('whole'));
    await files.claim(aRecord('cut'));
    const names = readdirSync(join(folder, 'automations')).filter((name) => name.endsWith('.run.json'));
    const [first, second] = names;
    assert.ok(first !== undefined && second !== undefined);
    writeFileSync(join(folder, 'automations', first), '{"automation":');
    assert.equal((await files.runs()).length, 1);
    for (const key of ['whole', 'cut']) assert.equal(await files.claim(aRecord(key)), false);
  });

  it('believes an approval of this user alone, for these very words', async () => {
    const files = openFiles();
    await files.approve('folder /work deploy', 'words');
    assert.ok(await openFiles().isApproved('folder /work deploy', 'words'));
    assert.ok(!(await files.isApproved('folder /work deploy', 'other words')));
    assert.ok(!(await files.isApproved('folder /other deploy', 'words')));
    assert.ok(!(await openFiles({ user: 'somebody else' }).isApproved('folder /work deploy', 'words')));
    assert.ok(await files.wasApproved('folder /work deploy'));
    assert.ok(!(await files.wasApproved('folder /other deploy')));
  });

  it('keeps what is paused and switched off for whoever comes later, for the user alone to read', async () => {
    const files = openFiles();
    await files.setPaused(true);
    await files.setSwitch('user deploy', { since: 5, off: 'It failed.' });
    const later = openFiles();
    assert.ok(await later.isPaused());
    assert.deepEqual(await later.switchOf('user deploy'), { since: 5, off: 'It failed.' });
    assert.deepEqual(await later.switchOf('user other'), { since: 0 });
    await later.setPaused(false);
    assert.ok(!(await files.isPaused()));
    assert.equal(statSync(join(folder, 'automations')).mode & 0o077, 0);
  });

  it('forgets a run after a week, however the clock stands when it is looked at', async () => {
    const day = 24 * 3_600_000;
    await openFiles().claim(aRecord('old'));
    assert.equal((await openFiles({ now: () => Date.now() + 6 * day }).runs()).length, 1);
    assert.equal((await openFiles({ now: () => Date.now() - 400 * day }).runs()).length, 1);
    assert.equal((await openFiles({ now: () => Date.now() + 8 * day }).runs()).length, 0);
  });

  it('leaves out no run of the last hour, however many came after it: a limit counts them', async () => {
    const files = openFiles();
    await files.claim(aRecord('settled 0', { state: 'succeeded' }));
    for (let index = 1; index <= 310; index += 1)
      await files.claim(aRecord(`settled ${index}`, { state: 'limited', time: Date.now() + index }));
    const runs = await files.runs();
    assert.equal(runs[0]?.record.key, 'settled 0');
  });

  it('gives no sign of life of a run whose end could not be written down', async () => {
    const signs: (() => void)[] = [];
    const files = openFiles({
      startTimer: (callback, milliseconds) => {
        // Shorter ones are for the words to other windows.
        if (milliseconds < 10_000) return { dispose: () => undefined };
        signs.push(callback);
        return { dispose: () => signs.splice(signs.indexOf(callback), 1) };
      },
    });
    const record = aRecord('settled 1');
    await files.claim(record);
    assert.equal(signs.length, 1);
    rmSync(join(folder, 'automations'), { recursive: true });
    await assert.rejects(files.write({ ...record, state: 'succeeded' }));
    assert.deepEqual(signs, []);
  });
});
