import type { FileEntry, ToolEntry } from '../../protocol/page/entries.ts';
import {
  AskedQuestions,
  type FileChange,
  type PartOf,
  PatchedFile,
  Todo,
  type ToolState,
} from '../../protocol/records.ts';
import { clampRecord, clampText, clampToEnd } from './clampedText.ts';
import { type AttachedFile, toFileEntry } from './fileEntry.ts';
import { fileName } from '../prompts/promptText.ts';
import { readableOutput } from './toolOutput.ts';
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
  /** Of what a provider said of an attempt that failed. */
  readonly retry: number;
  /** Of the `data:` URL of a picture that came with a message. */
  readonly picture: number;
  /** Of those that a call gave back, together. */
  readonly callPictures: number;
}

const argumentItems = 50;
const callFiles = 50;

/** A tool call as the page shows it, clamped. */
export function toToolEntry(part: PartOf<'tool'>, limits: EntryLimits): ToolEntry {
  const { state } = part;
  const metadata = metadataOf(state);
  const status: ToolEntry['status'] = wasStopped(part) ? 'interrupted' : state.status;
  const input = clampRecord(state.input, limits.argument, argumentItems);
  return withoutUndefined({
    id: part.id,
    type: part.type,
    tool: part.tool,
    status,
    title: 'title' in state ? (state.title ?? '') : '',
    input,
    clampedInput: input === state.input ? undefined : readToolInput(part).text.length,
    output: toOutput(part.tool, state, metadata, limits.output),
    error: status === 'error' && 'error' in state ? clampText(state.error, limits.output) : undefined,
    start: state.status === 'pending' ? undefined : state.time.start,
    end: state.status === 'completed' || state.status === 'error' ? state.time.end : undefined,
    diff: toDiff(part.tool, state, limits.diff),
    answers: toAnswers(part, limits.argument),
    files: toFiles(part, limits.callPictures),
    ...toFacts(metadata),
  });
}

/** Whether the call did not fail but ended with the run, which a person stopped; a subagent has words for it (1.18). */
function wasStopped({ tool, state }: PartOf<'tool'>): boolean {
  if (state.status !== 'error') return false;
  return metadataOf(state)['interrupted'] === true || (tool === 'task' && state.error === 'Task cancelled');
}

/** The whole text behind the card, for an editor: what came out, or else what went in. */
export function readToolOutput(part: PartOf<'tool'>): string {
  const { state } = part;
  if (state.status === 'completed') return readableOutput(part.tool, state.output);
  if (state.status === 'error' && !wasStopped(part)) return state.error;
  const live = metadataOf(state)['output'];
  return typeof live === 'string' && live !== '' ? live : JSON.stringify(state.input, undefined, 2);
}

/** The whole of what a call was given, for an editor; `name` says its language by its ending. */
export function readToolInput({ tool, state }: PartOf<'tool'>): ToolInput {
  const { name, text } = mainArgument(tool, state);
  if (typeof text === 'string') return { name, text };
  return { name: `${tool}.json`, text: JSON.stringify(state.input, undefined, 2) };
}

interface ToolInput {
  readonly name: string;
  readonly text: string;
}

/** The one argument that is worth reading as it was written, not as JSON. */
function mainArgument(tool: string, state: ToolState): { readonly name: string; readonly text?: unknown } {
  const { input } = state;
  switch (tool) {
    case 'bash':
      return { name: 'command.sh', text: input['command'] };
    case 'task':
      return { name: 'prompt.md', text: input['prompt'] };
    case 'write':
      return { name: fileOf(state), text: input['content'] };
    case 'apply_patch':
      return { name: 'patch.diff', text: input['patchText'] };
    default:
      return { name: '' };
  }
}

/** What a call changed, as a unified diff of each file; nothing where that is not known. */
export function readToolPatches({ tool, state }: PartOf<'tool'>): readonly Patch[] {
  return findPatches(tool, state).filter(({ file }) => file !== '');
}

/** The files that a call gave back. One without a name, as of a `read`, has that of the file that was asked for (1.18). */
export function readToolFiles({ state }: PartOf<'tool'>): readonly AttachedFile[] {
  if (state.status !== 'completed') return [];
  const asked = fileName(fileOf(state)) || undefined;
  return (state.attachments ?? []).map(({ filename = asked, ...file }) =>
    withoutUndefined({ ...file, filename }),
  );
}

function toFiles(part: PartOf<'tool'>, limit: number): readonly FileEntry[] | undefined {
  const files = readToolFiles(part).slice(0, callFiles);
  if (files.length === 0) return undefined;
  let left = limit;
  return files.map((file) => {
    const entry = toFileEntry(file, left);
    left -= entry.image?.length ?? 0;
    return entry;
  });
}

/** What was asked of the person and what they said; 1.18 keeps the answers in the order of the questions. */
function toAnswers({ tool, state }: PartOf<'tool'>, limit: number): ToolEntry['answers'] {
  const answered = AskedQuestions.safeParse({ ...state.input, ...metadataOf(state) }).data;
  if (tool !== 'question' || answered === undefined) return undefined;
  const cut = (text: string): string => clampText(text, limit).text;
  return answered.questions.slice(0, argumentItems).map(({ question }, index) => ({
    question: cut(question),
    answers: (answered.answers[index] ?? []).slice(0, argumentItems).map(cut),
  }));
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
  if (state.status === 'completed') return clamp(readableOutput(tool, state.output), limit);
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

function toDiff(tool: string, state: ToolState, limit: number): ToolEntry['diff'] {
  const patches = findPatches(tool, state);
  if (patches.length === 0) return undefined;
  let [additions, deletions] = [0, 0];
  for (const found of patches) {
    const counted = countLines(found.patch);
    additions += found.additions ?? counted.additions;
    deletions += found.deletions ?? counted.deletions;
  }
  return {
    ...clampText(patches.map(({ patch }) => patch).join('\n'), limit),
    files: patches.flatMap(({ file, name }) => (file === '' ? [] : withoutUndefined({ path: file, name }))),
    additions,
    deletions,
  };
}

/** The unified diff of one file. */
export interface Patch {
  /** Its path, relative to the session's directory or absolute. */
  readonly file: string;
  readonly patch: string;
  /** Whether the file itself came or went, where that is known. */
  readonly change?: FileChange;
}

interface FoundPatch extends Patch {
  readonly name?: string | undefined;
  readonly additions?: number | undefined;
  readonly deletions?: number | undefined;
}

function findPatches(tool: string, state: ToolState): readonly FoundPatch[] {
  const metadata = metadataOf(state);
  const files = readPatchedFiles(metadata);
  if (files.length > 0) return files.map(toPatch);
  const found = findEdit(state, metadata) ?? newFilePatch(tool, state, metadata);
  return found === undefined ? [] : [found];
}

/** 1.18 keeps `files` with a patch, which may be over several, and with the request to permit it. */
export function readPatchedFiles({ files }: Record<string, unknown>): readonly PatchedFile[] {
  return (Array.isArray(files) ? files : []).flatMap((one) => PatchedFile.safeParse(one).data ?? []);
}

function toPatch({ filePath, movePath, relativePath, type, ...counted }: PatchedFile): FoundPatch {
  return {
    file: movePath ?? filePath,
    name: relativePath,
    ...counted,
    ...(type && { change: patchChanges[type] }),
  };
}

const patchChanges = { add: 'added', delete: 'deleted', update: 'modified', move: 'modified' } as const;

/** 1.18 keeps `diff` and `filediff` with an edit. */
function findEdit(state: ToolState, metadata: Record<string, unknown>): FoundPatch | undefined {
  const filediff = (metadata['filediff'] ?? {}) as Record<string, unknown>;
  const patch = stringOf(filediff['patch']) ?? stringOf(metadata['diff']);
  if (patch === undefined || patch === '') return undefined;
  return {
    file: stringOf(filediff['file']) || fileOf(state),
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
  const lines = content === '' ? [] : content.replace(/\n$/, '').split('\n');
  const patch = [`@@ -0,0 +1,${lines.length} @@`, ...lines.map((line) => `+${line}`), ''].join('\n');
  return { file: fileOf(state), patch, additions: lines.length, deletions: 0, change: 'added' };
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
