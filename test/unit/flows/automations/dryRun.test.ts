import assert from 'node:assert/strict';
import { parseAutomation } from '../../../../src/core/automations/parseAutomation.ts';
import { dryRun } from '../../../../src/flows/automations/dryRun.ts';
import type { ListedAutomation } from '../../../../src/flows/automations/automationList.ts';
import { aHistory, anAnswer, aSession, aUserMessage } from '../../core/builders.ts';
import { aStore } from '../../core/stores.ts';

const session = aSession({ id: 'ses_1', directory: '/work/services/api', cost: 2 });
const messages = [aUserMessage('msg_1'), anAnswer('msg_2', 'msg_1')];

function listed(value: unknown, given: Partial<ListedAutomation> = {}): ListedAutomation {
  const entry = parseAutomation({
    origin: { kind: 'folder', directory: '/work/services/api' },
    name: 'deploy',
    value,
  });
  return { entry, standing: 'unapproved', runs: [], ...given };
}

async function tryOut(automation: ListedAutomation): Promise<string> {
  const ports = {
    openCode: { ...aHistory(() => messages), getSession: async () => session },
    sessions: aStore([session]),
    list: { isApproved: async () => false, isStopped: async () => true },
    findUnknown: async () => [{ path: ['do', 0, 'task'], message: 'There is no task “deploy”.' }],
    now: () => 0,
  };
  return dryRun(ports, automation, 'ses_1');
}

describe('a dry run of an automation', () => {
  it('says of each condition whether it holds, what is in the way, and what each step would do', async () => {
    const text = await tryOut(
      listed({
        on: 'settled',
        if: { directory: 'services/*', agent: 'plan', changedFiles: '**' },
        do: [{ task: 'deploy' }, { tell: 'It was\ndeployed.' }],
        limit: { lineageCost: 1 },
      }),
    );
    for (const words of [
      'Nothing was run and nothing was sent.',
      '- ✓ **directory**: wanted services/*; found /work/services/api',
      '- ✗ **agent**: wanted plan; found build',
      '- ✗ **changedFiles**: wanted **; found none',
      '- ✗ All automations are paused.',
      'is not approved as it stands',
      '- ✗ This lineage cost $2.00; the limit is $1.00.',
      '1. Run the task deploy\n   - ✗ There is no task “deploy”.',
      '2. Tell the session\n   > It was\n   > deployed.',
    ]) {
      assert.ok(text.includes(words), `${words} is not in\n${text}`);
    }
  });

  it('says that nothing of the kind has happened, and what is wrong with an entry that is never run', async () => {
    assert.match(
      await tryOut(listed({ on: 'toolCompleted', do: [{ notify: 'Done.' }] })),
      /Nothing that it follows/,
    );
    assert.match(
      await tryOut(listed({ on: 'setled', do: [] })),
      /It is never run, because it has faults:\n\n- on · There is no event/,
    );
  });
});
