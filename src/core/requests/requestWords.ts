import { withoutIsolation } from '../isolate.ts';
import type { Waiting } from '../sessions/attention.ts';
import { namePermission } from './permissionText.ts';
import { nameQuestions } from './questionText.ts';

/** What a person is asked for, in a few words for a model. */
export function describeRequest(waiting: Waiting): string {
  const words =
    waiting.kind === 'permission' ? namePermission(waiting.request) : nameQuestions(waiting.request);
  return withoutIsolation(words);
}
