import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ConnectionState } from '../../../src/core/state/connectionState.ts';
import {
  connectionActions,
  connectionMessage,
  connectionRows,
  showsSessions,
  summarizeConnection,
} from '../../../src/views/connectionTexts.ts';
import { commandIds } from '../../../src/manifest.ts';

const url = 'http://127.0.0.1:4096';
const remedy = { title: 'Show Log', command: 'opencodeSessions.log.show' };

/** One of each; the compiler counts them. */
const states: { readonly [Kind in ConnectionState['kind']]: Extract<ConnectionState, { kind: Kind }> } = {
  stopped: { kind: 'stopped' },
  untrusted: { kind: 'untrusted' },
  starting: { kind: 'starting', url },
  live: { kind: 'live', url, version: '1.18.33', managed: false },
  reconnecting: { kind: 'reconnecting', since: 1, attempt: 2, reason: 'It broke off.' },
  unreachable: { kind: 'unreachable', since: 1, attempt: 2, reason: 'Nothing answers.' },
  awaited: { kind: 'awaited', since: 1, attempt: 2, reason: 'It is still starting.' },
  stale: { kind: 'stale', since: 1 },
  unauthorised: { kind: 'unauthorised', url, message: 'It did not accept this.' },
  incompatible: {
    kind: 'incompatible',
    version: '2.1.4',
    message: 'OpenCode 2.1.4 is not spoken with.',
    managed: true,
  },
  notInstalled: { kind: 'notInstalled', searched: ['/usr/bin'] },
  failed: { kind: 'failed', message: 'It is no OpenCode server.', remedy },
};

const { contributes } = JSON.parse(
  readFileSync(join(import.meta.dirname, '..', '..', '..', 'package.json'), 'utf8'),
) as { contributes: { viewsWelcome: { when: string; contents: string }[] } };

function welcomeOf(kind: string): string | undefined {
  return contributes.viewsWelcome.find(({ when }) => when.endsWith(`opencodeSessions.connection == ${kind}`))
    ?.contents;
}

describe('What the view says of the connection', () => {
  for (const state of Object.values(states)) {
    const { kind } = state;
    const isOnItsWay = kind === 'live' || kind === 'starting';

    it(`is a sentence when it is ${kind}, and what to do`, () => {
      const said = connectionMessage(state) || welcomeOf(kind);
      assert.ok(kind === 'live' || said, 'nothing is said');
      assert.equal(connectionActions(state).length === 0, isOnItsWay);
      assert.ok(summarizeConnection(state).tooltip.length > 0);
    });

    it(`is not said twice when it is ${kind}: a message and rows hide a welcome`, () => {
      const inView = [showsSessions(state), connectionRows(state).length > 0, welcomeOf(kind) !== undefined];
      if (!isOnItsWay) assert.equal(inView.filter(Boolean).length, 1);
    });
  }

  it('names a version that is newer than those that were tried, where the server is described', () => {
    const { severity, tooltip } = summarizeConnection({
      ...states.live,
      version: '1.20.0',
      newerThan: '1.19',
    });
    assert.equal(severity, 'none');
    assert.match(tooltip, /OpenCode 1\.20\.0 at .*\nSpoken with as generation 1\.x\nNewer than 1\.19/);
    assert.ok(!summarizeConnection(states.live).tooltip.includes('Newer'));
  });

  it('says whose server it is', () => {
    const { live } = states;
    const tooltip = (state: Partial<typeof live>) => summarizeConnection({ ...live, ...state }).tooltip;
    const version = '2.0.26';
    assert.match(tooltip({ version }), /^OpenCode 2\.0\.26 at http.*\nSpoken with as generation 2\.x$/);
    assert.match(tooltip({ version, managed: true }), /^OpenCode 2\.0\.26, run by the editor\n/);
    assert.match(
      tooltip({ version, isService: true }),
      /^OpenCode 2\.0\.26, your background service at http/,
    );
    assert.match(
      tooltip({ version, managed: true, meetsService: true }),
      /\nYour OpenCode background service began to run/,
    );
  });

  it('is of the service where that alone is wanted', () => {
    assert.match(
      connectionMessage({ kind: 'starting', isService: true }),
      /your OpenCode background service/,
    );
  });

  it('says of a version that is not spoken with what the refusal says', () => {
    assert.equal(connectionMessage(states.incompatible), states.incompatible.message);
  });

  it('is nothing to run but commands of ours and of the editor', () => {
    const commands = Object.values(states).flatMap((state) =>
      connectionActions(state).map(({ command }) => command),
    );
    const known: readonly string[] = commandIds;
    assert.deepEqual(
      commands.filter((command) => command.startsWith('opencodeSessions.') && !known.includes(command)),
      [],
    );
  });

  it('offers the remedy of a failure first, and once', () => {
    const commands = connectionActions(states.failed).map(({ command }) => command);
    assert.equal(commands[0], remedy.command);
    assert.equal(new Set(commands).size, commands.length);
  });

  it('asks for the password of the very server that refused it', () => {
    const [first] = connectionActions(states.unauthorised);
    assert.deepEqual(first?.arguments, [{ url }]);
  });
});
