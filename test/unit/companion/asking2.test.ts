import assert from 'node:assert/strict';
import { askUser } from '../../../src/companion/asking2.ts';
import { mayEditMark } from '../../../src/companion/tools/nextAgent.ts';
import type { AskedOfUser } from '../../../src/companion/tools/agentTool.ts';
import type { SessionChange } from '../../../src/core/ports/openCode.ts';
import type { PermissionRule } from '../../../src/protocol/records.ts';

const rule = (permission: string, action: PermissionRule['action'], pattern = '*'): PermissionRule => ({
  permission,
  pattern,
  action,
});

/** What an act comes to by those rules: what was asked for, and the rules that were written for it. */
async function judge(
  { permission, pattern }: Pick<AskedOfUser, 'permission' | 'pattern'>,
  ofAgent: readonly PermissionRule[] = [],
  ofSession: readonly PermissionRule[] = [],
  canAsk = true,
) {
  const asked: string[] = [];
  const written: PermissionRule[] = [];
  const session = { id: 'ses_1', title: '', directory: '/work', time: { created: 0, updated: 0 } };
  const openCode = {
    listAgents: () => Promise.resolve([{ name: 'plan', mode: 'primary' as const, permission: [...ofAgent] }]),
    getSession: () => Promise.resolve({ ...session, permission: [...ofSession] }),
    updateSession: (_: string, { permission: added = [] }: SessionChange) => {
      written.push(...added);
      return Promise.resolve(session);
    },
  };
  const ask = ({ action, resources }: { action: string; resources: readonly string[] }): Promise<void> => {
    asked.push(`${action} ${resources.join()}`);
    return Promise.resolve();
  };
  await askUser(
    { directory: '/work', openCode: () => Promise.resolve(openCode), ask: canAsk ? ask : undefined },
    { sessionID: 'ses_1', messageID: 'msg_1', agent: 'plan', id: 'call_1' },
    { permission, pattern, metadata: {} },
  );
  return { asked, written };
}

const message = { permission: 'message', pattern: 'ses_2' } as const;

describe('What an agent of 2.x may do through the companion', () => {
  it('is asked of the person for a message, and where the next agent may edit, by a rule that goes to the session', async () => {
    assert.deepEqual(await judge(message), {
      asked: ['message ses_2'],
      written: [rule('message', 'ask', 'ses_2')],
    });
    const pattern = `build${mayEditMark}`;
    const { asked } = await judge({ permission: 'relay', pattern });
    assert.deepEqual(asked, [`relay ${pattern}`]);
  });

  it('is not asked where nothing is gained', async () => {
    const nothing = { asked: [], written: [] };
    assert.deepEqual(await judge({ permission: 'relay', pattern: 'plan' }), nothing);
    assert.deepEqual(await judge({ permission: 'fork', pattern: 'plan' }), nothing);
  });

  it('is as the last rule says that names the act, whatever is said of everything', async () => {
    const { asked, written } = await judge(message, [rule('message', 'allow')], [rule('mess*', 'ask')]);
    assert.deepEqual([asked, written], [['message ses_2'], []]);
    assert.deepEqual((await judge(message, [rule('message', 'allow')])).asked, []);
    assert.deepEqual((await judge(message, [rule('*', 'allow')])).asked, ['message ses_2']);
    await assert.rejects(judge(message, [rule('message', 'deny', 'ses_*')]), /does not allow message/);
    assert.deepEqual((await judge(message, [rule('message', 'allow', 'ses_*9')])).asked, ['message ses_2']);
  });

  it('is refused where nobody can be asked', async () => {
    await assert.rejects(judge(message, [], [], false), /would have to be asked/);
  });
});
