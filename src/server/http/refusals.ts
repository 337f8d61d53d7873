import type { IncomingHttpHeaders } from 'node:http';
import { Problem, UnauthorizedProblem, UnavailableProblem } from '../../core/errors.ts';
import { l10n } from '../../core/l10n.ts';
import type { Endpoint } from './endpoint.ts';

/** What a proxy says while the server behind it is down; OpenCode itself says none of these. */
export function isGatewayError(status: number): boolean {
  return status >= 502 && status <= 504;
}

/** The server wants a password, or another one than it was given. */
export function unauthorised({ url, password }: Endpoint): UnauthorizedProblem {
  return new UnauthorizedProblem(
    password === ''
      ? l10n.t('The OpenCode server at {0} wants a password.', url)
      : l10n.t('The OpenCode server at {0} did not accept this user name and password.', url),
    {
      remedy: {
        title: l10n.t('Enter Password…'),
        command: 'opencodeSessions.server.connect',
        arguments: [{ url }],
      },
    },
  );
}

/** The server is there and still starts: it wants to be asked again after so many milliseconds. */
export class StartingProblem extends UnavailableProblem {
  readonly retryAfter: number;

  constructor(url: string, retryAfter: number) {
    super(l10n.t('The OpenCode server at {0} is still starting.', url), { mayHaveArrived: false });
    this.retryAfter = retryAfter;
  }
}

/** Milliseconds: what a server may ask for between two questions, and what is taken where it says nothing. */
const pause = { least: 250, usual: 1_000, most: 10_000 };

/**
 * What is wrong with a server that says of itself that it is not ready, as 2.x does to any request by 500 or 503 with
 * `{"code":"service_starting" | "service_failed"}` (2.0.26); undefined for all else.
 */
export function unreadiness(
  url: string,
  body: unknown,
  { 'retry-after': retryAfter }: Pick<IncomingHttpHeaders, 'retry-after'>,
): Problem | undefined {
  switch ((body as { readonly code?: unknown } | null | undefined)?.code) {
    case 'service_starting': {
      const asked = Number(retryAfter) * 1_000 || pause.usual;
      return new StartingProblem(url, Math.min(pause.most, Math.max(pause.least, asked)));
    }
    case 'service_failed':
      return new Problem(
        l10n.t(
          'The OpenCode server at {0} says that it could not start; its own log says why. End it, start OpenCode again, then connect again.',
          url,
        ),
        { remedy: { title: l10n.t('Connect Again'), command: 'opencodeSessions.server.reconnect' } },
      );
    default:
      return undefined;
  }
}
