import { get } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { TimedStart, WindowOrder } from './windowOrders.ts';

/** Opens the view of the sessions, which loads the extension; when its first rows stand there, the window knows best. */
export async function openTree({
  serverUrl,
  directory,
}: Extract<WindowOrder, { order: 'openTree' }>): Promise<TimedStart> {
  if (vscode.extensions.getExtension('opencode-sessions.opencode-sessions')?.isActive !== false) {
    throw new Error('The extension was active before anything asked for it, or is not there.');
  }
  // The first answer about a folder takes longer, whoever asks.
  await timeConnection(serverUrl, directory);
  const answers = await timeConnection(serverUrl, directory);
  const start = performance.timeOrigin + performance.now();
  void vscode.commands.executeCommand('opencodeSessions.sessions.focus');
  return { start, answers };
}

/** Milliseconds that the server needs until it has answered, and its stream flows, to one who asks for nothing twice. */
async function timeConnection(serverUrl: string, directory: string): Promise<number> {
  const headers = {
    'x-opencode-directory': encodeURIComponent(directory),
    'accept-encoding': 'identity',
    'content-type': 'application/json',
  };
  const ask = async (path: string): Promise<void> => {
    await (await fetch(`${serverUrl}${path}`, { headers })).arrayBuffer();
  };
  const start = performance.now();
  await ask('/global/health');
  await untilHeard(serverUrl, headers);
  await Promise.all(
    ['/session?scope=project&limit=100000', '/session/status', '/permission', '/question'].map(ask),
  );
  return performance.now() - start;
}

/** Resolves once the stream of events brings what the server was given to tell. */
async function untilHeard(serverUrl: string, headers: Readonly<Record<string, string>>): Promise<void> {
  const sign = `bench.${performance.now()}`;
  const body = JSON.stringify({ type: 'tui.command.execute', properties: { command: sign } });
  const heard = Promise.withResolvers<boolean>();
  const request = get(`${serverUrl}/global/event`, (response) => {
    response.setEncoding('utf8').on('data', (chunk: string) => {
      if (chunk.includes(sign)) heard.resolve(true);
    });
  });
  request.on('error', () => undefined);
  while (!(await Promise.race([heard.promise, delay(10, false)]))) {
    await fetch(`${serverUrl}/tui/publish`, { method: 'POST', headers, body });
  }
  request.destroy();
}
