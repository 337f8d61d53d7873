import assert from 'node:assert/strict';
import { addSystem, addToPrompt, contentOf, describeTool } from '../../../src/companion/hookEvents2.ts';
import { joinTexts, readMarks, readTexts } from '../../../src/server/openCode2/ownMarks.ts';

const model = { providerID: 'local', modelID: 'steady' };

describe('What hooks of 2.x hand over', () => {
  it('takes a block beside the conversation, as a list and as a text', () => {
    const [list, text] = [{ system: ['Be kind.'] }, { system: 'Be kind.' }];
    addSystem(list, 'Keep it.');
    addSystem(text, 'Keep it.');
    assert.deepEqual(list.system, ['Be kind.', 'Keep it.']);
    assert.equal(text.system, 'Be kind.\n\nKeep it.');
  });

  it('takes what is told with the answer of a call', () => {
    const event = { result: { content: [{ type: 'text', text: 'read' }] } };
    contentOf(event)?.push('told');
    assert.deepEqual(event.result.content.at(-1), { type: 'text', text: 'told' });
    assert.equal(contentOf({ result: { output: 'read' } }), undefined);
    assert.equal(contentOf({}), undefined);
  });

  it('takes a part into a prompt of ours that nobody wrote', () => {
    const parts = [{ type: 'text' as const, text: 'Go on.' }];
    const prompt: Record<string, unknown> = { ...joinTexts({ agent: 'build', model, parts }) };
    addToPrompt(prompt, 'The user changed it.');
    const { text, metadata } = prompt as ReturnType<typeof joinTexts>;
    assert.deepEqual(readTexts(text, readMarks(metadata)), [
      { text: 'Go on.' },
      { text: 'The user changed it.', synthetic: true },
    ]);
  });

  it('adds to the text of a prompt of others, and does not make it one of ours', () => {
    const prompt: Record<string, unknown> = { text: 'Go on.', metadata: { theirs: true } };
    addToPrompt(prompt, 'The user changed it.');
    assert.deepEqual(prompt, { text: 'Go on.\n\nThe user changed it.', metadata: { theirs: true } });
  });

  it('takes a remark at a tool, listed or by its name', () => {
    const [list, named] = [
      {
        tools: [
          { name: 'read', description: 'Reads.' },
          { name: 'session', description: 'Passes on.' },
        ],
      },
      { tools: { session: { description: 'Passes on.' } } },
    ];
    describeTool(list, 'session', 'Agents: plan.');
    describeTool(named, 'session', 'Agents: plan.');
    assert.deepEqual(
      list.tools.map(({ description }) => description),
      ['Reads.', 'Passes on.\n\nAgents: plan.'],
    );
    assert.equal(named.tools.session.description, 'Passes on.\n\nAgents: plan.');
  });

  it('stays as it is where it is of another form', () => {
    const event = { system: 7, tools: 'none', text: undefined };
    addSystem(event, 'x');
    addToPrompt(event, 'x');
    describeTool(event, 'session', 'x');
    assert.deepEqual(event, { system: 7, tools: 'none', text: undefined });
  });
});
