import assert from 'node:assert/strict';
import { Emitter } from '../../../src/core/event.ts';
import { ProviderReload } from '../../../src/flows/providerReload.ts';
import type { SessionStatus } from '../../../src/protocol/records.ts';
import { aServer } from '../commands/commands.ts';
import { aSession } from '../core/builders.ts';
import { aStore } from '../core/stores.ts';

describe('Reading anew which providers there are', () => {
  const setUp = () => {
    const statuses = new Map<string, Record<string, SessionStatus>>();
    const warned: unknown[] = [];
    const reloaded: string[] = [];
    const failing = new Set<string>();
    const [sending, about] = [new Set<string>(), new Set<string>()];
    const timers: { callback: () => void; milliseconds: number }[] = [];
    const acts: { whileLooking?: () => void; whileReading?: () => void } = {};
    const { openCode } = aServer({
      listStatuses: (directory: string) => {
        if (failing.has(directory)) throw new Error('away');
        acts.whileLooking?.();
        return statuses.get(directory) ?? {};
      },
      reloadProviders: (directory: string) => {
        reloaded.push(directory);
        acts.whileReading?.();
      },
    });
    const didChangeWorking = new Emitter<unknown>();
    const reload = new ProviderReload({
      openCode,
      sessions: aStore([aSession({ id: 'ses_1', directory: '/a' })]),
      lock: { holder: (id) => (sending.has(id) ? { reason: 'held' } : undefined) },
      deliveries: {
        all: () => [...about].map((sessionId) => ({ sessionId, directory: '/a' })),
        isAboutToRun: (id) => about.has(id),
      },
      onDidChangeWorking: didChangeWorking.event,
      startTimer: (callback, milliseconds) => {
        const timer = { callback, milliseconds };
        timers.push(timer);
        return { dispose: () => void timers.splice(timers.indexOf(timer) >>> 0, 1) };
      },
      log: { warn: (...words) => warned.push(words) },
    });
    const settled = () => new Promise((resolve) => setImmediate(resolve));
    const change = async () => {
      didChangeWorking.fire(undefined);
      await settled();
    };
    /** Lets the time pass until what waits is tried again. */
    const pass = async () => {
      for (const { callback } of timers.splice(0)) callback();
      await settled();
    };
    return {
      statuses,
      warned,
      reloaded,
      reload,
      change,
      pass,
      failing,
      sending,
      about,
      timers,
      acts,
      settled,
    };
  };

  it('happens at once where nothing works', async () => {
    const { reload, reloaded } = setUp();
    assert.deepEqual(await reload.reload(['/a', '/b']), { waiting: [], failed: new Map() });
    assert.deepEqual(reloaded, ['/a', '/b']);
  });

  it('never ends what works: it waits for it, folder by folder, and happens once', async () => {
    const { statuses, reload, reloaded, change, timers } = setUp();
    statuses.set('/a', { ses_1: { type: 'retry', attempt: 1, message: '', next: 1 } });
    assert.deepEqual((await reload.reload(['/a', '/b'])).waiting, ['/a']);
    await change();
    assert.deepEqual(reloaded, ['/b']);
    statuses.set('/a', {});
    await change();
    await change();
    assert.deepEqual([reloaded, timers], [['/b', '/a'], []]);
  });

  it('is looked at again after a look that failed', async () => {
    const { statuses, warned, reload, reloaded, change, failing } = setUp();
    statuses.set('/a', { ses_1: { type: 'busy' } });
    await reload.reload(['/a']);
    statuses.set('/a', {});
    failing.add('/a');
    await change();
    assert.deepEqual([warned.length, reloaded], [1, []]);
    failing.delete('/a');
    await change();
    assert.deepEqual(reloaded, ['/a']);
  });

  it('is tried in each folder, and again by itself where it failed', async () => {
    const { reload, reloaded, failing, pass, timers } = setUp();
    failing.add('/a');
    const { waiting, failed } = await reload.reload(['/a', '/b']);
    assert.deepEqual([waiting, reloaded], [[], ['/b']]);
    assert.deepEqual([...failed], [['/a', new Error('away')]]);
    await pass();
    assert.deepEqual([reloaded, timers.length], [['/b'], 1]);
    failing.delete('/a');
    await pass();
    assert.deepEqual([reloaded, timers], [['/b', '/a'], []]);
  });

  it('is tried once a look, also where the server does not do it', async () => {
    const { reload, reloaded, acts, change, pass, timers } = setUp();
    acts.whileReading = () => {
      throw new Error('no');
    };
    assert.deepEqual([...(await reload.reload(['/a'])).failed.keys()], ['/a']);
    await change();
    assert.deepEqual([reloaded, timers.length], [['/a', '/a'], 1]);
    delete acts.whileReading;
    await pass();
    await change();
    assert.deepEqual([reloaded, timers], [['/a', '/a', '/a'], []]);
  });

  it('waits for what is being sent and what was sent, of which the server does not say yet that it works', async () => {
    for (const [kind, id] of [
      ['sending', 'ses_1'],
      ['about', 'ses_1'],
      // Nobody has heard of it yet.
      ['about', 'ses_new'],
    ] as const) {
      const { reload, reloaded, pass, ...rest } = setUp();
      rest[kind].add(id);
      assert.deepEqual((await reload.reload(['/a', '/b'])).waiting, ['/a']);
      assert.deepEqual(reloaded, ['/b']);
      rest[kind].delete(id);
      await pass();
      assert.deepEqual(reloaded, ['/b', '/a']);
    }
  });

  it('waits for what begins to be sent while it looks', async () => {
    const { reload, reloaded, sending, acts } = setUp();
    acts.whileLooking = () => void sending.add('ses_1');
    assert.deepEqual((await reload.reload(['/a'])).waiting, ['/a']);
    assert.deepEqual(reloaded, []);
  });

  it('looks again by itself where something works of whose end nobody may tell', async () => {
    const { statuses, reload, reloaded, pass } = setUp();
    statuses.set('/a', { ses_of_others: { type: 'busy' } });
    await reload.reload(['/a']);
    statuses.clear();
    await pass();
    assert.deepEqual(reloaded, ['/a']);
  });

  it('happens once more for what is given while it goes on, and never twice at a time', async () => {
    const { reload, reloaded, acts, settled } = setUp();
    let looks = 0;
    acts.whileLooking = () => void looks++;
    await Promise.all([reload.reload(['/a']), reload.reload(['/a'])]);
    assert.deepEqual([reloaded, looks], [['/a'], 1]);
    acts.whileReading = () => {
      delete acts.whileReading;
      void reload.reload(['/a']);
    };
    await reload.reload(['/a']);
    await settled();
    assert.deepEqual(reloaded, ['/a', '/a', '/a']);
  });

  it('ends with the window', async () => {
    const { reload, failing, timers } = setUp();
    failing.add('/a');
    await reload.reload(['/a']);
    reload.dispose();
    assert.deepEqual(timers, []);
  });
});
