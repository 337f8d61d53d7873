import type { FileDiff } from '../../protocol/records.ts';

/** What the lines before the first hunk of a patch tell of its file. */
export interface PatchHeader {
  readonly status: NonNullable<FileDiff['status']>;
  /** As git counts modes, with the kind of the file; the one before, where both stand there. */
  readonly mode?: number;
}

/** The mode of a link, as git counts modes: its text is where it leads. */
export const linkMode = 0o120000;

export function readPatchHeader(patch = ''): PatchHeader {
  const start = patch.search(/^@@ /m);
  const header = start === -1 ? patch : patch.slice(0, start);
  const hunk = start === -1 ? '' : patch.slice(start, start + 100);
  const mode =
    /^(?:deleted file|old|new file) mode ([0-7]{6})/m.exec(header) ?? /^index \S+ ([0-7]{6})/m.exec(header);
  return {
    status: findStatus(header, hunk),
    ...(mode !== null && { mode: Number.parseInt(mode[1] ?? '', 8) }),
  };
}

function findStatus(header: string, hunk: string): PatchHeader['status'] {
  if (/^(?:new file mode |--- \/dev\/null)/m.test(header)) return 'added';
  if (/^(?:deleted file mode |\+\+\+ \/dev\/null)/m.test(header)) return 'deleted';
  // Git says of each file that came or went that it did: another one was empty, or is.
  if (header.startsWith('diff --git ')) return 'modified';
  if (hunk.startsWith('@@ -0,0 ')) return 'added';
  return /^@@ -\d+(?:,\d+)? \+0,0 @@/.test(hunk) ? 'deleted' : 'modified';
}
