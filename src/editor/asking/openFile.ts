import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { Uri, window } from 'vscode';
import { Problem } from '../../core/errors.ts';
import { l10n } from '../../core/l10n.ts';
import type { AskWhatToOpen, ChosenFile } from '../../core/ports/readFile.ts';

/** The editor's own dialog. */
export const askWhatToOpen: AskWhatToOpen = async ({ title, directory, kinds }) => {
  const uris = await window.showOpenDialog({
    title,
    defaultUri: Uri.file(directory),
    canSelectMany: true,
    filters: Object.fromEntries(Object.entries(kinds).map(([kind, endings]) => [kind, [...endings]])),
  });
  return uris && Promise.all(uris.map((uri) => chosenFile(uri.fsPath)));
};

/** A file by its path; throws a `Problem` where none is there that can be read. */
export async function chosenFile(path: string): Promise<ChosenFile> {
  const facts = await stat(path).catch((cause: unknown) => {
    throw unreadable(path, cause);
  });
  if (!facts.isFile()) throw unreadable(path, undefined);
  return { name: basename(path), size: facts.size, read: () => readText(path) };
}

async function* readText(path: string): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder();
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 256 * 1024 })) {
      yield decoder.decode(chunk as Buffer, { stream: true });
    }
    yield decoder.decode();
  } catch (cause) {
    throw cause instanceof Problem ? cause : unreadable(path, cause);
  }
}

function unreadable(path: string, cause: unknown): Problem {
  return new Problem(l10n.t('The file {0} cannot be read. Choose another one.', path), { cause });
}
