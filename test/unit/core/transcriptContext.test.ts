import assert from 'node:assert/strict';
import { Transcript } from '../../../src/core/transcript/transcript.ts';
import { findContextUse } from '../../../src/core/transcript/transcriptContext.ts';
import { ProviderList, type MessageWithParts } from '../../../src/protocol/records.ts';
import { anAnswer, aUserMessage } from './builders.ts';

const providers = ProviderList.parse({
  providers: [
    {
      id: 'local',
      name: 'Local',
      models: {
        echo: { id: 'echo', providerID: 'local', name: 'Echo', limit: { context: 1000, output: 100 } },
      },
    },
  ],
});

/** An answer after which so many tokens are used; 0: it has not been counted. */
function counted(id: string, input: number, given: Parameters<typeof anAnswer>[2] = {}): MessageWithParts {
  const { info, parts } = anAnswer(id, 'msg_0', given);
  const tokens = { input, output: 0, reasoning: 0, cache: { read: 0, write: 0 } };
  return { info: info.role === 'assistant' ? { ...info, tokens } : info, parts };
}

const asking = (id: string): MessageWithParts => aUserMessage(id);
const compacting = (id: string): MessageWithParts =>
  aUserMessage(id, { parts: [{ type: 'compaction', auto: false }] });

function contextOf(...messages: readonly MessageWithParts[]) {
  return findContextUse(new Transcript({ messages }), providers);
}

const limit = 900;

describe('how full the context is', () => {
  it('is what the latest counted answer says', () => {
    assert.equal(contextOf(), undefined);
    assert.equal(contextOf(asking('msg_1'), counted('msg_2', 0)), undefined);
    const answers = [counted('msg_2', 100), counted('msg_3', 200), counted('msg_4', 0)];
    assert.deepEqual(contextOf(asking('msg_1'), ...answers), { used: 200, limit });
  });

  it('is not known between a compaction and the next answer, but what it was', () => {
    const before = [asking('msg_1'), counted('msg_2', 700), compacting('msg_3')];
    const summary = counted('msg_4', 750, { summary: true });
    assert.deepEqual(contextOf(...before, summary), { limit, before: 700 });
    assert.deepEqual(contextOf(...before, summary, asking('msg_5'), counted('msg_6', 0)), {
      limit,
      before: 700,
    });
    assert.equal(contextOf(summary), undefined, 'where what came before is not there');
  });

  it('is told beside what it was before a compaction, until somebody asks a second time', () => {
    const compacted = [
      asking('msg_1'),
      counted('msg_2', 700),
      compacting('msg_3'),
      counted('msg_4', 750, { summary: true }),
      asking('msg_5'),
      counted('msg_6', 40),
      counted('msg_7', 50),
    ];
    assert.deepEqual(contextOf(...compacted), { used: 50, limit, before: 700 });
    assert.deepEqual(contextOf(...compacted, asking('msg_8')), { used: 50, limit });
    assert.deepEqual(contextOf(...compacted, asking('msg_8'), counted('msg_9', 60)), { used: 60, limit });
  });

  it('is what the summary wrote at least, where that was counted', () => {
    const before = [asking('msg_1'), counted('msg_2', 700), compacting('msg_3')];
    const summary = anAnswer('msg_4', 'msg_0', { summary: true });
    const tokens = { input: 750, output: 30, reasoning: 0, cache: { read: 0, write: 0 } };
    const { info, parts } = summary;
    const told = info.role === 'assistant' ? { info: { ...info, tokens }, parts } : summary;
    assert.deepEqual(contextOf(...before, told), { used: 30, limit, isLeast: true, before: 700 });
    assert.deepEqual(contextOf(...before, told, asking('msg_5'), counted('msg_6', 40)), {
      used: 40,
      limit,
      before: 700,
    });
  });

  it('stays what it was while a compaction is at work, and where it failed', () => {
    const before = [asking('msg_1'), counted('msg_2', 700), compacting('msg_3')];
    for (const given of [{ running: true }, { error: 'APIError' }]) {
      const context = contextOf(...before, counted('msg_4', 750, { summary: true, ...given }));
      assert.deepEqual(context, { used: 700, limit }, JSON.stringify(given));
    }
  });
});
