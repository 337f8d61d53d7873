import * as z from 'zod';
import { errorWords } from '../../core/errorWords.ts';
import {
  BusyProblem,
  NotFoundProblem,
  Problem,
  UnauthorizedProblem,
  UnavailableProblem,
} from '../../core/errors.ts';
import { l10n } from '../../core/l10n.ts';
import { readConfigurationRefusal } from './configurationFault.ts';
import { isGatewayError } from '../http/refusals.ts';

/** What the SDK gives back for a call. */
interface SdkAnswer {
  readonly data?: unknown;
  readonly error?: unknown;
  readonly response?: Response;
}

/** Milliseconds; the first request of a directory may have to wait until its plugins are installed. */
const patience = 60_000;

/** The two forms in which 1.18 words a refusal. */
const Refusal = z.object({
  name: z.string().optional(),
  _tag: z.string().optional(),
  message: z.string().optional(),
  data: z.object({ message: z.string().optional(), ref: z.string().optional() }).optional().catch(undefined),
});

/** The answer as that schema has it; throws a `Problem` for every other answer. */
export function readAnswer<T>(answer: SdkAnswer, schema: z.ZodType<T>): T {
  if (answer.response === undefined) throw toProblem(answer.error);
  if (!answer.response.ok) throw refused(answer.response.status, answer.error);
  const parsed = schema.safeParse(answer.data);
  if (parsed.success) return parsed.data;
  throw unreadable(parsed.error);
}

/** What a call failed with; what is no `Problem` yet is the SDK's own failure to read the answer. */
function toProblem(error: unknown): Problem {
  return error instanceof Problem ? error : unreadable(error);
}

/** What a call answers, as that schema has it; throws a `Problem` for every other answer. */
export function ask<T>(schema: z.ZodType<T>, call: (signal: AbortSignal) => Promise<SdkAnswer>): Promise<T> {
  return askForLong(schema, () => call(AbortSignal.timeout(patience)));
}

/** For calls that are answered only when a run is over: minutes, or hours, later. */
export async function askForLong<T>(schema: z.ZodType<T>, call: () => Promise<SdkAnswer>): Promise<T> {
  try {
    return readAnswer(await call(), schema);
  } catch (error) {
    throw toProblem(error);
  }
}

/** A web page in place of an answer: the server's way of saying that it has no such route (1.18). */
export function unknownRoute(url: string): Problem {
  return new Problem(
    l10n.t('The OpenCode server does not know this request ({0}). It may be of another version.', url),
  );
}

function unreadable(cause: unknown): Problem {
  return new Problem(
    l10n.t('The OpenCode server gave an answer that cannot be read. The log has the detail.'),
    { cause, mayHaveArrived: true },
  );
}

function refused(status: number, body: unknown): Problem {
  const refusal = Refusal.safeParse(body).data ?? {};
  const words = errorWords(refusal.data?.message ?? refusal.message ?? '');
  // Who fails in the middle may have done a part of it.
  const options = { cause: body, mayHaveArrived: status >= 500 };
  if (status === 401) {
    return new UnauthorizedProblem(l10n.t('The OpenCode server did not accept the password.'), {
      ...options,
      remedy: { title: l10n.t('Enter Password…'), command: 'opencodeSessions.server.connect' },
    });
  }
  if (isGatewayError(status)) {
    return new UnavailableProblem(l10n.t('The OpenCode server cannot be reached.'), options);
  }
  if (status === 404) return new NotFoundProblem(notFoundSentence(refusal._tag, words), options);
  if (status === 409) {
    return new BusyProblem(l10n.t('The session is working. Stop it, or wait until it is done.'), options);
  }
  return readConfigurationRefusal(body) ?? new Problem(refusalSentence(status, refusal, words), options);
}

function notFoundSentence(tag: string | undefined, words: string): string {
  if (tag === 'PermissionNotFoundError') return l10n.t('This permission request was answered already.');
  if (tag === 'QuestionNotFoundError') return l10n.t('This question was answered already.');
  if (words.startsWith('Session not found')) return l10n.t('This session is not on the server any more.');
  if (words.startsWith('Message not found')) return l10n.t('This message is not in the session any more.');
  return l10n.t('The OpenCode server does not have this: {0}', words);
}

function refusalSentence(status: number, refusal: z.infer<typeof Refusal>, words: string): string {
  if (refusal.data?.ref !== undefined) {
    return l10n.t('The OpenCode server failed ({0}); its own log tells why.', refusal.data.ref);
  }
  const signIn = signInSentence(refusal.name, words);
  if (signIn !== undefined) return signIn;
  if (words !== '') return l10n.t('The OpenCode server refused: {0}', words);
  return l10n.t('The OpenCode server refused the request ({0}).', status);
}

/** What went wrong while somebody signs in to a provider; undefined: it is about something else. */
function signInSentence(name: string | undefined, words: string): string | undefined {
  switch (name) {
    case 'ProviderAuthOauthCallbackFailed':
      return l10n.t('The provider did not accept the sign-in. Try again.');
    case 'ProviderAuthOauthCodeMissing':
      return l10n.t('The provider wants the code that its page shows.');
    case 'ProviderAuthOauthMissing':
      return l10n.t('OpenCode does not know of this sign-in any more. Begin again.');
    case 'ProviderAuthValidationFailed':
      return l10n.t('This cannot be used to sign in: {0}', words);
    default:
      return undefined;
  }
}
