import type { ModelRequest } from '../workbench/scriptedModel.ts';
import { waitFor } from '../workbench/waitFor.ts';
import type { Workbench } from '../workbench/workbench.ts';
import { sharedBench } from './sharedBench.ts';

/** The turn that the model was asked for with this text in its last prompt. */
export async function turnWith(text: string): Promise<ModelRequest> {
  const { shop } = await sharedBench();
  return waitFor(
    () =>
      shop.model.requests.find(
        ({ kind, messages }) =>
          kind === 'turn' && messages.findLast(({ role }) => role === 'user')?.text.includes(text),
      ),
    { what: `a turn about "${text}"` },
  );
}

/** Picks one of the ways to go on from the list that is open, by its name alone: what the others keep names forks, too. */
export async function pickWay({ page }: Workbench, name: string): Promise<void> {
  const label = page.locator('.label-name').getByText(name, { exact: true });
  await page.locator('.quick-input-list .monaco-list-row').filter({ has: label }).click();
}
