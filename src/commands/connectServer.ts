import type { Dialogs } from '../core/dialogs.ts';
import { l10n } from '../core/l10n.ts';
import type { Command } from './command.ts';

export interface ConnectServerDeps {
  readonly server: { restart(): Promise<void> };
  readonly settings: {
    /** The address of the attached server; undefined: the editor runs its own. */
    readonly url: () => string | undefined;
    readonly setUrl: (url: string | undefined) => Promise<void>;
  };
  readonly secrets: {
    store(url: string, credentials: { username: string; password: string }): Promise<void>;
    forget(url: string): Promise<void>;
  };
  readonly dialogs: Pick<Dialogs, 'pickOne' | 'askText'>;
}

/** Attaches to a server that runs already, or goes back to the one that the editor starts by itself. */
export function connectServer({ server, settings, secrets, dialogs }: ConnectServerDeps): Command {
  return async () => {
    const how = await dialogs.pickOne(l10n.t('Connect to OpenCode'), [
      {
        label: l10n.t('Start OpenCode Here'),
        detail: l10n.t('One server for all windows, started and stopped with them.'),
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
    if (how === undefined) return;
    const before = settings.url();
    const answers = how === 'managed' ? { url: undefined } : await askServer(dialogs, before);
    if (answers === undefined) return;
    if (answers.url !== undefined) await keepPassword(secrets, answers);
    // A changed setting connects anew by itself.
    if (answers.url === before) await server.restart();
    else await settings.setUrl(answers.url);
  };
}

async function keepPassword(
  secrets: ConnectServerDeps['secrets'],
  { url, username, password }: { url: string; username: string; password: string },
): Promise<void> {
  if (password === '') await secrets.forget(url);
  else await secrets.store(url, { username, password });
}

async function askServer(dialogs: ConnectServerDeps['dialogs'], current: string | undefined) {
  const url = await dialogs.askText({
    title: l10n.t('Address of the Server'),
    placeholder: 'http://127.0.0.1:4096',
    value: current ?? 'http://127.0.0.1:4096',
    validate: (text) => findUrlFault(text),
  });
  if (url === undefined) return undefined;
  const username = await dialogs.askText({ title: l10n.t('User Name'), value: 'opencode' });
  if (username === undefined) return undefined;
  const password = await dialogs.askText({
    title: l10n.t('Password'),
    prompt: l10n.t('Leave it empty if the server has none. It is kept in the editor’s secret storage.'),
    secret: true,
  });
  return password === undefined ? undefined : { url: normalizeUrl(url), username, password };
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

/** Without a slash at the end, so that one server has one name. */
function normalizeUrl(text: string): string {
  return text.trim().replace(/\/+$/, '');
}
