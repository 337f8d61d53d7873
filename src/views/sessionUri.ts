import { Uri } from 'vscode';

/** A session as the editor's decorations know it. Nothing can be opened under it. */
export const sessionScheme = 'opencode-session';

export function toSessionUri(sessionId: string): Uri {
  return Uri.from({ scheme: sessionScheme, path: `/${sessionId}` });
}

/** undefined: not the address of a session. */
export function parseSessionUri(uri: Uri): string | undefined {
  return uri.scheme === sessionScheme ? uri.path.slice(1) : undefined;
}
