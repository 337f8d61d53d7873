import { pathBelow, withSlashes } from '../withSlashes.ts';
import type { MessageWithParts } from '../../protocol/records.ts';

/**
 * The files that a session changed, newest first and each once, relative to its directory where they lie in it.
 * `messages` in the order of time; their `patch` parts hold absolute paths.
 */
export function filesTouched(messages: readonly MessageWithParts[], directory: string): readonly string[] {
  const files = messages
    .flatMap(({ parts }) => parts)
    .flatMap((part) => (part.type === 'patch' ? part.files : []))
    .reverse();
  return [...new Set(files.map((file) => toRelative(file, directory)))];
}

/** `file` relative to `directory`, with slashes; as it is when it lies elsewhere. */
export function toRelative(file: string, directory: string): string {
  const below = directory === '' ? undefined : pathBelow(directory, file);
  return below ?? (directory.startsWith('/') ? file : withSlashes(file));
}
