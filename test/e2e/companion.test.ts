import { answersIn, type Workbench } from '../workbench/workbench.ts';
import { closeWindow, openShop, sharedBench } from './sharedBench.ts';

describe('an agent with the companion', () => {
  let workbench: Workbench;

  before(async () => {
    const bench = await sharedBench();
    workbench = await openShop(await bench.shop.addFolder());
  });

  beforeEach(() => workbench.closeEditors());

  after(() => closeWindow(workbench));

  const call = (tool: string, given: Record<string, unknown>): string =>
    `tool: ${tool} ${JSON.stringify(given)}`;

  it('forks its session: the fork stands below it, and works on what it was told', async () => {
    await workbench.startNamed(
      'Two ways',
      call('session', { mode: 'fork', text: 'say: The other way.' }),
      'say: Forked.',
    );
    const fork = workbench.row('(fork #1)');
    await fork.waitFor();
    await fork.click();
    const frame = await workbench.transcript('The other way.');
    await answersIn(frame, 'The other way.').first().waitFor();
  });

  it('hands its session off: the successor stands below it, with the goal, and is shown to who looked on', async () => {
    await workbench.startNamed(
      'Full context',
      call('session_handoff', { summary: 'The basket counts in cents.', goal: 'Write the tests' }),
      'say: Handed off.',
    );
    await workbench.transcript('Write the tests');
    await workbench.row('Handoff: Full context').waitFor();
  });

  it('passes the turn to another agent of its session', async () => {
    await workbench.startNamed(
      'Passed on',
      call('session', { mode: 'message', agent: 'reviewer', text: 'say: Reviewed.' }),
      'say: Passed.',
    );
    await workbench.openRow('Passed on');
    const frame = await workbench.transcript('Passed.');
    await answersIn(frame, 'Reviewed.').first().waitFor();
    await frame.getByText('Relayed: build → reviewer').waitFor();
  });
});
