import * as vscode from 'vscode';
import { toAnnouncementLine } from '../workbench/announcement.ts';

/** Runs in the extension host: says how many milliseconds it took from asking for the extension to its being active. */
export async function run(): Promise<void> {
  const extension = vscode.extensions.getExtension('opencode-sessions.opencode-sessions');
  if (extension === undefined) throw new Error('The extension is not there.');
  const start = performance.now();
  await extension.activate();
  const text = String(performance.now() - start);
  console.log(toAnnouncementLine({ text, counts: { passed: 1, failed: 0, failures: [] } }));
}
