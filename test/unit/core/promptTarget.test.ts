import assert from 'node:assert/strict';
import { NoModelProblem, NotFoundProblem } from '../../../src/core/errors.ts';
import { findPromptTarget, type TargetSources } from '../../../src/core/turns/promptTarget.ts';
import { Agent, ProviderList } from '../../../src/protocol/records.ts';

const aModel = (id: string) => ({
  id,
  providerID: 'local',
  name: id,
  limit: { context: 1000, output: 100 },
});
const providers = ProviderList.parse({
  providers: [{ id: 'local', name: 'Local', models: { echo: aModel('echo'), big: aModel('big') } }],
  default: { local: 'echo' },
});
const agents = [
  { name: 'build', mode: 'primary' },
  { name: 'plan', mode: 'primary', model: { providerID: 'local', modelID: 'big' } },
  { name: 'explore', mode: 'subagent' },
  { name: 'title', mode: 'primary', hidden: true },
].map((agent) => Agent.parse(agent));

function someSources(given: Partial<TargetSources> = {}): TargetSources {
  return {
    session: { agent: 'build', model: { id: 'echo', providerID: 'local', variant: 'high' } },
    latestPrompt: undefined,
    agents,
    providers,
    recentModel: undefined,
    ...given,
  };
}

describe('the target of a prompt', () => {
  it('is what the session uses, variant included', () => {
    assert.deepEqual(findPromptTarget({}, someSources()), {
      agent: 'build',
      model: { providerID: 'local', modelID: 'echo', variant: 'high' },
    });
  });

  it('is what the latest prompt named where the record names nothing, as in a fork', () => {
    const latestPrompt = { agent: 'plan', model: { providerID: 'local', modelID: 'echo' } };
    assert.deepEqual(findPromptTarget({}, someSources({ session: {}, latestPrompt })), {
      agent: 'plan',
      model: { providerID: 'local', modelID: 'echo' },
    });
  });

  it('takes the model of an agent that was asked for, unless a model was asked for as well', () => {
    assert.equal(findPromptTarget({ agent: 'plan' }, someSources()).model.modelID, 'big');
    const model = { providerID: 'local', modelID: 'echo' };
    assert.deepEqual(findPromptTarget({ agent: 'plan', model }, someSources()).model, model);
  });

  it('takes the first agent and the default model for a session that has neither', () => {
    assert.deepEqual(findPromptTarget({}, someSources({ session: undefined })), {
      agent: 'build',
      model: { providerID: 'local', modelID: 'echo' },
    });
  });

  it('goes on with a subagent in its own session, and refuses it elsewhere', () => {
    assert.equal(findPromptTarget({}, someSources({ session: { agent: 'explore' } })).agent, 'explore');
    assert.throws(() => findPromptTarget({ agent: 'explore' }, someSources()), NotFoundProblem);
    assert.throws(() => findPromptTarget({ agent: 'title' }, someSources()), NotFoundProblem);
  });

  it('names the agents that there are when it refuses one', () => {
    assert.throws(() => findPromptTarget({ agent: 'nope' }, someSources()), {
      message: 'There is no agent “nope” to prompt here. Choose one of: build, plan.',
    });
  });

  it('never replaces an agent that is gone by another', () => {
    assert.throws(() => findPromptTarget({}, someSources({ session: { agent: 'gone' } })), NotFoundProblem);
  });

  it('refuses a model that the server does not have', () => {
    const model = { providerID: 'local', modelID: 'nope' };
    assert.throws(() => findPromptTarget({ model }, someSources()), NotFoundProblem);
  });

  it('offers to connect the provider of a model that is missed, where the server has none of it', () => {
    const model = { providerID: 'gone', modelID: 'nope' };
    assert.throws(
      () => findPromptTarget({ model }, someSources()),
      (error) => {
        assert.ok(error instanceof NotFoundProblem && !(error instanceof NoModelProblem));
        assert.deepEqual(error.remedy?.arguments, [{ providerId: 'gone' }]);
        return true;
      },
    );
  });

  it('offers to connect a provider when there is no model at all', () => {
    const connect = 'opencodeSessions.provider.connect';
    const none = { providers: [], default: {} };
    assert.throws(
      () => findPromptTarget({}, someSources({ session: undefined, providers: none })),
      (error) => error instanceof NoModelProblem && error.remedy?.command === connect,
    );
  });
});
