import { NotFoundProblem } from '../../core/errors.ts';
import { l10n } from '../../core/l10n.ts';

/** A server may fail on an id that is not of its own making, where it is simply not there. */
export function requireId(kind: 'ses' | 'msg', id: string): string {
  if (id.startsWith(kind) && /^(?:ses|msg)_\w+$/.test(id)) return id;
  throw new NotFoundProblem(
    kind === 'ses'
      ? l10n.t('"{0}" is not the id of a session.', id)
      : l10n.t('"{0}" is not the id of a message.', id),
  );
}
