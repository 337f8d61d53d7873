import * as vscode from 'vscode';
import type { DraftTimes, WindowOrder } from './windowOrders.ts';

/** How long it takes until the draft of a hand off stands in its editor. */
export async function measureHandOff({
  sessionId,
  serverUrl,
  directory,
}: Extract<WindowOrder, { order: 'handOff' }>): Promise<DraftTimes> {
  // The first answer about a folder takes longer, whoever asks.
  await timeAnswers(serverUrl, directory, sessionId);
  const answers = await timeAnswers(serverUrl, directory, sessionId);
  const start = performance.now();
  await vscode.commands.executeCommand('opencodeSessions.session.handOff', { sessionId, text: 'Go on.' });
  const draft = performance.now() - start;
  const editor = vscode.window.activeTextEditor;
  if (editor?.document.uri.scheme !== 'opencode-prompt') throw new Error('No draft is shown.');
  await vscode.commands.executeCommand('opencodeSessions.draft.discard', editor.document.uri);
  return { draft, answers };
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
