import * as vscode from 'vscode';
import type { TimedStart, WindowOrder } from './windowOrders.ts';

/** Drafts a hand off; when it stands in its editor, the window knows best. */
export async function startHandOff({
  sessionId,
  serverUrl,
  directory,
}: Extract<WindowOrder, { order: 'handOff' }>): Promise<TimedStart> {
  // The first answer about a folder takes longer, whoever asks, and the first text editor, whatever it shows.
  await openEmptyEditor();
  await timeAnswers(serverUrl, directory, sessionId);
  const answers = await timeAnswers(serverUrl, directory, sessionId);
  const start = performance.timeOrigin + performance.now();
  // Without a goal: a draft with words of a person is discarded after a question only.
  await vscode.commands.executeCommand('opencodeSessions.session.handOff', { sessionId, text: '' });
  return { start, answers };
}

async function openEmptyEditor(): Promise<void> {
  const document = await vscode.workspace.openTextDocument({ content: '' });
  await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.Beside });
  await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
}

export async function discardDraft(): Promise<null> {
  const editor = vscode.window.activeTextEditor;
  if (editor?.document.uri.scheme !== 'opencode-prompt') throw new Error('No draft is shown.');
  await vscode.commands.executeCommand('opencodeSessions.draft.discard', editor.document.uri);
  return null;
}

/** Asks for all that a hand off is drafted from, at once, as the extension does. */
async function timeAnswers(serverUrl: string, directory: string, sessionId: string): Promise<number> {
  const ask = async (path: string): Promise<Response> => {
    const response = await fetch(`${serverUrl}${path}`, {
      headers: { 'x-opencode-directory': encodeURIComponent(directory), 'accept-encoding': 'identity' },
    });
    await response.arrayBuffer();
    return response;
  };
  const start = performance.now();
  await Promise.all([
    readAll(ask, `/session/${sessionId}/message?limit=200`),
    ...[
      `/session/${sessionId}`,
      `/session/${sessionId}/todo`,
      '/agent',
      '/config/providers',
      '/experimental/tool/ids',
    ].map(ask),
  ]);
  return performance.now() - start;
}

async function readAll(ask: (path: string) => Promise<Response>, path: string): Promise<void> {
  let before = '';
  for (;;) {
    const { headers } = await ask(before === '' ? path : `${path}&before=${encodeURIComponent(before)}`);
    before = headers.get('x-next-cursor') ?? '';
    if (before === '') return;
  }
}
