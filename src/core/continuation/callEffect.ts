import type { PartOf } from '../../protocol/records.ts';
import { PatchedFile } from '../../protocol/records.ts';

/** What a tool call did to the work: files that it changed, or something that is not only a look. */
export interface CallEffect {
  readonly changes: readonly ChangedLines[];
  readonly acted: boolean;
}

export interface ChangedLines {
  /** As the tool names it. */
  readonly file: string;
  /** Lines that came and lines that went; undefined where nothing tells. */
  readonly lines: { readonly added: number; readonly removed: number } | undefined;
}

/** Tools of OpenCode that only look, ask or plan (1.18). */
const looking: ReadonlySet<string> = new Set(
  'read grep glob list lsp codesearch webfetch websearch question skill todowrite todoread invalid StructuredOutput read_session'.split(
    ' ',
  ),
);

/** Programs that only look, by the beginning of a command. */
const lookingCommand =
  /^\s*(?:cd \S+ && )?(?:ls|cat|head|tail|wc|pwd|which|echo|grep|rg|find|fd|tree|stat|file|du|ps|env|date|git (?:status|log|diff|show|branch|blame|ls-files|rev-parse))\b[^;&>]*$/;

/** Reads what a call did: the one place that knows how tools name files and count lines (OpenCode 1.18). */
export function readCallEffect({ tool, state }: PartOf<'tool'>): CallEffect {
  if (state.status !== 'completed') return { changes: [], acted: false };
  const { input, metadata } = state;
  const patched = Array.isArray(metadata['files']) ? (metadata['files'] as unknown[]) : [];
  const changes = patched.flatMap((one) => toChange(PatchedFile.safeParse(one).data));
  if (changes.length > 0) return { changes, acted: true };
  const file = textOf(input['filePath']) || textOf(input['path']);
  if (tool === 'write' && file !== '') {
    const content = textOf(input['content']).replace(/\n$/, '');
    const added = content === '' ? 0 : content.split('\n').length;
    // Of a file that was there, nothing tells how much of it is as it was.
    return {
      changes: [{ file, lines: metadata['exists'] === true ? undefined : { added, removed: 0 } }],
      acted: true,
    };
  }
  if ((tool === 'edit' || tool === 'multiedit') && file !== '') {
    const counted = (metadata['filediff'] ?? {}) as Record<string, unknown>;
    return {
      changes: [toChange({ filePath: file, patch: textOf(metadata['diff']), ...numbersOf(counted) })].flat(),
      acted: true,
    };
  }
  if (tool === 'bash') return { changes: [], acted: !lookingCommand.test(textOf(input['command'])) };
  if (tool === 'task') return { changes: [], acted: input['subagent_type'] !== 'explore' };
  return { changes: [], acted: !looking.has(tool) };
}

function toChange(given: PatchedFile | undefined): readonly ChangedLines[] {
  if (given === undefined) return [];
  const { filePath, movePath, patch, additions, deletions } = given;
  const known = additions !== undefined && deletions !== undefined;
  const lines = known ? { added: additions, removed: deletions } : countLines(patch);
  return [{ file: movePath ?? filePath, lines }];
}

function countLines(patch: string): ChangedLines['lines'] {
  if (patch === '') return undefined;
  let [added, removed] = [0, 0];
  for (const line of patch.split('\n')) {
    if (line.startsWith('+') && !line.startsWith('+++')) added++;
    if (line.startsWith('-') && !line.startsWith('---')) removed++;
  }
  return { added, removed };
}

function numbersOf({ additions, deletions }: Record<string, unknown>) {
  return typeof additions === 'number' && typeof deletions === 'number' ? { additions, deletions } : {};
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
