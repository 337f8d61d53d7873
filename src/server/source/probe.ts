import type { IncomingMessage } from 'node:http';
import * as z from 'zod';
import { Problem, UnavailableProblem } from '../../core/errors.ts';
import { l10n } from '../../core/l10n.ts';
import { isLoopback } from '../../core/loopback.ts';
import type { Introduction } from '../dialect/dialect.ts';
import type { Dialects } from '../dialect/versions.ts';
import { authorizationHeader, type Endpoint } from '../http/endpoint.ts';
import { readText, sendHttp } from '../http/httpRequest.ts';
import { isGatewayError, unauthorised } from '../http/refusals.ts';

const NextGeneration = z.union([
  z.object({ version: z.string(), pid: z.number() }),
  // Without its password, it tells no more than that.
  z.object({ _tag: z.literal('UnauthorizedError') }).transform(() => ({ version: '2.x' })),
]);

/** Those who are known but not spoken with. 2.x says who it is at the first path, its previews at the second. */
const strangers: readonly Introduction[] = ['/api/info', '/api/health'].map((path) => ({
  path,
  read: (body) => NextGeneration.safeParse(body).data?.version,
}));

/** Asks a server which version of OpenCode it is; throws a sentence for whatever else answers, or does not. */
export async function probeServer(
  endpoint: Endpoint,
  dialects: Dialects,
  { timeout }: { readonly timeout: number },
): Promise<string> {
  let first: Answer | undefined;
  for (const introduction of [...dialects.map((dialect) => dialect.introduction), ...strangers]) {
    const answer = await ask(endpoint, introduction.path, timeout);
    const { status, challenge } = answer;
    if (status === 401 && introduction.challenge !== undefined) {
      throw lockedOut(endpoint, challenge, introduction.challenge);
    }
    const version = introduction.read(parse(answer.text), status);
    if (version !== undefined) return version;
    first ??= answer;
    if (answer === first && status !== 200 && status !== 404) break;
  }
  throw unknown(endpoint, first);
}

function unknown(
  endpoint: Endpoint,
  { status, text }: Answer = { status: 0, text: '', challenge: '' },
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
  const leave = (response: IncomingMessage): string => {
    response.destroy();
    return '';
  };
  for (const { guardedPath, introduction } of dialects) {
    const { status, challenge } = await ask(endpoint, guardedPath, timeout, leave);
    if (status === 401) throw lockedOut(endpoint, challenge, introduction.challenge);
  }
}

/**
 * Whether it is OpenCode, as far as can be told, that asks for a password. On this machine any program may have taken
 * the port, so it has to ask in OpenCode's very words; elsewhere a gateway may do it in its own.
 */
function lockedOut(endpoint: Endpoint, challenge: string, words: RegExp = /^basic\b/i): Problem {
  const expected = isLoopback(new URL(endpoint.url).hostname) ? words : /^basic\b/i;
  return expected.test(challenge) ? unauthorised(endpoint) : stranger(endpoint.url);
}

function stranger(url: string): Problem {
  return new Problem(
    l10n.t('What answers at {0} does not ask for a password as OpenCode does, so it was given none.', url),
    { remedy: urlRemedy() },
  );
}

interface Answer {
  readonly status: number;
  readonly text: string;
  /** In which words it asks for a password. */
  readonly challenge: string;
}

async function ask(
  endpoint: Endpoint,
  path: string,
  timeout: number,
  read: (response: IncomingMessage) => string | Promise<string> = readText,
): Promise<Answer> {
  const signal = AbortSignal.timeout(timeout);
  try {
    const response = await sendHttp({
      url: `${endpoint.url}${path}`,
      headers: authorizationHeader(endpoint),
      signal,
    });
    const challenge = response.headers['www-authenticate'] ?? '';
    return { status: response.statusCode ?? 0, text: await read(response), challenge };
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
