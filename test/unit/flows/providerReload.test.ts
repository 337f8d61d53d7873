import assert from 'node:assert/strict';
import { Emitter } from '../../../src/core/event.ts';
import { ProviderReload } from '../../../src/flows/providerReload.ts';
import type { SessionStatus } from '../../../src/protocol/records.ts';
import { aServer } from '../commands/commands.ts';

describe('Reading anew which providers there are', () => {
  const setUp = () => {
    const statuses = new Map<string, Record<string, SessionStatus>>();
    const warned: unknown[] = [];
    const reloaded: string[] = [];
    let failing = false;
    const { openCode } = aServer({
      listStatuses: (directory: string) => {
        if (failing) throw new Error('away');
        return statuses.get(directory) ?? {};
      },
      reloadProviders: (directory: string) => void reloaded.push(directory),
    });
    const didChangeWorking = new Emitter<unknown>();
    const reload = new ProviderReload({
      openCode,
      onDidChangeWorking: didChangeWorking.event,
      log: { warn: (...words) => warned.push(words) },
    });
    const change = async () => {
      didChangeWorking.fire(undefined);
      await new Promise((resolve) => setImmediate(resolve));
    };
    return { statuses, warned, reloaded, reload, change, fail: (fails: boolean) => (failing = fails) };
  };

  it('happens at once where nothing works', async () => {
    const { reload, reloaded } = setUp();
    assert.deepEqual(await reload.reload(['/a', '/b']), []);
    assert.deepEqual(reloaded, ['/a', '/b']);
  });

  it('never ends what works: it waits for it, folder by folder, and happens once', async () => {
    const { statuses, reload, reloaded, change } = setUp();
    statuses.set('/a', { ses_1: { type: 'retry', attempt: 1, message: '', next: 1 } });
    assert.deepEqual(await reload.reload(['/a', '/b']), ['/a']);
    await change();
    assert.deepEqual(reloaded, ['/b']);
    statuses.set('/a', {});
    await change();
    await change();
    assert.deepEqual(reloaded, ['/b', '/a']);
  });

  it('is looked at again after a look that failed', async () => {
    const { statuses, warned, reload, reloaded, change, fail } = setUp();
    statuses.set('/a', { ses_1: { type: 'busy' } });
    await reload.reload(['/a']);
    statuses.set('/a', {});
    fail(true);
    await change();
    assert.deepEqual([warned.length, reloaded], [1, []]);
    fail(false);
    await change();
    assert.deepEqual(reloaded, ['/a']);
  });
});
