import assert from 'node:assert/strict';
import type { ConnectionState } from '../../../src/core/state/connectionState.ts';
import { Emitter } from '../../../src/core/event.ts';
import { noticeServices } from '../../../src/views/serviceNotice.ts';

const own: ConnectionState = { kind: 'live', url: '', version: '2.0.26', managed: true };
const met: ConnectionState = { ...own, meetsService: true };

describe('A service that begins beside a server of ours', () => {
  /** The commands that a window offers that meets these states. */
  const offered = (states: readonly ConnectionState[]): string[] => {
    const commands: string[] = [];
    const didChangeState = new Emitter<ConnectionState>();
    noticeServices({
      connection: { onDidChangeState: didChangeState.event },
      notify: ({ actions }) => commands.push(...actions.map(({ command }) => command)),
    });
    for (const state of states) didChangeState.fire(state);
    return commands;
  };

  it('is told once for as long as it runs, with the way to it', () => {
    assert.deepEqual(offered([own, met, met]), ['opencodeSessions.server.restart']);
  });

  it('is told again when it comes back', () => {
    assert.equal(offered([met, own, met]).length, 2);
  });

  it('is not told of where there is none', () => {
    assert.deepEqual(offered([own, { kind: 'starting' }, own]), []);
  });
});
