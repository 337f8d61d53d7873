import assert from 'node:assert/strict';
import { activityLine, describeCall } from '../../../src/core/activity.ts';
import { Activities } from '../../../src/core/rows/activities.ts';
import { Part } from '../../../src/protocol/records.ts';
import { aTool } from '../../webview/builders.ts';

const of = { sessionID: 'ses_1', messageID: 'msg_1' };

function aCall(id: string, status: 'running' | 'completed', filePath = '/work/src/basket.ts') {
  const time = status === 'running' ? { start: 1 } : { start: 1, end: 2 };
  const state = { status, input: { filePath }, output: '', title: '', metadata: {}, time };
  return Part.parse({ ...of, id, type: 'tool', callID: `call_${id}`, tool: 'edit', state });
}

describe('What a session does', () => {
  function anActivity() {
    let now = 1000;
    const activities = new Activities(() => now);
    let told = 0;
    activities.onDidChange(() => (told += 1));
    return {
      activities,
      tell: (part: ReturnType<typeof aCall>) =>
        activities.apply({ type: 'message.part.updated', properties: { part } }),
      begin: () => activities.apply({ type: 'turn.started', properties: { sessionID: 'ses_1' } }),
      pass: (milliseconds: number) => (now += milliseconds),
      told: () => told,
    };
  }

  it('is said from the beginning of the run on, by its newest part, and no longer once it is over', () => {
    const { activities, tell, begin, pass } = anActivity();
    begin();
    pass(5000);
    begin();
    tell(aCall('prt_1', 'running'));
    assert.deepEqual(activities.of('ses_1'), { since: 1000, doing: 'editing basket.ts' });
    tell(Part.parse({ ...of, id: 'prt_2', type: 'reasoning', text: '', time: { start: 1 } }));
    assert.equal(activities.of('ses_1').doing, 'thinking');
    const outcome = { kind: 'aborted' } as const;
    activities.apply({ type: 'turn.ended', properties: { sessionID: 'ses_1', outcome } });
    assert.deepEqual(activities.of('ses_1'), {});
  });

  it('is told of once however often a call that runs is told of', () => {
    const { tell, told, activities } = anActivity();
    for (let count = 0; count < 50; count += 1) tell(aCall('prt_1', 'running'));
    assert.equal(told(), 1);
    tell(aCall('prt_1', 'completed'));
    assert.equal(activities.of('ses_1').doing, '');
  });

  it('is still the call that runs where one beside it has ended', () => {
    const { tell, activities } = anActivity();
    tell(aCall('prt_1', 'running', '/work/a.ts'));
    tell(aCall('prt_2', 'running', '/work/b.ts'));
    tell(aCall('prt_1', 'completed', '/work/a.ts'));
    assert.equal(activities.of('ses_1').doing, 'editing b.ts');
  });

  it('is worded by the tool, in one line and in short', () => {
    const run = aTool({ tool: 'bash', input: { command: `npm test\n && ${'x'.repeat(90)}` } });
    assert.match(describeCall(run), /^running npm test && x{20,40}…$/);
    assert.equal(
      describeCall(aTool({ tool: 'mcp_weather', input: { city: 'Berlin' } })),
      'calling mcp_weather',
    );
    assert.equal(activityLine('Working', 72_000, 'reading basket.ts'), 'Working · 1:12 · reading basket.ts');
    assert.equal(activityLine('Waiting for thinker', 4900), 'Waiting for thinker · 4 s');
    assert.equal(activityLine('Working', 3_725_000), 'Working · 1:02:05');
  });
});
