import assert from 'node:assert/strict';
import type { Notice } from '../../../src/core/ports/notify.ts';
import { buildComposerChoices } from '../../../src/core/page/composerChoices.ts';
import { HostedWord } from '../../../src/core/state/hostedModel.ts';
import { Offers } from '../../../src/core/state/offers.ts';
import { ProviderList, UserMessage } from '../../../src/protocol/records.ts';
import { HostedNotice } from '../../../src/views/hostedNotice.ts';
import { aServer } from '../commands/commands.ts';
import { aSession, aUserMessage } from '../core/builders.ts';
import { aStore } from '../core/stores.ts';
import { Memory } from './memory.ts';

const limit = { context: 1000, output: 100 };
const models = {
  free: { id: 'free', providerID: 'opencode', name: 'Big Free', limit, cost: { input: 0, output: 0 } },
  paid: { id: 'paid', providerID: 'opencode', name: 'Paid', limit, cost: { input: 1, output: 2 } },
  unknown: { id: 'unknown', providerID: 'opencode', name: 'Unknown', limit },
};
const providers = ProviderList.parse({ providers: [{ id: 'opencode', name: 'OpenCode Zen', models }] });

describe('The first use of a free model that OpenCode hosts', () => {
  const setUp = (memento = new Memory(), listProviders: () => unknown = () => providers, inView = '') => {
    const notices: Notice[] = [];
    const notice = new HostedNotice({
      sessions: aStore([aSession({ id: 'ses_1' })]),
      offers: new Offers(aServer({ listProviders }).openCode),
      hosted: new HostedWord(memento),
      visible: { has: (id) => id === inView },
      notify: (told) => notices.push(told),
      log: { debug: () => undefined },
    });
    const use = async (providerID: string, modelID: string) => {
      const info = UserMessage.parse({ ...aUserMessage('msg_1').info, model: { providerID, modelID } });
      notice.apply({ type: 'message.updated', properties: { info } });
      await new Promise((resolve) => setImmediate(resolve));
    };
    return { use, notices };
  };

  it('says once where prompts go, for all windows', async () => {
    const memento = new Memory();
    const { use, notices } = setUp(memento);
    await use('opencode', 'free');
    await use('opencode', 'free');
    assert.equal(notices.length, 1);
    assert.match(notices[0]?.message ?? '', /“Big Free”.*go to opencode\.ai/);
    assert.deepEqual(
      notices[0]?.actions.map(({ title }) => title),
      ['Switch Model…', 'Connect a Provider…'],
    );
    const another = setUp(memento);
    await another.use('opencode', 'free');
    assert.deepEqual(another.notices, []);
  });

  it('is told in the composer where one is in view, and not once more afterwards', async () => {
    const memento = new Memory();
    const { use, notices } = setUp(memento, () => providers, 'ses_1');
    const noteOf = (modelID: string): string | undefined =>
      buildComposerChoices({ agents: [], providers, commands: [] }, aSession({ id: 'ses_1' }), {
        sessions: aStore([]),
        hosted: new HostedWord(memento),
      }).models.find((model) => model.modelID === modelID)?.note;
    assert.match(noteOf('free') ?? '', /“Big Free”.*go to opencode\.ai/);
    assert.equal(noteOf('paid'), undefined);
    await use('opencode', 'free');
    assert.deepEqual(notices, []);
    assert.equal(noteOf('free'), undefined);
    const another = setUp(memento);
    await another.use('opencode', 'free');
    assert.deepEqual(another.notices, []);
  });

  it('is no other model', async () => {
    const { use, notices } = setUp();
    for (const model of ['paid', 'unknown', 'gone']) await use('opencode', model);
    await use('local', 'free');
    assert.deepEqual(notices, []);
  });

  it('is told the next time where the server did not say what it costs', async () => {
    let isAway = true;
    const { use, notices } = setUp(new Memory(), () => {
      if (isAway) throw new Error('away');
      return providers;
    });
    await use('opencode', 'free');
    assert.deepEqual(notices, []);
    isAway = false;
    await use('opencode', 'free');
    assert.equal(notices.length, 1);
  });
});
