import { waitFor } from './waitFor.ts';
import type { Workbench } from './workbench.ts';

/** What is exported, and how: the dialogs take the first that shows each text. */
export interface ExportOrder {
  readonly title: string;
  readonly file: string;
  readonly choices: readonly string[];
  /** Is called while the options stand open, which JSON has not. */
  readonly onOptions?: () => Promise<void>;
}

/** Exports a session as its row offers it; resolves when it is said to be done. */
export async function exportSession(
  workbench: Workbench,
  { title, file, choices, onOptions }: ExportOrder,
): Promise<void> {
  await workbench.pickFromMenu(workbench.row(title), 'Export Session…');
  const label = workbench.page.locator('.quick-input-list .monaco-list-row .label-name:visible');
  for (const choice of choices) await label.getByText(choice, { exact: true }).click();
  if (!file.endsWith('.json')) {
    await label.getByText('Redact Secrets', { exact: true }).waitFor();
    await onOptions?.();
    await workbench.quickInput.press('Enter');
  }
  // The editor's own dialog, which asks in a quick pick where the disk is another machine's.
  await waitFor(async () => /\.\w+$/.test(await workbench.quickInput.inputValue()), {
    what: 'the name of the file',
  });
  await workbench.answerInput(file);
  await (await workbench.notification('was exported to')).first().waitFor();
}
