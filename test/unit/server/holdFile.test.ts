import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Problem } from '../../../src/core/errors.ts';
import { HoldFile } from '../../../src/server/holdFile.ts';
import { waitFor } from '../../workbench/waitFor.ts';

const log = { debug: assert.fail, info: assert.fail, warn: () => undefined, error: assert.fail };

describe('Stop All', () => {
  let folder: string;
  const open: HoldFile[] = [];
  const openHold = (storage = join(folder, 'state')): HoldFile => {
    const hold = new HoldFile(storage, log, 10);
    open.push(hold);
    return hold;
  };
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'hold-'))));
  afterEach(() => {
    for (const hold of open.splice(0)) hold.dispose();
    rmSync(folder, { recursive: true, force: true });
  });

  it('holds for whoever looks, in the same moment, and after a restart until it is released', () => {
    const [one, other] = [openHold(), openHold()];
    assert.equal(one.isHeld(), false);
    one.stop();
    assert.deepEqual([one.isHeld(), other.isHeld(), openHold().isHeld()], [true, true, true]);
    other.release();
    assert.deepEqual([one.isHeld(), other.isHeld(), openHold().isHeld()], [false, false, false]);
    // Released again, or of nothing, it is released.
    one.release();
    assert.equal(other.isHeld(), false);
  });

  it('tells those that have nothing to send', async () => {
    const [one, other] = [openHold(), openHold()];
    const heard: boolean[] = [];
    other.onDidChange(() => heard.push(other.isHeld()));
    one.stop();
    await waitFor(() => heard.length === 1, { what: 'the other window to hear of the stop' });
    one.release();
    await waitFor(() => heard.length === 2, { what: 'the other window to hear of the release' });
    assert.deepEqual(heard, [true, false]);
  });

  it('is the affair of this user alone', function () {
    if (process.platform === 'win32') this.skip();
    openHold().stop();
    const [name = ''] = readdirSync(join(folder, 'state'));
    assert.equal(statSync(join(folder, 'state', name)).mode & 0o777, 0o600);
  });

  it('holds where it cannot be told whether it does', function () {
    if (process.platform === 'win32') this.skip();
    // A link in a circle: neither there nor absent, for whatever user.
    symlinkSync('stop-all.json', join(folder, 'stop-all.json'));
    const hold = openHold(folder);
    assert.equal(hold.isHeld(), true);
    hold.release();
    assert.equal(hold.isHeld(), false);
  });

  it('holds in this window where it cannot be kept, and says so', () => {
    const storage = join(folder, 'state');
    const hold = openHold(join(storage, 'below'));
    writeFileSync(storage, 'no folder');
    assert.throws(() => hold.stop(), Problem);
    assert.equal(hold.isHeld(), true);
  });
});
