import { Uri } from 'vscode';
import { sessionScheme } from '../core/sessions/sessionAddress.ts';

export function toSessionUri(sessionId: string): Uri {
  return Uri.from({ scheme: sessionScheme, path: `/${sessionId}` });
}

/** undefined: not the address of a session. */
export function parseSessionUri(uri: Uri): string | undefined {
  return uri.scheme === sessionScheme ? uri.path.slice(1) : undefined;
}
