import type { FromPage } from '../../protocol/page/fromPage.ts';
import type { PermissionEntry, QuestionEntry } from '../../protocol/page/requests.ts';
import { PermissionCard } from './permissionCard.ts';
import { questionCard } from './questionCard.ts';

export interface RequestCard {
  readonly element: HTMLElement;
  /** Shows what became known of the request since. */
  update?(request: PermissionEntry): void;
}

export function cardOfPermission(
  request: PermissionEntry,
  sessionId: string,
  post: (message: FromPage) => void,
): RequestCard {
  return new PermissionCard(request, sessionId, post);
}

export function cardOfQuestion(
  request: QuestionEntry,
  sessionId: string,
  post: (message: FromPage) => void,
): RequestCard {
  return { element: questionCard(request, sessionId, post) };
}
