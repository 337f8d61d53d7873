import type { CallArguments, FileEntry, ToolEntry, ToolKind } from '../../protocol/page/entries.ts';
import type { PartOf, ToolState } from '../../protocol/records.ts';
import { cutMiddle } from '../plainText.ts';
import type { Call, CallResult, Fields, Patch } from '../tools/tool.ts';
import { argumentsLine } from './callArguments.ts';
import { countPatchLines } from '../tools/patchLines.ts';
import { toolOf } from '../tools/toolOf.ts';
import { plainTerminalText } from './terminalText.ts';
import { clampRecord, clampText, clampToEnd } from './clampedText.ts';
import { shortReason } from './shortReason.ts';
import { type AttachedFile, toFileEntry } from './fileEntry.ts';
import { fileName } from '../filePath.ts';
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
  const { kind } = toolOf(part.tool);
  const { exitCode, matches, todos, answers, childSessionId, patches, ...result } = readResult(part);
  const status: ToolEntry['status'] = result.isStopped
    ? 'interrupted'
    : result.hasFailed
      ? 'error'
      : state.status;
  const input = clampRecord(state.input, limits.argument, argumentItems);
  const title = 'title' in state ? (state.title ?? '') : '';
  const given = toGiven(part.tool, input, title);
  const error = status === 'error' ? clampText(readToolOutput(part), limits.output) : undefined;
  return withoutUndefined({
    id: part.id,
    type: part.type,
    tool: part.tool,
    callId: part.callID,
    kind,
    status,
    title,
    given,
    input: isShownBy(kind, given) ? undefined : input,
    clampedInput: input === state.input ? undefined : readToolInput(part).text.length,
    output: result.hasFailed ? undefined : toOutput(part, result.printed, limits.output),
    error,
    reason: error === undefined || result.isRefused ? undefined : shortReason(error.text),
    isRefused: status === 'error' && result.isRefused ? true : undefined,
    start: state.status === 'pending' ? undefined : state.time.start,
    end: state.status === 'completed' || state.status === 'error' ? state.time.end : undefined,
    diff: toDiff(patches, limits.diff),
    answers: toAnswers(answers, limits.argument),
    files: toFiles(part, limits.callPictures),
    exitCode,
    matches,
    todos,
    childSessionId,
  });
}

/** The kinds whose card shows what they were given in a form of its own, or whose output says it. */
const formed: ReadonlySet<ToolKind> = new Set([
  'command',
  'readFile',
  'writeFile',
  'searchText',
  'findFiles',
  'listFolder',
  'fetchPage',
  'searchWeb',
  'startSubagent',
  'askPerson',
  'proposePlan',
]);

/** Whether a card needs nothing but these arguments. */
function isShownBy(kind: ToolKind, { before, after }: CallArguments): boolean {
  return formed.has(kind) || (kind === 'editFile' && Boolean(before || after));
}

/** Arguments that stand in the head of a card at most, in characters. */
const argumentsLength = 300;

/** The name alone of a tool that we do not know says nothing of what it is asked to do. */
function toGiven(tool: string, input: Fields, title: string): CallArguments {
  const { kind, given } = toolOf(tool);
  const known = given(input);
  if ((kind !== 'otherTool' && kind !== 'proposePlan') || known.way) return withoutUndefined(known);
  const line = cutMiddle(argumentsLine(input), argumentsLength);
  return { subject: [title, line].filter((text) => text !== '').join(' · ') };
}

/** The whole text behind the card, for an editor: what came out, or else what went in. */
export function readToolOutput(part: PartOf<'tool'>): string {
  const { state, tool } = part;
  const { kind, readable } = toolOf(tool);
  if (state.status === 'completed') {
    return kind === 'command' ? plainTerminalText(state.output) : readable(state.output);
  }
  const { isStopped, printed } = readResult(part);
  if (state.status === 'error' && !isStopped) return plainTerminalText(state.error);
  return printed ? plainTerminalText(printed) : JSON.stringify(state.input, undefined, 2);
}

/** The whole of what a call was given, for an editor; `name` says its language by its ending. */
export function readToolInput({ tool, state }: PartOf<'tool'>): ToolInput {
  const main = toolOf(tool).main?.(state.input);
  if (typeof main?.text === 'string') return { name: main.name, text: main.text };
  return { name: `${tool}.json`, text: JSON.stringify(state.input, undefined, 2) };
}

interface ToolInput {
  readonly name: string;
  readonly text: string;
}

/** What a call changed, as a unified diff of each file; nothing where that is not known. */
export function readToolPatches(part: PartOf<'tool'>): readonly Patch[] {
  return readResult(part).patches.filter(({ file }) => file !== '');
}

/** The path of the file or folder that a call was given. */
export function readToolPath({ tool, state }: PartOf<'tool'>): string | undefined {
  return toolOf(tool).given(state.input).path;
}

/** The session in which the work goes on that a call handed off. */
export function readHandedOff(part: PartOf<'tool'>): string | undefined {
  const { tool, state } = part;
  if (state.status !== 'completed' || toolOf(tool).given(state.input).way !== 'handoff') return undefined;
  const { childSessionId, hasFailed } = readResult(part);
  return hasFailed ? undefined : childSessionId;
}

/** The files that a call gave back. One without a name, as of a `read`, has that of the file that was asked for. */
export function readToolFiles(part: PartOf<'tool'>): readonly AttachedFile[] {
  const { state } = part;
  if (state.status !== 'completed') return [];
  const asked = fileName(readToolPath(part) ?? '') || undefined;
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

function toAnswers(answers: CallResult['answers'], limit: number): ToolEntry['answers'] {
  const cut = (text: string): string => clampText(text, limit).text;
  return answers?.slice(0, argumentItems).map(({ question, answers: given }) => ({
    question: cut(question),
    answers: given.slice(0, argumentItems).map(cut),
  }));
}

function readResult({ tool, state }: PartOf<'tool'>): CallResult {
  const result = toolOf(tool).result(toCall(state));
  return {
    ...result,
    isStopped: state.status === 'error' && result.isStopped,
    hasFailed: state.status === 'completed' && result.hasFailed,
  };
}

function toCall(state: ToolState): Call {
  return {
    input: state.input,
    metadata: 'metadata' in state ? (state.metadata ?? {}) : {},
    output: state.status === 'completed' ? state.output : undefined,
    error: state.status === 'error' ? state.error : undefined,
  };
}

function toOutput(
  { tool, state }: PartOf<'tool'>,
  printed: string | undefined,
  limit: number,
): ToolEntry['output'] {
  const { kind, readable } = toolOf(tool);
  const clamp = kind === 'command' ? clampToEnd : clampText;
  if (state.status === 'completed') return clamp(readable(state.output), limit);
  return printed === undefined ? undefined : clampToEnd(printed, limit);
}

function toDiff(patches: readonly Patch[], limit: number): ToolEntry['diff'] {
  if (patches.length === 0) return undefined;
  let [additions, deletions] = [0, 0];
  for (const found of patches) {
    const counted = countPatchLines(found.patch);
    additions += found.additions ?? counted.additions;
    deletions += found.deletions ?? counted.deletions;
  }
  return {
    ...clampText(patches.map(({ patch }) => patch).join('\n'), limit),
    files: patches.flatMap(({ file }) => (file === '' ? [] : { path: file })),
    additions,
    deletions,
  };
}
