import assert from 'node:assert/strict';
import type { Offer } from '../../../src/core/state/offers.ts';
import { buildComposerChoices } from '../../../src/core/page/composerChoices.ts';
import { aSession } from './builders.ts';

const model = (id: string, variants: readonly string[] = []) => ({
  id,
  providerID: 'local',
  name: id,
  variants: Object.fromEntries(variants.map((variant) => [variant, {}])),
  limit: { context: 1000, output: 100 },
});
const offer: Offer = {
  agents: ['build', 'plan', 'review'].map((name) => ({ name, mode: 'primary', permission: [] })),
  providers: {
    providers: [
      {
        id: 'local',
        name: 'Local',
        models: { echo: model('echo'), think: model('think', ['low', 'high', 'max']), old: model('old') },
      },
    ],
    default: {},
  },
  commands: [],
};

describe('what a composer offers', () => {
  const used = (updated: number, agent: string, id: string, variant?: string) =>
    aSession({
      id: `ses_${updated}`,
      agent,
      model: { providerID: 'local', id, ...(variant === undefined ? {} : { variant }) },
      time: { created: 0, updated },
    });
  const sessions = [
    used(1, 'plan', 'think', 'max'),
    used(3, 'review', 'think'),
    used(2, 'plan', 'old'),
    used(4, 'gone', 'think', 'high'),
  ];
  const { agents, models, chains } = buildComposerChoices(offer, aSession({ id: 'ses_1' }), {
    sessions: { all: () => sessions },
    savedChains: () => [
      { name: 'check', legs: [{ agent: 'plan' }, { agent: 'build' }] },
      { name: 'broken', legs: [], fault: 'It has one leg.' },
    ],
  });

  it('is the saved chains by their agents, or by what is wrong with them', () => {
    assert.deepEqual(chains, [
      { name: 'check', description: 'plan → build' },
      { name: 'broken', description: 'It has one leg.' },
    ]);
  });

  it('is the agents used last first, then the others in the order of the server', () => {
    assert.deepEqual(
      agents.map(({ name }) => name),
      ['review', 'plan', 'build'],
    );
  });

  it('says which models were used last, and what is known of each', () => {
    const known = {
      ...model('seer'),
      capabilities: { reasoning: true, toolcall: false, input: { image: true } },
      cost: { input: 3, output: 15 },
    };
    const paidElsewhere = { ...model('included'), cost: { input: 0, output: 0 } };
    const [provider] = offer.providers.providers;
    const { models: all } = buildComposerChoices(
      {
        ...offer,
        providers: {
          providers: provider ? [{ ...provider, models: { ...provider.models, known, paidElsewhere } }] : [],
          default: {},
        },
      },
      aSession({ id: 'ses_1' }),
      { sessions: { all: () => sessions } },
    );
    assert.deepEqual(
      all.map(({ modelID, isRecent }) => [modelID, isRecent === true]),
      [
        ['think', true],
        ['old', true],
        ['echo', false],
        ['known', false],
        ['paidElsewhere', false],
      ],
    );
    const facts = { reasons: true, seesImages: true, callsTools: false, price: { input: 3, output: 15 } };
    const { reasons, seesImages, callsTools, price } = all[3] ?? {};
    assert.deepEqual({ reasons, seesImages, callsTools, price }, facts);
    assert.equal(all[4] && 'price' in all[4], false);
  });

  it('is the models used last first, and so are the variants of each', () => {
    assert.deepEqual(
      models.map(({ modelID, variants }) => [modelID, variants]),
      [
        ['think', ['high', 'max', 'low']],
        ['old', []],
        ['echo', []],
      ],
    );
  });
});
