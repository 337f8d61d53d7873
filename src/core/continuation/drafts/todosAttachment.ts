import type { Attachment } from '../../../protocol/page/composer.ts';
import type { Todo } from '../../../protocol/records.ts';
import { l10n } from '../../l10n.ts';
import { openTodos } from '../todoDigest.ts';
import { buildTodoInstruction } from '../todoInstruction.ts';

/**
 * The open todos beside what is typed in the composer of a fork, into which the server copies none: a person sees that they
 * go along, and may take them off.
 */
export function attachTodos(todos: readonly Todo[]): readonly Attachment[] {
  const { length } = openTodos(todos);
  if (length === 0) return [];
  return [
    {
      kind: 'data',
      mime: 'text/plain',
      filename: length === 1 ? l10n.t('1 open todo') : l10n.t('{0} open todos', length),
      url: `data:text/plain;charset=utf-8,${encodeURIComponent(buildTodoInstruction(todos).toWellFormed())}`,
    },
  ];
}
