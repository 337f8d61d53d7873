import type { PermissionEntry, QuestionEntry } from '../../protocol/page.ts';
import type { PermissionRequest, QuestionRequest } from '../../protocol/records.ts';
import type { Waiting } from '../sessions/attention.ts';
import { clampText } from './clampedText.ts';
import { readPatchedFiles } from './toolEntry.ts';
import type { Sessions } from '../sessions/sessionStore.ts';
import { withoutUndefined } from '../withoutUndefined.ts';

/** Characters of a command or a diff that a permission is asked for. */
const detailLimit = 8000;

export interface RequestEntries {
  readonly permissions: readonly PermissionEntry[];
  readonly questions: readonly QuestionEntry[];
}

/** What a session and its subagents wait for, as the page of `sessionId` shows it. */
export function buildRequestEntries(
  sessionId: string,
  waiting: readonly Waiting[],
  sessions: Pick<Sessions, 'get'>,
): RequestEntries {
  const titleOf = (asker: string) => (asker === sessionId ? undefined : sessions.get(asker)?.title);
  return {
    permissions: waiting.flatMap((one) =>
      one.kind === 'permission' ? [toPermission(one.request, titleOf(one.request.sessionID))] : [],
    ),
    questions: waiting.flatMap((one) =>
      one.kind === 'question' ? [toQuestion(one.request, titleOf(one.request.sessionID))] : [],
    ),
  };
}

/** What a permission is asked for, whole: a command, a diff, an address or a path (1.18); `''` where nothing is told. */
export function readPermissionDetail({ metadata }: PermissionRequest): string {
  const detail = metadata['command'] ?? metadata['diff'] ?? metadata['url'] ?? metadata['filepath'];
  return typeof detail === 'string' ? detail : '';
}

function toPermission(request: PermissionRequest, sessionTitle: string | undefined): PermissionEntry {
  const { id, sessionID, permission, patterns, always, metadata, tool } = request;
  const moved = readPatchedFiles(metadata).flatMap(({ movePath }) => movePath ?? []);
  const detail = readPermissionDetail(request);
  return withoutUndefined({
    id,
    sessionId: sessionID,
    sessionTitle,
    permission,
    patterns: [...patterns, ...moved],
    always,
    detail: detail === '' ? undefined : clampText(detail, detailLimit),
    callMessageId: tool?.messageID,
  });
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
