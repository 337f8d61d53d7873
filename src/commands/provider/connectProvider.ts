import * as z from 'zod';
import { CancelledError } from '../../core/cancellation.ts';
import { Problem, sentenceOf } from '../../core/errors.ts';
import { l10n } from '../../core/l10n.ts';
import type { Dialogs } from '../../core/ports/dialogs.ts';
import type { Notify } from '../../core/ports/notify.ts';
import type { OpenCode } from '../../core/ports/openCode.ts';
import type { RunWithProgress } from '../../core/ports/progress.ts';
import type { KnownProvider, SignInAnswers, SignInPage, SignInWay } from '../../core/ports/signIn.ts';
import type { Sessions } from '../../core/sessions/sessionStore.ts';
import { connectRemedy } from '../../core/state/modelLack.ts';
import type { ProviderReload } from '../../flows/providerReload.ts';
import type { ProviderList } from '../../protocol/records.ts';
import type { Command } from '../command.ts';
import { agreeUnencrypted, isReadable } from '../unencrypted.ts';
import { askPrompts, pickProvider, pickWay } from './chooseProvider.ts';

export interface ConnectProviderDeps {
  readonly openCode: Pick<
    OpenCode,
    'listKnownProviders' | 'listProviders' | 'setProviderKey' | 'beginSignIn' | 'completeSignIn'
  >;
  readonly sessions: Pick<Sessions, 'get'>;
  /** The workspace folders, absolute. */
  readonly directories: () => readonly string[];
  /** The address of the server; undefined: the editor runs its own. */
  readonly serverUrl: () => string | undefined;
  readonly providerReload: Pick<ProviderReload, 'reload'>;
  readonly dialogs: Pick<Dialogs, 'pickOne' | 'askText' | 'inform' | 'confirm'>;
  readonly notify: Notify;
  readonly runWithProgress: RunWithProgress;
  /** Opens a page in the browser; false: nothing was opened. */
  readonly openWebPage: (url: string) => Promise<boolean>;
  readonly copy: (text: string) => Promise<void>;
}

const ProviderArgument = z.object({
  providerId: z.string().min(1).optional().catch(undefined),
  sessionId: z.string().min(1).optional().catch(undefined),
  directory: z.string().min(1).optional().catch(undefined),
  lookAgain: z.boolean().optional().catch(undefined),
});

/**
 * Signs in to a provider of models, in the editor: what is typed goes to the server, which keeps it, and nowhere else. Takes
 * `{ providerId, sessionId, directory }`; what it gives is not asked. `{ lookAgain: true }` asks nothing and looks what was
 * signed in to elsewhere. Answers with the id of the provider.
 */
export function connectProvider(deps: ConnectProviderDeps): Command {
  return async (argument) => {
    const given = ProviderArgument.safeParse(argument ?? {}).data ?? {};
    const directory = findDirectory(deps, given);
    if (given.lookAgain === true) return lookAgain(deps, directory);
    const known = await deps.openCode.listKnownProviders(directory);
    if (known.length === 0) {
      throw new Problem(
        l10n.t('OpenCode knows no provider here. Its configuration may leave all of them out.'),
      );
    }
    const named = known.find(({ id }) => id === given.providerId);
    const provider = named ?? (await pickProvider(deps.dialogs, known));
    if (provider === 'lookAgain') return lookAgain(deps, directory);
    if (provider === undefined || !(await signIn(deps, directory, provider))) return undefined;
    await tellModels(deps, directory, provider);
    return provider.id;
  };
}

function findDirectory(
  { sessions, directories }: Pick<ConnectProviderDeps, 'sessions' | 'directories'>,
  given: z.infer<typeof ProviderArgument>,
): string {
  const session = given.sessionId === undefined ? undefined : sessions.get(given.sessionId);
  const directory = given.directory ?? session?.directory ?? directories()[0];
  if (directory !== undefined) return directory;
  throw new Problem(l10n.t('OpenCode works in a folder. Open a folder first.'), {
    remedy: { title: l10n.t('Open Folder…'), command: 'workbench.action.files.openFolder' },
  });
}

/** Whether it was signed in to; false: the person left. */
async function signIn(
  deps: ConnectProviderDeps,
  directory: string,
  provider: KnownProvider,
): Promise<boolean> {
  const way = await pickWay(deps.dialogs, provider);
  if (way === undefined) return false;
  const isTyped = way.kind === 'key' || way.prompts.length > 0;
  if (isTyped && !(await mayBeSent(deps, provider))) return false;
  const title = l10n.t('Connect {0}', provider.name);
  const answers = await askPrompts(deps.dialogs, title, way.prompts);
  if (answers === undefined) return false;
  if (way.kind === 'key') return giveKey(deps, provider, answers);
  return signInOnPage(deps, directory, provider, way, answers);
}

/** Over plain http what is typed goes to another machine only if the person says so, which they do before they type it. */
async function mayBeSent(
  { dialogs, serverUrl }: Pick<ConnectProviderDeps, 'dialogs' | 'serverUrl'>,
  { name }: KnownProvider,
): Promise<boolean> {
  const url = serverUrl();
  if (url === undefined || !isReadable(url)) return true;
  return agreeUnencrypted(
    dialogs,
    l10n.t('Send what signs you in to {0} to {1} without encryption?', name, url),
  );
}

async function giveKey(
  { dialogs, openCode }: Pick<ConnectProviderDeps, 'dialogs' | 'openCode'>,
  { id, name }: KnownProvider,
  answers: SignInAnswers,
): Promise<boolean> {
  return askUntilTaken(
    dialogs,
    {
      title: l10n.t('API Key for {0}', name),
      prompt: l10n.t('OpenCode keeps it in its own store (auth.json), and the editor nowhere.'),
      validate: findKeyFault,
    },
    (key) => openCode.setProviderKey(id, key, answers),
  );
}

/** A sentence that says what is wrong with a key; whether it is the right one shows with the first prompt. */
export function findKeyFault(text: string): string | undefined {
  const key = text.trim();
  if (key === '') return l10n.t('Paste the key, or press Escape.');
  if (/\s/.test(key)) return l10n.t('A key has no spaces and is one line. Copy it once more.');
  return undefined;
}

/** Asks again, with what was typed and why it was not taken, until it is or the person leaves. */
async function askUntilTaken(
  dialogs: Pick<Dialogs, 'askText'>,
  question: Omit<Parameters<Dialogs['askText']>[0], 'value' | 'secret'>,
  take: (text: string) => Promise<void>,
): Promise<boolean> {
  let typed: string | undefined;
  let refusal: string | undefined;
  for (;;) {
    const text = await dialogs.askText({
      ...question,
      secret: true,
      ...(typed === undefined ? {} : { value: typed }),
      ...(refusal === undefined ? {} : { prompt: refusal }),
    });
    if (text === undefined) return false;
    try {
      await take(text.trim());
      return true;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      typed = text;
      refusal = sentenceOf(error);
    }
  }
}

async function signInOnPage(
  deps: ConnectProviderDeps,
  directory: string,
  provider: KnownProvider,
  { method = 0, prompts }: SignInWay,
  answers: SignInAnswers,
): Promise<boolean> {
  const { openCode, dialogs } = deps;
  const page = await openCode.beginSignIn(directory, provider.id, method, answers);
  // With prompts it was asked before them.
  if (page.kind === 'code' && prompts.length === 0 && !(await mayBeSent(deps, provider))) return false;
  if (!(await openPage(deps, provider, page))) return false;
  const complete = (code?: string) => openCode.completeSignIn(directory, provider.id, method, code);
  if (page.kind === 'wait') return waitForPage(deps, directory, provider, method, page);
  return askUntilTaken(
    dialogs,
    {
      title: l10n.t('Code for {0}', provider.name),
      prompt: page.instructions || l10n.t('Paste the code that the page shows.'),
      validate: (text) => (text.trim() === '' ? l10n.t('Paste the code, or press Escape.') : undefined),
    },
    complete,
  );
}

/** A code that the page asks for, as OpenCode's own terminal finds it in the instructions. */
const codeToType = /\b[A-Z0-9]{4}-[A-Z0-9]{4,5}\b/;

/** Shows where it leads, and opens it as the person says; false: they left. */
async function openPage(
  { dialogs, openWebPage, copy }: Pick<ConnectProviderDeps, 'dialogs' | 'openWebPage' | 'copy'>,
  { name }: KnownProvider,
  { url, instructions }: SignInPage,
): Promise<boolean> {
  const { protocol, href, host = '' } = URL.parse(url) ?? {};
  if (href === undefined || (protocol !== 'https:' && protocol !== 'http:')) {
    throw new Problem(
      l10n.t('OpenCode named no web page to sign in to {0} on, so nothing was opened.', name),
    );
  }
  const code = codeToType.exec(instructions)?.[0];
  const how = await dialogs.pickOne<'open' | 'copy'>(l10n.t('Sign In to {0} on {1}', name, host), [
    {
      label: code === undefined ? l10n.t('Open the Browser') : l10n.t('Copy {0} and Open the Browser', code),
      description: instructions,
      detail: href,
      icon: 'globe',
      value: 'open',
    },
    {
      label: l10n.t('Copy the Address'),
      description: l10n.t('For a browser elsewhere'),
      icon: 'copy',
      value: 'copy',
    },
  ]);
  if (how === undefined) return false;
  if (how === 'open' && code !== undefined) await copy(code);
  if (how === 'open' && (await openWebPage(href))) return true;
  await copy(href);
  dialogs.inform(l10n.t('The address to sign in to {0} is in the clipboard.', name));
  return true;
}

async function waitForPage(
  deps: Pick<ConnectProviderDeps, 'openCode' | 'runWithProgress' | 'dialogs'>,
  directory: string,
  { id, name }: KnownProvider,
  method: number,
  { instructions }: SignInPage,
): Promise<boolean> {
  const { openCode, runWithProgress, dialogs } = deps;
  try {
    await runWithProgress(l10n.t('Waiting until you have signed in to {0}', name), (cancellation, report) => {
      if (instructions !== '') report(instructions);
      return openCode.completeSignIn(directory, id, method, undefined, cancellation);
    });
    return true;
  } catch (error) {
    if (error instanceof CancelledError) {
      dialogs.inform(
        l10n.t(
          'The sign-in to {0} is not waited for any longer. If you finish it in the browser all the same, it counts: “Look Again” finds it.',
          name,
        ),
      );
      return false;
    }
    if (!(error instanceof Problem) || error.mayHaveArrived) throw unknownSignIn(directory, name, error);
    throw new Problem(
      l10n.t('You are not signed in to {0}, and nothing was changed. {1}', name, sentenceOf(error)),
      { cause: error, remedy: { ...connectRemedy({ providerId: id }), title: l10n.t('Sign In Again…') } },
    );
  }
}

/** The server goes on waiting for the page, whoever hears what comes of it. */
function unknownSignIn(directory: string, name: string, error: unknown): Problem {
  return new Problem(
    l10n.t(
      'It is not known whether you are signed in to {0}. What you finish in the browser counts: “Look Again” finds it. {1}',
      name,
      sentenceOf(error),
    ),
    {
      cause: error,
      mayHaveArrived: true,
      remedy: {
        ...connectRemedy(),
        title: l10n.t('Look Again'),
        arguments: [{ directory, lookAgain: true }],
      },
    },
  );
}

/** Reads anew what the server has, and says what came of it. */
async function lookAgain(deps: ConnectProviderDeps, directory: string): Promise<undefined> {
  const { waiting, failed } = await deps.providerReload.reload(allDirectories(deps, directory));
  if (failed.has(directory)) throw failed.get(directory);
  if (waiting.includes(directory)) {
    deps.dialogs.inform(l10n.t('OpenCode looks again as soon as no session works in this folder.'));
    return;
  }
  const { providers } = await deps.openCode.listProviders(directory);
  const names = providers.map(({ name }) => name);
  if (names.length === 0) {
    deps.notify({ message: l10n.t('No provider is connected yet.'), actions: [connectRemedy()] });
  } else deps.dialogs.inform(l10n.t('Connected: {0}.', names.join(', ')));
}

/** Says which models are there now. */
async function tellModels(
  deps: ConnectProviderDeps,
  directory: string,
  { id, name }: KnownProvider,
): Promise<void> {
  const { waiting, failed } = await deps.providerReload.reload(allDirectories(deps, directory));
  if (failed.has(directory)) {
    deps.notify({
      severity: 'warning',
      message: l10n.t(
        '{0} is connected, but OpenCode could not look for its models in this folder, which is tried again by itself. {1}',
        name,
        sentenceOf(failed.get(directory)),
      ),
      actions: [],
    });
    return;
  }
  if (waiting.includes(directory)) {
    deps.dialogs.inform(
      l10n.t('{0} is connected. Its models are there as soon as no session works in this folder.', name),
    );
    return;
  }
  const providers = await readProviders(deps, directory, name);
  if (providers === undefined) return;
  const models = Object.values(providers.find((provider) => provider.id === id)?.models ?? {});
  if (models.length === 0) {
    deps.notify({
      severity: 'warning',
      message: l10n.t(
        'OpenCode keeps what you gave it for {0}, but has no model of it in this folder. Something more may be asked for, or the configuration leaves it out.',
        name,
      ),
      actions: [connectRemedy({ providerId: id })],
    });
    return;
  }
  const shown = models.slice(0, shownModels).map((model) => model.name);
  const more = models.length - shown.length;
  deps.notify({
    message: l10n.t(
      '{0} is connected: {1}.',
      name,
      [...shown, ...(more > 0 ? [l10n.t('{0} more', more)] : [])].join(', '),
    ),
    actions: [{ title: l10n.t('New Session…'), command: 'opencodeSessions.session.new' }],
  });
}

/** The key was taken: a list that cannot be read is no failure of that. */
async function readProviders(
  { openCode, notify }: Pick<ConnectProviderDeps, 'openCode' | 'notify'>,
  directory: string,
  name: string,
): Promise<ProviderList['providers'] | undefined> {
  try {
    return (await openCode.listProviders(directory)).providers;
  } catch (error) {
    notify({
      severity: 'warning',
      message: l10n.t('{0} is connected, but its models could not be read. {1}', name, sentenceOf(error)),
      actions: [],
    });
    return undefined;
  }
}

const shownModels = 3;

/** A key holds for all folders of the window. */
function allDirectories(
  { directories }: Pick<ConnectProviderDeps, 'directories'>,
  directory: string,
): readonly string[] {
  return [...new Set([directory, ...directories()])];
}
