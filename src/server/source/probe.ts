import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import * as z from 'zod';
import { Problem, UnavailableProblem } from '../../core/errors.ts';
import { l10n } from '../../core/l10n.ts';
import { isLoopback } from '../../core/loopback.ts';
import type { Introduction } from '../dialect/dialect.ts';
import { previewProblem, type Dialects } from '../dialect/versions.ts';
import { authorizationHeader, type Endpoint } from '../http/endpoint.ts';
import { readText, sendHttp } from '../http/httpRequest.ts';
import { isGatewayError, unauthorised, unreadiness } from '../http/refusals.ts';

const Preview = z.object({ version: z.string(), pid: z.number() });
/** Where previews of 2.x say who they are; servers of 1.x answer there, too, without a version. */
const previewPath = '/api/health';

/** Asks a server which version of OpenCode it is; throws a sentence for whatever else answers, or does not. */
export async function probeServer(
  endpoint: Endpoint,
  dialects: Dialects,
  { timeout }: { readonly timeout: number },
): Promise<string> {
  let first: Answer | undefined;
  for (const { introduction } of dialects) {
    const answer = await ask(endpoint, introduction.path, timeout);
    const { status, body } = answer;
    if (status >= 500) throwUnready(endpoint, answer);
    if (status === 401 && isLock(introduction)) throw lockedOut(endpoint, answer, dialects);
    const version = introduction.read(body, status);
    if (version !== undefined) return version;
    first ??= answer;
    if (answer === first && status !== 200 && status !== 404) throw unknown(endpoint, first);
  }
  const preview = await ask(endpoint, previewPath, timeout);
  const version = Preview.safeParse(preview.body).data?.version;
  if (version !== undefined) throw previewProblem(dialects, version);
  throw unknown(endpoint, first);
}

function isLock({ challenge, asksForPassword }: Introduction): boolean {
  return challenge !== undefined || asksForPassword !== undefined;
}

function throwUnready({ url }: Endpoint, { body, headers }: Answer): void {
  const problem = unreadiness(url, body, headers);
  if (problem !== undefined) throw problem;
}

function unknown(
  endpoint: Endpoint,
  { status, text }: Pick<Answer, 'status' | 'text'> = { status: 0, text: '' },
): Problem {
  const cause = `HTTP ${status}: ${text.slice(0, 200)}`;
  const refusal = { remedy: urlRemedy(), cause, mayHaveArrived: status >= 500 };
  if (isGatewayError(status)) {
    return new UnavailableProblem(
      l10n.t(
        'A gateway at {0} answers that the OpenCode server behind it is not there ({1}).',
        endpoint.url,
        status,
      ),
      refusal,
    );
  }
  return new Problem(
    /^\s*</.test(text)
      ? l10n.t('{0} answers with a web page. There is no OpenCode server at this address.', endpoint.url)
      : somethingElse(endpoint.url),
    refusal,
  );
}

/** Throws where more than the version stands behind a password. */
export async function requireOpen(
  endpoint: Endpoint,
  dialects: Dialects,
  { timeout }: { readonly timeout: number },
): Promise<void> {
  for (const { guardedPath } of dialects) {
    const answer = await ask(endpoint, guardedPath, timeout, ({ statusCode }) => statusCode === 401);
    if (answer.status === 401) throw lockedOut(endpoint, answer, dialects);
  }
}

/**
 * Whether it is OpenCode, as far as can be told, that asks for a password. On this machine any program may have taken
 * the port, so it has to ask in OpenCode's very words; elsewhere a gateway may do it in its own.
 */
function lockedOut(endpoint: Endpoint, { headers, body }: Answer, dialects: Dialects): Problem {
  const challenge = headers['www-authenticate'] ?? '';
  const isOpenCode = dialects.some(
    ({ introduction }) =>
      introduction.challenge?.test(challenge) === true || introduction.asksForPassword?.(body) === true,
  );
  const isElsewhere = !isLoopback(new URL(endpoint.url).hostname);
  return isOpenCode || (isElsewhere && /^basic\b/i.test(challenge))
    ? unauthorised(endpoint)
    : stranger(endpoint.url);
}

function stranger(url: string): Problem {
  return new Problem(
    l10n.t('What answers at {0} does not ask for a password as OpenCode does, so it was given none.', url),
    { remedy: urlRemedy() },
  );
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** Undefined where the text is no JSON. */
  readonly body: unknown;
}

/** `isRead`: whether the body is wanted, which may have no end. */
async function ask(
  endpoint: Endpoint,
  path: string,
  timeout: number,
  isRead: (response: IncomingMessage) => boolean = () => true,
): Promise<Answer> {
  const signal = AbortSignal.timeout(timeout);
  try {
    const response = await sendHttp({
      url: `${endpoint.url}${path}`,
      headers: authorizationHeader(endpoint),
      signal,
    });
    const text = isRead(response) ? await readText(response) : '';
    if (!response.readableEnded) response.destroy();
    return { status: response.statusCode ?? 0, headers: response.headers, text, body: parse(text) };
  } catch (error) {
    if (error instanceof Problem) {
      throw new Problem(somethingElse(endpoint.url), { cause: error, remedy: urlRemedy() });
    }
    throw signal.aborted ? silent(endpoint.url, error) : unreachable(endpoint.url, error);
  }
}

function somethingElse(url: string): string {
  return l10n.t('What answers at {0} is not an OpenCode server.', url);
}

function silent(url: string, cause: unknown): UnavailableProblem {
  return new UnavailableProblem(
    l10n.t('{0} takes the connection but does not answer. Is it an OpenCode server?', url),
    { cause, remedy: urlRemedy() },
  );
}

function unreachable(url: string, cause: unknown): Problem {
  const code = (cause as NodeJS.ErrnoException).code ?? '';
  const options = { cause, remedy: urlRemedy() };
  if (code.startsWith('HPE_')) {
    return new Problem(l10n.t('What answers at {0} does not speak HTTP.', url), options);
  }
  if (/CERT|SELF_SIGNED|UNABLE_TO|ALTNAME/.test(code)) {
    return new Problem(l10n.t('The certificate of {0} cannot be trusted ({1}).', url, code), options);
  }
  if (/EPROTO|SSL|TLS/.test(code)) {
    return new Problem(
      l10n.t('{0} does not speak HTTPS. Does the address begin with http://?', url),
      options,
    );
  }
  return new UnavailableProblem(
    l10n.t('Nothing answers at {0}. Start the OpenCode server there, or correct the address.', url),
    options,
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function urlRemedy() {
  return { title: l10n.t('Connect to Another Server…'), command: 'opencodeSessions.server.connect' };
}
