import assert from 'node:assert/strict';
import { lacksModel, ModelLack } from '../../../src/core/state/modelLack.ts';
import { Offers } from '../../../src/core/state/offers.ts';
import { ProviderList } from '../../../src/protocol/records.ts';
import { aServer, someProviders } from '../commands/commands.ts';

const none = ProviderList.parse({ providers: [{ id: 'empty', name: 'Empty', models: {} }] });

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('Whether there is a model to answer with', () => {
  it('is told by the providers that have one', () => {
    assert.equal(lacksModel({ providers: [], default: {} }), true);
    assert.equal(lacksModel(none), true);
    assert.equal(lacksModel(someProviders), false);
  });

  const setUp = (providers: Record<string, ProviderList | undefined>) => {
    const { openCode } = aServer({
      listProviders: (directory: string) => {
        const list = providers[directory];
        if (list === undefined) throw new Error('away');
        return list;
      },
    });
    const offers = new Offers(openCode);
    const timers: (() => void)[] = [];
    const lack = new ModelLack({
      offers,
      directories: () => Object.keys(providers),
      startTimer: (callback) => {
        timers.push(callback);
        return { dispose: () => undefined };
      },
      log: { debug: () => undefined },
    });
    let changes = 0;
    lack.onDidChange(() => (changes += 1));
    return { offers, lack, timers, changes: () => changes };
  };

  it('is known once the server has said it, and changes with its word', async () => {
    const providers: Record<string, ProviderList> = { '/a': none, '/b': none };
    const { offers, lack, changes } = setUp(providers);
    assert.equal(lack.isLacking, false);
    assert.equal(lack.hasModel, false);
    lack.look();
    await settled();
    assert.deepEqual([lack.isLacking, lack.hasModel], [true, false]);
    providers['/b'] = someProviders;
    offers.apply({ type: 'server.instance.disposed', properties: { directory: '/b' } });
    await settled();
    assert.deepEqual([lack.isLacking, lack.hasModel], [false, true]);
    assert.equal(changes(), 2);
  });

  it('is asked again where the server did not answer', async () => {
    const providers: Record<string, ProviderList | undefined> = { '/a': undefined };
    const { lack, timers } = setUp(providers);
    lack.look();
    await settled();
    assert.equal(lack.isLacking, false);
    providers['/a'] = none;
    timers.at(-1)?.();
    await settled();
    assert.equal(lack.isLacking, true);
  });
});
