import { waitFor } from '../workbench/waitFor.ts';
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

  it('hands its session off, and passes the turn to another agent', async () => {
    await workbench.startNamed(
      'Full context',
      call('session_handoff', { summary: 'say: Taken over.', goal: 'Go on' }),
      'say: Handed off.',
    );
    const successor = workbench.row('Handoff: Full context');
    await successor.waitFor();
    await successor.click();
    await answersIn(await workbench.transcript('Taken over.'), 'Taken over.')
      .first()
      .waitFor();
    await workbench.startNamed(
      'Passed on',
      call('session', { mode: 'message', agent: 'reviewer', text: 'say: Reviewed.' }),
      'say: Passed.',
    );
    await workbench.openRow('Passed on');
    const frame = await workbench.transcript('Reviewed.');
    await waitFor(
      () =>
        answersIn(frame, 'Reviewed.')
          .count()
          .then((count) => count > 0),
      {
        what: 'the answer of the other agent',
      },
    );
    await frame.getByText('Relayed: build → reviewer').waitFor();
  });
});
