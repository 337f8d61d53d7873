import { l10n } from '../core/l10n.ts';
import type { MessageHead } from '../protocol/page.ts';

type RunError = NonNullable<MessageHead['error']>;

/** What went wrong with a run, and what to do. */
export interface ErrorWords {
  readonly isQuiet: boolean;
  readonly title: string;
  readonly advice?: string;
}

/** Says an error of the server in words for people. The names are those of OpenCode 1.18. */
export function errorWords(error: RunError): ErrorWords {
  switch (error.name) {
    case 'MessageAbortedError':
      return { isQuiet: true, title: l10n.t('Stopped') };
    case 'ProviderAuthError':
      return loud(
        error,
        l10n.t('Sign in to the provider with “opencode auth login”, then send the prompt again.'),
      );
    case 'MessageOutputLengthError':
      return loud(
        error,
        l10n.t('The answer was cut off at the longest the model can give. Ask it to continue.'),
      );
    case 'ContextOverflowError':
      return loud(
        error,
        l10n.t('The conversation no longer fits the model. Compact it or hand off to a fresh session.'),
      );
    default:
      return loud(error, adviceByStatus(error.statusCode));
  }
}

function loud(error: RunError, advice: string | undefined): ErrorWords {
  const title = error.message || error.name;
  return advice === undefined ? { isQuiet: false, title } : { isQuiet: false, title, advice };
}

function adviceByStatus(status: number | undefined): string | undefined {
  if (status === 401 || status === 403) return l10n.t('The provider refused the credentials: sign in again.');
  if (status === 429)
    return l10n.t('The provider limits how much is sent. Wait a little, or pick another model.');
  if (status !== undefined && status >= 500)
    return l10n.t('The provider has a problem of its own. Try again later.');
  return undefined;
}
