import type { PermissionEntry, QuestionEntry } from '../../protocol/page/requests.ts';
import type { PermissionRequest, QuestionRequest } from '../../protocol/records.ts';
import type { AskedCall, AskedCalls } from './askedCalls.ts';
import type { Waiting } from '../sessions/attention.ts';
import { clampText } from '../entries/clampedText.ts';
import { permissionTitle } from './permissionText.ts';
import { isAskedByItsTool, namesNothing, readWritten, untoldArguments } from './askedArguments.ts';
import type { Sessions } from '../sessions/sessionStore.ts';
import { cutMiddle, plainLine } from '../plainText.ts';
import { permissionOf, readRequest, toolOf } from '../tools/toolOf.ts';
import { withoutUndefined } from '../withoutUndefined.ts';

/** Characters of a command, of a diff, of patterns or of arguments that a permission is asked for. */
const detailLimit = 8000;
/** Characters of what the agent says that a call is for: it is to be short. */
const purposeLimit = 300;

export interface RequestSources {
  readonly sessions: Pick<Sessions, 'get' | 'title'>;
  readonly calls: Pick<AskedCalls, 'of'>;
  /** Texts of permissions that were opened in an editor, by the id of their request. */
  readonly opened: ReadonlyMap<string, string>;
}

export interface RequestEntries {
  readonly permissions: readonly PermissionEntry[];
  readonly questions: readonly QuestionEntry[];
}

/** What a session and its subagents wait for, as the page of `sessionId` shows it. */
export function buildRequestEntries(
  sessionId: string,
  waiting: readonly Waiting[],
  { sessions, calls, opened }: RequestSources,
): RequestEntries {
  const titleOfAsker = (asker: string): string | undefined => {
    const session = asker === sessionId ? undefined : sessions.get(asker);
    return session && sessions.title(session);
  };
  return {
    permissions: waiting.flatMap((one) =>
      one.kind === 'permission'
        ? [
            toPermission(one.request, {
              sessionTitle: titleOfAsker(one.request.sessionID),
              call: calls.of(one.request),
              directory: sessions.get(one.request.sessionID)?.directory,
              opened: opened.get(one.request.id),
            }),
          ]
        : [],
    ),
    questions: waiting.flatMap((one) =>
      one.kind === 'question' ? [toQuestion(one.request, titleOfAsker(one.request.sessionID))] : [],
    ),
  };
}

/** All that a permission is asked for, for an editor; `directory` is the folder of the session that asks. */
export function readWholePermission(request: PermissionRequest, call: AskedCall, directory?: string): string {
  const named = readPatterns(request);
  const detail = readDetail(request, call);
  const isNamed = detail === '' || fitting(named).length < named.length;
  const texts = [isNamed ? named.join('\n') : '', detail, readArguments(request, call, directory)];
  return texts.filter((text) => text !== '').join('\n\n');
}

interface PermissionKnowledge {
  readonly sessionTitle: string | undefined;
  readonly call: AskedCall;
  readonly directory: string | undefined;
  readonly opened: string | undefined;
}

function toPermission(
  request: PermissionRequest,
  { sessionTitle, call, directory, opened }: PermissionKnowledge,
): PermissionEntry {
  const { id, sessionID, permission, always, tool } = request;
  const named = readPatterns(request);
  const patterns = fitting(named);
  const [detail, given] = [readDetail(request, call), readArguments(request, call, directory)].map((text) =>
    text === '' ? undefined : clampText(text, detailLimit),
  );
  const isCut = patterns.length < named.length || (detail?.clamped ?? given?.clamped) !== undefined;
  const whole = isCut ? readWholePermission(request, call, directory) : undefined;
  return withoutUndefined({
    id,
    sessionId: sessionID,
    sessionTitle,
    kind: permissionOf(permission).kind,
    title: permissionTitle(permission),
    patterns,
    // What is not all shown is not allowed for good.
    always: fitting(always).length < always.length ? [] : always,
    detail,
    tool: call.kind === 'known' && call.tool !== permission ? call.tool : undefined,
    purpose: readPurpose(call),
    given,
    isCallUnknown: untoldArguments(request, call) === undefined ? true : undefined,
    whole: whole?.length,
    wasOpened: whole !== undefined && whole === opened ? true : undefined,
    callMessageId: tool?.messageID,
  });
}

/** What is asked for, whole, where the request or its call says it. */
function readDetail(request: PermissionRequest, call: AskedCall): string {
  return readRequest(request.metadata).detail || (readWritten(request, call) ?? '');
}

/** What the agent says that its call is for. */
function readPurpose(call: AskedCall): string | undefined {
  if (call.kind !== 'known') return undefined;
  const purpose = plainLine(toolOf(call.tool).given(call.input).purpose ?? '');
  return purpose === '' ? undefined : cutMiddle(purpose, purposeLimit);
}

/** What is asked for by name: of a patch also where it moves files. */
function readPatterns(request: PermissionRequest): readonly string[] {
  const { patterns, metadata } = request;
  return [...(namesNothing(request) ? [] : patterns), ...readRequest(metadata).movedTo];
}

/** What the call was given beyond what is told; the diff of OpenCode's own tools tells all of it. */
function readArguments(request: PermissionRequest, call: AskedCall, directory: string | undefined): string {
  const isDiff =
    permissionOf(request.permission).kind === 'editFile' && readRequest(request.metadata).hasDiff;
  if (isDiff && isAskedByItsTool(request, call)) return '';
  const rest = untoldArguments(request, call, directory) ?? {};
  return Object.keys(rest).length === 0 ? '' : JSON.stringify(rest, undefined, 2);
}

/** As many of the patterns as are shown. */
function fitting(patterns: readonly string[]): readonly string[] {
  let length = 0;
  const end = patterns.findIndex((pattern) => (length += pattern.length + 1) > detailLimit);
  return end === -1 ? patterns : patterns.slice(0, end);
}

function toQuestion(request: QuestionRequest, sessionTitle: string | undefined): QuestionEntry {
  return withoutUndefined({
    id: request.id,
    sessionId: request.sessionID,
    sessionTitle,
    questions: request.questions.map(({ question, header, options, multiple, custom }) => ({
      question,
      header,
      options,
      multiple: multiple ?? false,
      custom: custom ?? true,
    })),
  });
}
