import { l10n } from '../../core/l10n.ts';
import type { Choice, Dialogs } from '../../core/ports/dialogs.ts';
import type { KnownProvider, SignInAnswers, SignInWay } from '../../core/ports/signIn.ts';
import { inOrderOfUse } from '../../core/state/popularProviders.ts';
import type { SignInPrompt } from '../../protocol/providers.ts';

/** A provider, or the wish to look again at what was signed in to elsewhere. */
export type ChosenProvider = KnownProvider | 'lookAgain';

export async function pickProvider(
  dialogs: Pick<Dialogs, 'pickOne'>,
  providers: readonly KnownProvider[],
): Promise<ChosenProvider | undefined> {
  return dialogs.pickOne<ChosenProvider>(l10n.t('Connect a Provider of Models'), [
    ...inOrderOfUse(providers).map(toChoice),
    {
      label: l10n.t('Look Again'),
      description: l10n.t('You signed in elsewhere, as with “opencode auth login”'),
      icon: 'refresh',
      value: 'lookAgain',
    },
  ]);
}

function toChoice(provider: KnownProvider): Choice<KnownProvider> {
  const { name, isConnected, modelCount, ways } = provider;
  const count = modelCount === 1 ? l10n.t('1 model') : l10n.t('{0} models', modelCount);
  return {
    label: name,
    description: isConnected ? l10n.t('connected · {0}', count) : count,
    detail: needsOf(provider),
    icon: isConnected ? 'check' : ways.some(({ kind }) => kind === 'browser') ? 'globe' : 'key',
    value: provider,
  };
}

/** What is needed to connect it, e.g. "API key, or sign in with the browser. Or in OpenCode's environment: MADE_UP_KEY." */
function needsOf({ ways, env }: KnownProvider): string {
  const kinds = new Set(ways.map(({ kind }) => kind));
  const needs =
    kinds.size > 1
      ? l10n.t('Sign in with the browser, or with an API key.')
      : kinds.has('browser')
        ? l10n.t('Sign in with the browser.')
        : l10n.t('API key.');
  if (env.length === 0) return needs;
  return l10n.t('{0} Or in OpenCode’s environment: {1}.', needs, env.join(', '));
}

/** The only way, or the one that the person picks. */
export async function pickWay(
  dialogs: Pick<Dialogs, 'pickOne'>,
  { name, ways }: KnownProvider,
): Promise<SignInWay | undefined> {
  const [only] = ways;
  if (ways.length === 1) return only;
  return dialogs.pickOne(
    l10n.t('How Do You Sign In to {0}?', name),
    ways.map((way) => ({
      label: way.label || (way.kind === 'key' ? l10n.t('API Key') : l10n.t('Browser')),
      icon: way.kind === 'key' ? 'key' : 'globe',
      value: way,
    })),
  );
}

/** Asks what the way asks for, each only where what was said before fits. Undefined: the person left. */
export async function askPrompts(
  dialogs: Pick<Dialogs, 'pickOne' | 'askText'>,
  title: string,
  prompts: readonly SignInPrompt[],
): Promise<SignInAnswers | undefined> {
  const answers: Record<string, string> = {};
  for (const prompt of prompts) {
    if (!isAsked(prompt, answers)) continue;
    const answer = await askPrompt(dialogs, title, prompt);
    if (answer === undefined) return undefined;
    // What was left empty is as if it had not been asked.
    if (answer !== '') answers[prompt.key] = answer;
  }
  return answers;
}

function isAsked({ when }: SignInPrompt, answers: SignInAnswers): boolean {
  return when === undefined || (answers[when.key] === when.value) === (when.op === 'eq');
}

async function askPrompt(
  dialogs: Pick<Dialogs, 'pickOne' | 'askText'>,
  title: string,
  { message, placeholder, options }: SignInPrompt,
): Promise<string | undefined> {
  if (options === undefined) {
    const text = await dialogs.askText({
      title,
      prompt: message,
      ...(placeholder === undefined ? {} : { placeholder }),
    });
    return text?.trim();
  }
  return dialogs.pickOne(
    l10n.t('{0}: {1}', title, message),
    options.map(({ label, value, hint }) => ({
      label,
      value,
      ...(hint === undefined ? {} : { description: hint }),
    })),
  );
}
