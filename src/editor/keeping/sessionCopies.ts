import { mkdir, writeFile } from 'node:fs/promises';
import { Uri } from 'vscode';
import { l10n } from '../../core/l10n.ts';
import type { Notice } from '../../core/ports/notify.ts';
import type { MessageWithParts, Session } from '../../protocol/records.ts';

/** Keeps a copy of a session as a JSON file in the storage of the workspace; resolves with its place. */
export async function keepSessionCopy(
  storage: Uri,
  session: Session,
  messages: readonly MessageWithParts[],
  now: number,
): Promise<Uri> {
  const folder = Uri.joinPath(storage, 'copies');
  const time = new Date(now).toISOString().replaceAll(/[:.]/g, '-');
  const file = Uri.joinPath(folder, `${session.id} ${time}.json`);
  const text = JSON.stringify({ session, messages }, undefined, 2);
  await mkdir(folder.fsPath, { recursive: true });
  // What a session holds is for nobody else on this machine.
  await writeFile(file.fsPath, text, { mode: 0o600 });
  return file;
}

/** What a person is told of a copy that was kept before the session is compacted. */
export function describeCopy(title: string, file: Uri): Notice {
  return {
    message: l10n.t('A copy of “{0}” was kept before it is compacted.', title),
    actions: [{ title: l10n.t('Open Copy'), command: 'vscode.open', arguments: [file] }],
  };
}
