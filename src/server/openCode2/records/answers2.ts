import * as z from 'zod';
import { errorWords } from '../../../core/errorWords.ts';
import {
  BusyProblem,
  NotFoundProblem,
  Problem,
  UnauthorizedProblem,
  UnavailableProblem,
} from '../../../core/errors.ts';
import { l10n } from '../../../core/l10n.ts';
import { isGatewayError } from '../../http/refusals.ts';

/** How 2.x words a refusal; the rest of its body may hold what is secret, so that no problem has it. */
const Refusal = z.object({
  _tag: z.string().catch(''),
  message: z.string().catch(''),
  service: z.string().optional().catch(undefined),
});
type Refusal = z.infer<typeof Refusal>;

/** A folder is not ready: its plugins are still on their way, and are to be asked for again. */
export class NotReadyProblem extends UnavailableProblem {}

/** What a server answered that is no success. */
export function refused(status: number, body: unknown): Problem {
  const refusal = Refusal.safeParse(body).data ?? { _tag: '', message: '' };
  const { _tag: tag, service } = refusal;
  const words = errorWords(refusal.message);
  const options = { cause: `HTTP ${status} ${tag}`.trim(), mayHaveArrived: status >= 500 };
  if (status === 401) {
    return new UnauthorizedProblem(l10n.t('The OpenCode server did not accept the password.'), {
      ...options,
      remedy: { title: l10n.t('Enter Password…'), command: 'opencodeSessions.server.connect' },
    });
  }
  if (status === 503 && service === 'plugin') {
    return new NotReadyProblem(l10n.t('OpenCode is still loading the plugins of this folder.'), {
      ...options,
      mayHaveArrived: false,
    });
  }
  if (isGatewayError(status)) {
    return new UnavailableProblem(l10n.t('The OpenCode server cannot be reached.'), options);
  }
  if (status === 404) return new NotFoundProblem(notFoundSentence(tag, words), options);
  if (tag === 'FormAlreadySettledError') {
    return new NotFoundProblem(l10n.t('This question was answered already.'), options);
  }
  if (tag === 'SessionBusyError') {
    return new BusyProblem(l10n.t('The session is working. Stop it, or wait until it is done.'), options);
  }
  return words === ''
    ? new Problem(l10n.t('The OpenCode server refused the request ({0}).', status), options)
    : new Problem(l10n.t('The OpenCode server refused: {0}', words), options);
}

export function unreadable(cause: unknown): Problem {
  return new Problem(
    l10n.t('The OpenCode server gave an answer that cannot be read. The log has the detail.'),
    { cause, mayHaveArrived: true },
  );
}

function notFoundSentence(tag: string, words: string): string {
  switch (tag) {
    case 'PermissionNotFoundError':
      return l10n.t('This permission request was answered already.');
    case 'FormNotFoundError':
      return l10n.t('This question was answered already.');
    case 'SessionNotFoundError':
      return l10n.t('This session is not on the server any more.');
    case 'MessageNotFoundError':
      return l10n.t('This message is not in the session any more.');
    case '':
      return l10n.t('The OpenCode server does not know this request. It may be of another version.');
    default:
      return l10n.t('The OpenCode server does not have this: {0}', words);
  }
}
