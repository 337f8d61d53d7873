import type { ToolEntry } from '../../protocol/page.ts';
import { type PartOf, Todo, type ToolState } from '../../protocol/records.ts';
import { clampRecord, clampText, clampToEnd } from './clampedText.ts';
import { withoutUndefined } from '../withoutUndefined.ts';

/** How many characters of something go to the page. */
export interface EntryLimits {
  /** Of a text or reasoning. */
  readonly text: number;
  /** Of a tool's output or error. */
  readonly output: number;
  readonly diff: number;
  /** Of each argument of a tool. */
  readonly argument: number;
}

const argumentItems = 50;

/** A tool call as the page shows it, clamped. */
export function toToolEntry(part: PartOf<'tool'>, limits: EntryLimits): ToolEntry {
  const { state } = part;
  const metadata = metadataOf(state);
  return withoutUndefined({
    id: part.id,
    type: part.type,
    tool: part.tool,
    status: state.status,
    title: 'title' in state ? (state.title ?? '') : '',
    input: clampRecord(state.input, limits.argument, argumentItems),
    output: toOutput(part.tool, state, metadata, limits.output),
    error: state.status === 'error' ? clampText(state.error, limits.output) : undefined,
    start: state.status === 'pending' ? undefined : state.time.start,
    end: state.status === 'completed' || state.status === 'error' ? state.time.end : undefined,
    diff: toDiff(part.tool, state, metadata, limits.diff),
    ...toFacts(metadata),
  });
}

/** The whole text behind the card, for an editor: what came out, or else what went in. */
export function readToolOutput(part: PartOf<'tool'>): string {
  const { state } = part;
  if (state.status === 'completed') return state.output;
  if (state.status === 'error') return state.error;
  const live = metadataOf(state)['output'];
  return typeof live === 'string' && live !== '' ? live : JSON.stringify(state.input, undefined, 2);
}

/** The unified diff of an edit, with the file it is about. */
export function readToolPatch(part: PartOf<'tool'>): { file: string; patch: string } | undefined {
  const patch = findPatch(metadataOf(part.state));
  return patch === undefined ? undefined : { file: patch.file || fileOf(part.state), patch: patch.patch };
}

function metadataOf(state: ToolState): Record<string, unknown> {
  return 'metadata' in state ? (state.metadata ?? {}) : {};
}

/** A running command tells what it printed so far in its metadata (1.18). */
function toOutput(
  tool: string,
  state: ToolState,
  metadata: Record<string, unknown>,
  limit: number,
): ToolEntry['output'] {
  const clamp = tool === 'bash' ? clampToEnd : clampText;
  if (state.status === 'completed') return clamp(state.output, limit);
  const live = metadata['output'];
  return typeof live === 'string' ? clampToEnd(live, limit) : undefined;
}

function toFacts(metadata: Record<string, unknown>) {
  const todos = Todo.array().safeParse(metadata['todos']);
  return {
    exitCode: numberOf(metadata['exit']),
    matches: numberOf(metadata['matches']) ?? numberOf(metadata['count']),
    todos: todos.data,
    childSessionId: stringOf(metadata['sessionId']),
  };
}

function toDiff(
  tool: string,
  state: ToolState,
  metadata: Record<string, unknown>,
  limit: number,
): ToolEntry['diff'] {
  const found = findPatch(metadata) ?? newFilePatch(tool, state, metadata);
  if (found === undefined) return undefined;
  const counted = countLines(found.patch);
  return {
    ...clampText(found.patch, limit),
    file: found.file || fileOf(state),
    additions: found.additions ?? counted.additions,
    deletions: found.deletions ?? counted.deletions,
  };
}

interface FoundPatch {
  readonly file: string;
  readonly patch: string;
  readonly additions?: number | undefined;
  readonly deletions?: number | undefined;
}

/** 1.18 keeps `diff` and `filediff` with an edit; a patch over several files has `diff` alone. */
function findPatch(metadata: Record<string, unknown>): FoundPatch | undefined {
  const filediff = (metadata['filediff'] ?? {}) as Record<string, unknown>;
  const patch = stringOf(filediff['patch']) ?? stringOf(metadata['diff']);
  if (patch === undefined || patch === '') return undefined;
  return {
    file: stringOf(filediff['file']) ?? '',
    patch,
    additions: numberOf(filediff['additions']),
    deletions: numberOf(filediff['deletions']),
  };
}

/** A write has no diff; of a file that was not there, all lines are additions. */
function newFilePatch(
  tool: string,
  state: ToolState,
  metadata: Record<string, unknown>,
): FoundPatch | undefined {
  const content = state.input['content'];
  if (tool !== 'write' || metadata['exists'] !== false || typeof content !== 'string') return undefined;
  const lines = content.replace(/\n$/, '').split('\n');
  const patch = [`@@ -0,0 +1,${lines.length} @@`, ...lines.map((line) => `+${line}`), ''].join('\n');
  return { file: fileOf(state), patch };
}

function fileOf(state: ToolState): string {
  return stringOf(state.input['filePath']) ?? stringOf(state.input['path']) ?? '';
}

function countLines(patch: string): { additions: number; deletions: number } {
  let [additions, deletions] = [0, 0];
  for (const line of patch.split('\n')) {
    if (line.startsWith('+') && !line.startsWith('+++')) additions++;
    if (line.startsWith('-') && !line.startsWith('---')) deletions++;
  }
  return { additions, deletions };
}

function stringOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
