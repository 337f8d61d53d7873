import assert from 'node:assert/strict';
import type { ServerSink } from '../../../src/core/ports/serverSink.ts';
import { ServerSinks } from '../../../src/core/ports/serverSinks.ts';

describe('Sinks that are made after what tells them', () => {
  it('are told all of the server’s word, in the order in which they were added', () => {
    const heard: string[] = [];
    const sink = (name: string): ServerSink => ({
      reset: () => heard.push(`${name} reset`),
      compare: () => heard.push(`${name} compare`),
      apply: () => heard.push(`${name} apply`),
    });
    const sinks = new ServerSinks();
    sinks.add([sink('a'), { reset: () => undefined, apply: () => undefined }]);
    sinks.add([sink('b')]);
    const none = new Set<string>();
    sinks.reset([]);
    sinks.compare({ snapshot: [], complete: true, told: { records: none, statuses: none, requests: none } });
    sinks.apply({ type: 'session.idle', properties: { sessionID: 'ses_1' } });
    assert.deepEqual(heard, ['a reset', 'b reset', 'a compare', 'b compare', 'a apply', 'b apply']);
  });
});
