import { saidOf } from '../errorWords.ts';
import type { Remedy } from '../errors.ts';
import { l10n } from '../l10n.ts';
import { connectRemedy } from '../state/modelLack.ts';
import type { OfferedRemedy } from '../../protocol/page/header.ts';
import type { RunError } from '../../protocol/records.ts';

/**
 * What kept a run from its end, by what helps: `busy`: the provider has no time now; `model`: there is no such model;
 * `credit`: the account has none left; `length`: the answer was cut; `stopped`: by a person.
 */
export type RunFailure =
  | 'auth'
  | 'credit'
  | 'busy'
  | 'overflow'
  | 'model'
  | 'configuration'
  | 'length'
  | 'stopped'
  | 'other';

/** How 1.18 tells of a model that it does not have, in a sentence alone. */
const missingModel = /\bModel not found: ([^\s/]+)\/(\S*[^\s.])/;

export function classifyRunError(error: RunError): RunFailure {
  const { name, data } = error;
  if (missingModel.test(saidOf(error))) return 'model';
  switch (name) {
    case 'MessageAbortedError':
      return 'stopped';
    case 'ProviderAuthError':
      return 'auth';
    case 'ContextOverflowError':
      return 'overflow';
    case 'MessageOutputLengthError':
      return 'length';
    case 'ProviderModelNotFoundError':
      return 'model';
    case 'APIError':
      return classifyStatus(data.statusCode, data.isRetryable);
    default:
      return name.startsWith('Config') || name === 'ProviderInitError' ? 'configuration' : 'other';
  }
}

function classifyStatus(status: number | undefined, isRetryable: boolean | undefined): RunFailure {
  switch (status) {
    case 401:
    case 403:
      return 'auth';
    case 402:
      return 'credit';
    case 404:
      return 'model';
    case 413:
      return 'overflow';
    case 408:
    case 429:
      return 'busy';
    default:
      return isRetryable === true || (status ?? 0) >= 500 ? 'busy' : 'other';
  }
}

/** The model that a run was to be answered with and that the server does not have; undefined: it is about something else. */
export function readMissingModel(error: RunError): string | undefined {
  const [, providerId, modelId] = missingModel.exec(saidOf(error)) ?? [];
  return providerId === undefined ? undefined : `${providerId}/${modelId}`;
}

/** Where a run ended. */
export interface EndedRun {
  readonly sessionId: string;
  /** Whose model was to answer. */
  readonly providerId?: string | undefined;
}

/** What a person may do about a run that ended badly, the likeliest first; never nothing. */
export function runRemedies(error: RunError, { sessionId, providerId }: EndedRun): readonly Remedy[] {
  const own = (title: string, command: string): Remedy => ({ title, command, arguments: [{ sessionId }] });
  const retry = own(l10n.t('Retry'), 'opencodeSessions.session.retry');
  const otherModel = own(l10n.t('Other Model…'), 'opencodeSessions.session.retryWithModel');
  const signIn = {
    ...connectRemedy({ providerId: findProvider(error, providerId) }),
    title: l10n.t('Sign In…'),
  };
  switch (classifyRunError(error)) {
    case 'auth':
      return [signIn, otherModel, retry];
    case 'credit':
      return [otherModel, signIn, retry];
    case 'overflow':
      return [
        own(l10n.t('Compact…'), 'opencodeSessions.session.compact'),
        own(l10n.t('Hand Off…'), 'opencodeSessions.session.handOff'),
      ];
    case 'model':
      return [otherModel, { ...signIn, title: l10n.t('Connect a Provider…') }];
    case 'configuration':
      return [
        { title: l10n.t('Restart Server'), command: 'opencodeSessions.server.restart' },
        {
          title: l10n.t('Open Settings'),
          command: 'workbench.action.openSettings',
          arguments: ['opencodeSessions.server'],
        },
        { title: l10n.t('Show Log'), command: 'opencodeSessions.log.show' },
      ];
    case 'stopped':
      return [retry];
    case 'busy':
    case 'length':
    case 'other':
      return [retry, otherModel];
  }
}

/** What a page shows of a remedy, and names when it wants it: what comes with it stays with us. */
export function toOfferedRemedy({ title, command }: Remedy): OfferedRemedy {
  return { title, command };
}

/** The error's own word first: a subagent may have asked another one. */
function findProvider(error: RunError, providerId: string | undefined): string {
  const named = error.data['providerID'];
  if (typeof named === 'string') return named;
  return readMissingModel(error)?.split('/', 1)[0] ?? providerId ?? '';
}
