import assert from 'node:assert/strict';
import type { MessageEntry } from '../../../src/protocol/page/entries.ts';
import { aMessage, aText, aView } from '../builders.ts';
import { usePage } from '../usePage.ts';

/** Turn `number`: a prompt for an agent and its answer. */
function aTurn(number: number, agent: string, relayed?: { readonly from?: string }): MessageEntry[] {
  const text = aText(`prt_${number}`, `Prompt ${number}`);
  const prompt = relayed === undefined ? text : { ...text, relayed };
  return [
    { ...aMessage(number * 2, prompt), agent },
    { ...aMessage(number * 2 + 1, aText(`prt_${number}_a`, `Answer ${number}`)), agent },
  ];
}

describe('The transcript page where the turn passes to another agent', () => {
  const { shown } = usePage();

  const lines = (): Promise<[string, string | null][]> =>
    shown.page
      .getByTestId('agent-change')
      .evaluateAll((all) =>
        all.map((line): [string, string | null] => [
          (line as HTMLElement).innerText.trim(),
          line.closest('[data-message-id]')?.getAttribute('data-message-id') ?? null,
        ]),
      );

  it('says above the prompt that it was relayed, and from whom', async () => {
    const entries = [
      ...aTurn(0, 'build'),
      ...aTurn(1, 'reviewer', { from: 'build' }),
      ...aTurn(2, 'reviewer'),
    ];
    await shown.send({ type: 'show', view: aView({ entries }) });
    assert.deepEqual(await lines(), [['Relayed: build → reviewer', 'msg_000002']]);
  });

  it('calls it a switch where it was none, as in a fork that has a copy of the relay', async () => {
    const entries = [...aTurn(0, 'build'), ...aTurn(1, 'reviewer')];
    await shown.send({ type: 'show', view: aView({ entries }) });
    assert.deepEqual(await lines(), [['Agent switched: build → reviewer', 'msg_000002']]);
  });

  it('says of a switch nothing, and of a relay what it knows, while the messages before are not there', async () => {
    const entries = [...aTurn(1, 'reviewer'), ...aTurn(2, 'build', { from: 'reviewer' })];
    await shown.send({ type: 'show', view: aView({ entries, hasOlder: true }) });
    assert.deepEqual(await lines(), [['Relayed: reviewer → build', 'msg_000004']]);
    await shown.send({
      type: 'stretch',
      sessionId: 'ses_1',
      entries: [...aTurn(0, 'plan'), ...aTurn(1, 'reviewer').slice(0, 1)],
      hasOlder: false,
    });
    await shown.page.getByText('Agent switched: plan → reviewer').waitFor();
  });

  it('says it once the text of the relay is there', async () => {
    await shown.send({ type: 'show', view: aView({ entries: aTurn(0, 'build') }) });
    const [prompt] = aTurn(1, 'build', { from: 'build' });
    assert.ok(prompt);
    const { parts, ...head } = prompt;
    await shown.send({
      type: 'changes',
      sessionId: 'ses_1',
      changes: [
        { kind: 'message', head },
        ...parts.map((part) => ({ kind: 'part', messageId: head.id, part }) as const),
      ],
    });
    await shown.page.getByText('Relayed: build', { exact: true }).waitFor();
  });
});
