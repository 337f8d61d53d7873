import { Uri } from 'vscode';
import { type DocumentName, toDocumentPath } from '../../core/documents/documentAddress.ts';
import { documentScheme } from '../../manifest.ts';

/** The address of a session's document, or of what follows a message in it. */
export function sessionDocumentUri(name: DocumentName): Uri {
  return Uri.from({ scheme: documentScheme, ...toDocumentPath(name) });
}
