import * as z from 'zod';
import type { Dialogs } from '../../core/ports/dialogs.ts';
import { UnauthorizedProblem } from '../../core/errors.ts';
import { l10n } from '../../core/l10n.ts';
import type { Command } from '../command.ts';
import { agreeUnencrypted, isReadable } from '../unencrypted.ts';

export interface ConnectServerDeps {
  readonly server: { connect(): Promise<void>; restart(): Promise<void> };
  /** The one form of an address, under which its password is kept and looked for; throws where it is none. */
  readonly nameServer: (address: string) => string;
  readonly settings: {
    /** The address of the attached server; undefined: the editor runs its own. */
    readonly url: () => string | undefined;
    readonly setUrl: (url: string | undefined) => Promise<void>;
  };
  readonly secrets: {
    find(url: string): Promise<Credentials | undefined>;
    store(url: string, credentials: Credentials): Promise<void>;
    forget(url: string): Promise<void>;
  };
  readonly dialogs: Pick<Dialogs, 'pickOne' | 'askText' | 'confirm'>;
}

interface Credentials {
  readonly username: string;
  readonly password: string;
}

const ServerArgument = z.object({ url: z.string().optional(), username: z.string().optional() });

/**
 * Attaches to a server that runs already, or goes back to the one that the editor starts by itself. Takes
 * `{ url, username }`; what it gives is not asked. A refused password is asked for once more.
 */
export function connectServer(deps: ConnectServerDeps): Command {
  return async (argument) => {
    const given = ServerArgument.safeParse(argument ?? {}).data ?? {};
    const how = given.url === undefined ? await askHow(deps.dialogs) : 'attached';
    if (how === undefined) return;
    if (how === 'managed') {
      await connectTo(deps, undefined);
      return;
    }
    const url = given.url ?? (await askUrl(deps.dialogs, deps.settings.url()));
    if (url !== undefined) await attach(deps, deps.nameServer(url), given.username);
  };
}

async function attach(deps: ConnectServerDeps, url: string, username?: string): Promise<void> {
  const credentials = await askCredentials(deps, url, username === undefined ? {} : { username });
  if (credentials === undefined || !(await mayBeSent(deps.dialogs, url, credentials))) return;
  try {
    await connectTo(deps, url, credentials);
  } catch (error) {
    if (!(error instanceof UnauthorizedProblem)) throw error;
    const { username: refused } = credentials;
    const again = await askCredentials(deps, url, { suggested: refused, refusal: error.message });
    if (again !== undefined && (await mayBeSent(deps.dialogs, url, again))) await connectTo(deps, url, again);
  }
}

/** Over plain http a password goes to another machine only if the person says so. */
async function mayBeSent(
  dialogs: ConnectServerDeps['dialogs'],
  url: string,
  { password }: Credentials,
): Promise<boolean> {
  if (password === '' || !isReadable(url)) return true;
  return agreeUnencrypted(dialogs, l10n.t('Send the password to {0} without encryption?', url));
}

async function connectTo(
  { server, settings, secrets }: ConnectServerDeps,
  url: string | undefined,
  credentials?: Credentials,
): Promise<void> {
  if (url !== undefined && credentials !== undefined) await keepPassword(secrets, url, credentials);
  // The same address with another password is another connection, although no setting tells it.
  if (url !== undefined && url === settings.url()) return server.restart();
  if (url !== settings.url()) await settings.setUrl(url);
  await server.connect();
}

async function keepPassword(
  secrets: ConnectServerDeps['secrets'],
  url: string,
  credentials: Credentials,
): Promise<void> {
  if (credentials.password === '') await secrets.forget(url);
  else await secrets.store(url, credentials);
}

async function askHow(dialogs: ConnectServerDeps['dialogs']): Promise<'managed' | 'attached' | undefined> {
  return dialogs.pickOne(l10n.t('Connect to OpenCode'), [
    {
      label: l10n.t('Start OpenCode Here'),
      detail: l10n.t(
        'One server for all windows, started and stopped with them. With OpenCode 2.x, your own background service where it runs.',
      ),
      icon: 'play',
      value: 'managed' as const,
    },
    {
      label: l10n.t('Attach to a Running Server…'),
      detail: l10n.t('One that you started with “opencode serve”.'),
      icon: 'plug',
      value: 'attached' as const,
    },
  ]);
}

async function askUrl(
  dialogs: ConnectServerDeps['dialogs'],
  current: string | undefined,
): Promise<string | undefined> {
  return dialogs.askText({
    title: l10n.t('Address of the Server'),
    placeholder: 'http://127.0.0.1:4096',
    value: current ?? 'http://127.0.0.1:4096',
    validate: (text) => findUrlFault(text),
  });
}

async function askCredentials(
  { dialogs, secrets }: ConnectServerDeps,
  url: string,
  {
    username: given,
    suggested,
    refusal,
  }: { readonly username?: string; readonly suggested?: string; readonly refusal?: string },
): Promise<Credentials | undefined> {
  const reason = refusal === undefined ? {} : { prompt: refusal };
  const known = suggested ?? (await secrets.find(url))?.username ?? 'opencode';
  const username = given ?? (await dialogs.askText({ title: l10n.t('User Name'), value: known, ...reason }));
  if (username === undefined) return undefined;
  const password = await dialogs.askText({
    title: l10n.t('Password'),
    prompt: l10n.t('Leave it empty if the server has none. It is kept in the editor’s secret storage.'),
    secret: true,
    ...reason,
  });
  return password === undefined ? undefined : { username, password };
}

function findUrlFault(text: string): string | undefined {
  const url = URL.parse(text.trim());
  if (url === null) return l10n.t('This is no address. Example: http://127.0.0.1:4096');
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    return l10n.t('The address must begin with http:// or https://.');
  }
  if (url.username !== '' || url.password !== '') {
    return l10n.t('Leave user name and password out of the address; they are asked next.');
  }
  return undefined;
}
