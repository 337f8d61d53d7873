import { companionQuestion } from '../../../src/protocol/companion.ts';
import assert from 'node:assert/strict';
import type { DirectorySnapshot } from '../../../src/core/ports/serverSink.ts';
import { Companions } from '../../../src/core/state/companions.ts';
import { companionLines } from '../../../src/views/companionTexts.ts';
import { aServer } from '../commands/commands.ts';

const settled = () => new Promise((resolve) => setImmediate(resolve));

const snapshot = (...directories: string[]): DirectorySnapshot[] =>
  directories.map((directory) => ({ directory, sessions: [], statuses: {}, permissions: [], questions: [] }));

describe('What is known of the companion', () => {
  const setUp = (given: Record<string, boolean | Error>) => {
    const server = aServer({
      giveSign: () => undefined,
      hasCompanion: (directory: string) => {
        const answer = given[directory];
        if (answer instanceof Error) throw answer;
        return answer;
      },
    });
    const timers = new Set<() => void>();
    const companions = new Companions({
      openCode: server.openCode,
      startTimer: (callback) => {
        timers.add(callback);
        return { dispose: () => void timers.delete(callback) };
      },
      log: { debug: () => undefined, info: () => undefined },
    });
    /** As if all that waits had waited long enough. */
    const pass = async (): Promise<void> => {
      const due = [...timers];
      timers.clear();
      for (const callback of due) callback();
      await settled();
    };
    const answer = (directory: string, hooks = ['config', 'event']): void =>
      companions.apply({ type: 'companion.answered', properties: { directory, version: '0.1.0', hooks } });
    const lines = () => companionLines(companions.states, (directory) => directory.slice(1));
    return { server, companions, pass, answer, lines };
  };

  it('is what it answers, and each folder is asked whenever it was loaded', async () => {
    const { server, companions, pass, answer, lines } = setUp({ '/a': true });
    companions.reset(snapshot('/a'));
    await settled();
    assert.deepEqual(server.calls, [['giveSign', '/a', companionQuestion]]);
    assert.deepEqual(lines(), [], 'nothing is said before it is known');
    answer('/a');
    await pass();
    assert.deepEqual(lines(), ['Companion 0.1.0']);
    companions.reset(snapshot('/a'));
    assert.deepEqual(lines(), []);
    await settled();
    assert.equal(server.calls.filter(([name]) => name === 'giveSign').length, 2);
  });

  it('is that it is silent, or that there is none, where nobody answers in time', async () => {
    const { companions, pass, answer, lines } = setUp({ '/a': true, '/b': false });
    companions.reset(snapshot('/a', '/b'));
    await pass();
    const [silent = '', none = '', ...others] = lines();
    assert.match(silent, /^a: .*never called/);
    assert.match(none, /^b: No companion.*Install Companion/);
    assert.deepEqual(others, []);
    answer('/a');
    answer('/b');
    assert.deepEqual(lines(), ['Companion 0.1.0'], 'a late answer counts');
  });

  it('is looked for again where the look failed', async () => {
    const given: Record<string, boolean | Error> = { '/a': new Error('away') };
    const { companions, pass, lines } = setUp(given);
    companions.reset(snapshot('/a'));
    await pass();
    assert.deepEqual(lines(), []);
    given['/a'] = false;
    await pass();
    assert.match(lines().join(), /^No companion/);
  });

  it('says which hooks are passed over that every companion is called by', () => {
    const { companions, answer, lines } = setUp({});
    companions.reset(snapshot('/a'));
    answer('/a', ['event']);
    assert.match(lines().join(), /0\.1\.0.*never called.*\(config\)/);
  });
});
