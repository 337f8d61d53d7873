import type { FromPage } from '../../protocol/page/fromPage.ts';
import type { PermissionEntry, QuestionEntry } from '../../protocol/page/requests.ts';
import { PermissionCard } from './permissionCard.ts';
import { questionCard } from './questionCard.ts';
import type { RequestCard } from './requestCard.ts';

export { readKey } from './requestKeys.ts';
export { offerAll } from './severalRequests.ts';

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
  return questionCard(request, sessionId, post);
}
