import assert from 'node:assert/strict';
import type { ConnectionState } from '../../../src/core/state/connectionState.ts';
import { Emitter } from '../../../src/core/event.ts';
import { noticeUntriedVersions } from '../../../src/views/versionNotice.ts';

const live = (version: string, newerThan?: string): ConnectionState => ({
  kind: 'live',
  url: '',
  version,
  managed: true,
  ...(newerThan === undefined ? {} : { newerThan }),
});

describe('A version that is newer than those that were tried', () => {
  const kept = new Map<string, unknown>();
  const memento = {
    get: <T>(key: string, fallback: T) => (kept.get(key) as T | undefined) ?? fallback,
    update: async (key: string, value: unknown) => void kept.set(key, value),
  };

  /** What a window says that meets these states. */
  const said = (states: readonly ConnectionState[]): string[] => {
    const messages: string[] = [];
    const didChangeState = new Emitter<ConnectionState>();
    noticeUntriedVersions({
      connection: { onDidChangeState: didChangeState.event },
      memento,
      notify: ({ message }) => messages.push(message),
    });
    for (const state of states) didChangeState.fire(state);
    return messages;
  };

  beforeEach(() => kept.clear());

  it('is told once, also over reloads, with both versions', () => {
    const [message, ...others] = said([live('1.20.0', '1.19'), { kind: 'starting' }, live('1.20.0', '1.19')]);
    assert.match(message ?? '', /OpenCode 1\.20\.0 is newer than 1\.19/);
    assert.deepEqual(others, []);
    assert.deepEqual(said([live('1.20.0', '1.19')]), []);
  });

  it('is told with a way back only where the version has a package of its own', () => {
    assert.match(said([live('1.20.0', '1.19')]).join(''), /npm install -g opencode-ai@1\.19/);
    const [message = ''] = said([live('2.1.4', '2.0')]);
    assert.match(message, /OpenCode 2\.1\.4 is newer than 2\.0.*all the same\.$/);
  });

  it('is told of each such version, and of no other', () => {
    assert.equal(said([live('1.20.0', '1.19'), live('1.21.0', '1.19')]).length, 2);
    assert.deepEqual(said([live('1.18.33'), live('1.20.0', '1.19')]), []);
  });
});
