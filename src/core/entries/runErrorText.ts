import type { ClampedText } from '../../protocol/page/entries.ts';
import type { RunError } from '../../protocol/records.ts';
import { clampText } from './clampedText.ts';
import { errorWords, saidOf } from '../errorWords.ts';
import { l10n } from '../l10n.ts';
import { readMissingModel } from '../turns/runRemedies.ts';

/** What ended a message or a run badly, in words, with what to do where that is known. */
export function describeRunError(error: RunError): string {
  const said = saidOf(error);
  const missing = readMissingModel(error);
  if (missing !== undefined) {
    return l10n.t('OpenCode has no model “{0}”. Choose another model, or connect its provider.', missing);
  }
  switch (error.name) {
    case 'MessageAbortedError':
      return l10n.t('Stopped.');
    case 'ProviderAuthError':
      return l10n.t(
        'The provider refused the credentials: {0} Sign in again, or choose another model.',
        ended(said),
      );
    case 'MessageOutputLengthError':
      return l10n.t('The answer reached the output limit of the model. Ask it to go on.');
    case 'ContextOverflowError':
      return l10n.t('The session no longer fits into the context of the model. Compact it or hand it off.');
    case 'APIError':
      return describeApiError(said, error.data.statusCode);
    default:
      return again(said === '' ? l10n.t('The run ended with an error: {0}.', error.name) : ended(said));
  }
}

/**
 * The same with `limit` characters at most of what the server or the provider said, which may be a whole page of a
 * gateway; what to do stands behind it as ever.
 */
export function clampRunError(error: RunError, limit: number): ClampedText {
  const text = describeRunError(error);
  const said = saidOf(error);
  if (said.length <= limit) return { text };
  const message = `${clampText(said, limit).text}…`;
  return {
    text: describeRunError({ ...error, data: { ...error.data, message } }),
    clamped: text.length,
  };
}

function describeApiError(said: string, statusCode: number | undefined): string {
  const message = said === '' ? l10n.t('The provider answered with an error.') : ended(said);
  switch (statusCode) {
    case 401:
    case 403:
      return l10n.t('{0} Sign in again, or choose another model.', message);
    case 429:
      return l10n.t('{0} Too many requests: wait a while, or choose another model.', message);
    case undefined:
      return again(message);
    default:
      return statusCode >= 500 ? l10n.t('{0} Send the prompt again in a while.', message) : again(message);
  }
}

/** What to do where nothing better is known. */
function again(message: string): string {
  return l10n.t('{0} Send the prompt again, or choose another model.', message);
}

/** What somebody said as a sentence of its own; behind brackets of code nothing is put. */
export function ended(sentence: string): string {
  const trimmed = errorWords(sentence).trim();
  return /[.!?…。！？}\]][\s"'”’)]?$/.test(trimmed) ? trimmed : `${trimmed}.`;
}
