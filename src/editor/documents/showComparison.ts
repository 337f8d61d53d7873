import { commands } from 'vscode';
import type { DocumentName } from '../../core/documents/documentAddress.ts';
import { sessionDocumentUri } from './documentUri.ts';

/** Opens two documents in the diff editor. */
export async function showComparison(left: DocumentName, right: DocumentName): Promise<void> {
  await commands.executeCommand(
    'vscode.diff',
    sessionDocumentUri(left),
    sessionDocumentUri(right),
    `${left.title} ↔ ${right.title}`,
    { preview: false },
  );
}
