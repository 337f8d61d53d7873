import * as vscode from 'vscode';
import { toAnnouncementLine } from '../workbench/announcement.ts';
import { discardDraft, startHandOff } from './draftStart.ts';
import { openTree } from './treeStart.ts';
import { measureTree } from './treeTimes.ts';
import { ordersVariable, type WindowAnswer, type WindowOrder } from './windowOrders.ts';

/** Runs in the extension host: does what the benchmark orders until it says that this is the end. */
export async function run(): Promise<void> {
  const url = process.env[ordersVariable] ?? '';
  for (;;) {
    const order = (await (await fetch(`${url}/order`)).json()) as WindowOrder;
    if (order.order === 'end') break;
    const answer = await obey(order);
    await fetch(`${url}/answer`, { method: 'POST', body: JSON.stringify(answer) });
  }
  console.log(toAnnouncementLine({ counts: { passed: 1, failed: 0, failures: [] } }));
}

function obey(order: Exclude<WindowOrder, { order: 'end' }>): Promise<WindowAnswer> {
  switch (order.order) {
    case 'emptyWebview':
      return measureEmptyWebview();
    case 'openSession':
      return openSession(order.sessionId);
    case 'openDocument':
      return openDocument(order.sessionId);
    case 'openTree':
      return openTree(order);
    case 'tree':
      return measureTree(order);
    case 'handOff':
      return startHandOff(order);
    case 'discardDraft':
      return discardDraft();
  }
}

async function openSession(sessionId: string): Promise<number> {
  const start = performance.timeOrigin + performance.now();
  await vscode.commands.executeCommand('opencodeSessions.session.open', sessionId);
  return start;
}

async function openDocument(sessionId: string): Promise<number> {
  const start = performance.now();
  await vscode.commands.executeCommand('opencodeSessions.session.openAsDocument', sessionId);
  const time = performance.now() - start;
  const text = vscode.window.activeTextEditor?.document.getText() ?? '';
  if (!text.includes('End of Document')) throw new Error('The newest turn is not there.');
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  return time;
}

async function measureEmptyWebview(): Promise<number> {
  const start = performance.now();
  const column = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true };
  const panel = vscode.window.createWebviewPanel('benchEmpty', 'Empty', column, { enableScripts: true });
  const ready = new Promise<void>((resolve) => {
    panel.webview.onDidReceiveMessage(() => resolve());
  });
  panel.webview.html =
    '<!DOCTYPE html><html lang="en"><body><script>acquireVsCodeApi().postMessage("ready")</script></body></html>';
  await ready;
  const time = performance.now() - start;
  panel.dispose();
  return time;
}
