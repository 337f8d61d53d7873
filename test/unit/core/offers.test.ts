import assert from 'node:assert/strict';
import { UnavailableProblem } from '../../../src/core/errors.ts';
import { buildComposerChoices } from '../../../src/core/page/composerChoices.ts';
import { knownCommands, Offers } from '../../../src/core/state/offers.ts';
import { companionCommands } from '../../../src/protocol/companion.ts';
import type { SlashCommand } from '../../../src/protocol/records.ts';
import { aSession } from './builders.ts';

describe('what a folder offers', () => {
  const failing = new Set<'listAgents' | 'listProviders' | 'listCommands'>();
  const answer = async <T>(name: 'listAgents' | 'listProviders' | 'listCommands', value: T): Promise<T> => {
    if (failing.has(name)) throw new UnavailableProblem('No answer.');
    return value;
  };

  beforeEach(() => failing.clear());

  function open(commands: SlashCommand[] = [{ name: 'deploy', template: '' }]) {
    const offers = new Offers({
      listAgents: () => answer('listAgents', [{ name: 'build', mode: 'primary', permission: [] }]),
      listProviders: () => answer('listProviders', { providers: [], default: {} }),
      listCommands: () => answer('listCommands', commands),
    });
    const told: string[] = [];
    offers.onDidChange(({ directory }) => told.push(directory));
    return { offers, told };
  }

  it('leaves out what the companion adds for terminals, and nothing of a person of the same name', async () => {
    const { commands: offered } = await open([
      { name: 'relay', description: companionCommands.relay, template: '' },
      { name: 'fork', description: 'Mine', template: '' },
    ]).offers.load('/work');
    assert.deepEqual(
      offered.map(({ name }) => name),
      ['fork'],
    );
  });

  it('has agents and models without the commands, which are not taken for none', async () => {
    failing.add('listCommands');
    const { offers } = open();
    const offer = await offers.load('/work');
    assert.deepEqual([offer.agents.length, offer.commands], [1, []]);
    assert.throws(() => knownCommands(offer), /which commands there are\. No answer\./);
    const { failure } = buildComposerChoices(offer, aSession({ id: 'ses_1' }), {
      sessions: { all: () => [] },
    });
    assert.match(failure ?? '', /which commands there are/);
  });

  it('is asked for again where something of it is missing, and told once it is there', async () => {
    for (const missing of ['listAgents', 'listProviders', 'listCommands'] as const) {
      failing.add(missing);
      const { offers, told } = open();
      await offers.load('/work').catch(() => undefined);
      await offers.load('/work').catch(() => undefined);
      assert.deepEqual(told, [], missing);
      failing.clear();
      assert.deepEqual(knownCommands(await offers.load('/work')), [{ name: 'deploy', template: '' }]);
      assert.deepEqual(told, ['/work'], missing);
      await offers.load('/work');
      assert.equal(told.length, 1, 'it is kept');
    }
  });
});
