import { UnauthorizedProblem } from '../../core/errors.ts';
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
