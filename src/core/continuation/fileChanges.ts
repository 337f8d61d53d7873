import type { MessageWithParts } from '../../protocol/records.ts';
import { readCallEffect } from './callEffect.ts';
import { toRelative } from './filesTouched.ts';

/** A file that was changed, with the lines of all its changes where they are known. */
export interface FileChange {
  /** Relative to the session's directory where it lies in it. */
  readonly file: string;
  readonly added: number;
  readonly removed: number;
}

/**
 * The files that messages changed, what matters most first: sources before tests, and these before what programs
 * write and what lies elsewhere; in each of them by the lines changed, then the newest first. `messages` in the order of time.
 */
export function listChanges(messages: readonly MessageWithParts[], directory: string): readonly FileChange[] {
  const changes = new Map<string, FileChange>();
  const count = (path: string, added: number, removed: number): void => {
    const file = toRelative(path, directory);
    const known = changes.get(file);
    // What was changed last stands last.
    changes.delete(file);
    changes.set(file, { file, added: (known?.added ?? 0) + added, removed: (known?.removed ?? 0) + removed });
  };
  for (const part of messages.flatMap(({ parts }) => parts)) {
    if (part.type === 'patch') for (const file of part.files) count(file, 0, 0);
    if (part.type !== 'tool') continue;
    for (const { file, lines } of readCallEffect(part).changes)
      count(file, lines?.added ?? 0, lines?.removed ?? 0);
  }
  return [...changes.values()]
    .reverse()
    .sort((a, b) => rankOf(a.file) - rankOf(b.file) || linesOf(b) - linesOf(a));
}

export function linesOf({ added, removed }: FileChange): number {
  return added + removed;
}

/** What programs write: it is long and tells little. */
const written =
  /(?:^|\/)(?:package-lock\.json|npm-shrinkwrap\.json|pnpm-lock\.yaml|yarn\.lock|bun\.lockb?|cargo\.lock|go\.sum|poetry\.lock|uv\.lock|gemfile\.lock|composer\.lock|[^/]*\.(?:snap|min\.js|min\.css|map|lock))$|(?:^|\/)(?:dist|node_modules|__snapshots__|generated|vendor)\//i;

const tested =
  /(?:^|\/)(?:tests?|specs?|__tests__|e2e|testdata|fixtures|mocks?|__mocks__)\/|[._-](?:test|tests|spec)\.[^/.]+$|(?:^|\/)(?:test_[^/]*|[^/]*_test)\.[^/.]+$|(?:^|\/)[^/]*Tests?\.(?:java|kt|cs|php|swift|scala)$/;

function rankOf(file: string): number {
  // What lies elsewhere is seldom what the session is about.
  if (written.test(file) || /^(?:\/|[a-z]:)/i.test(file)) return 2;
  return tested.test(file) ? 1 : 0;
}
