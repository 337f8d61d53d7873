import { l10n } from '../../core/l10n.ts';
import { bestFirst, hasLetters } from '../../core/prompts/completionRank.ts';
import {
  readSlash,
  slashVerbs,
  type SlashVerbName,
  typedVerb,
  type VerbState,
  whyNot,
} from '../../core/prompts/slashVerbs.ts';
import type { ComposerChoices } from '../../protocol/page/composer.ts';
import type { SessionHeader } from '../../protocol/page/header.ts';
import type { Completion } from './completionList.ts';

/** So many of the server's commands, agents or models are listed. */
const limit = 20;

/** The verbs that have `name` in front of the caret, ours before the commands of the server. */
export function completeSlash(
  { commands }: ComposerChoices,
  header: SessionHeader | undefined,
  wanted: string,
): readonly Completion[] {
  return [
    ...completeVerbs(commands, stateOf(header), wanted),
    ...ranked(commands, ({ name }) => [name], wanted).map(({ name, description }) => ({
      kind: 'command' as const,
      label: `/${name}`,
      detail: description,
      insert: `/${name}`,
      heading: l10n.t('OpenCode'),
    })),
  ];
}

/** Those that cannot be used here stand behind the others, with the reason. */
function completeVerbs(
  commands: ComposerChoices['commands'],
  state: VerbState,
  wanted: string,
): readonly Completion[] {
  const verbs = slashVerbs().map(({ name, description, hint, needs }) => {
    const typed = wanted.includes(':') ? `/session:${name}` : typedVerb(name, commands);
    const unavailable = whyNot({ needs }, state);
    return {
      kind: 'verb' as const,
      label: typed,
      detail: unavailable ?? description,
      insert: typed,
      heading: l10n.t('Session'),
      ...(hint === undefined ? {} : { hint }),
      ...(unavailable === undefined ? {} : { isUnavailable: true }),
    };
  });
  return ranked(verbs, ({ label }) => [label.slice(1)], wanted).toSorted(
    (one, other) => Number('isUnavailable' in one) - Number('isUnavailable' in other),
  );
}

function stateOf(header: SessionHeader | undefined): VerbState {
  const status = header?.status.type ?? 'idle';
  return {
    isEmpty: header?.isEmpty === true,
    isBusy: status !== 'idle' && status !== 'elsewhere',
    isReverted: header?.revertedFrom !== undefined,
  };
}

/** What is typed behind a verb, up to the caret. */
export interface TypedArgument {
  readonly verb: SlashVerbName;
  readonly text: string;
}

/** How what may be completed behind a verb looks while it is typed. */
const completable: Partial<Readonly<Record<SlashVerbName, RegExp>>> = {
  // A chain stands in quotes, since its name may be several words.
  relay: /^(?:@?[^\s"“]*|["“][^"”]*)$/,
  agent: /^@?\S*$/,
  model: /^.*$/,
  // Without the quotes it may be what this session is told.
  tell: /^(?:["“][^"”]*)?$/,
};

/** undefined: nothing is typed there that could be completed. */
export function readArgument(
  before: string,
  commands: ComposerChoices['commands'],
): TypedArgument | undefined {
  const text = /^\/\S+[ \t]([^\n]*)$/.exec(before)?.[1]?.trimStart();
  if (text === undefined) return undefined;
  const reading = readSlash(before, commands);
  if (reading.kind !== 'verb') return undefined;
  const { name } = reading.verb;
  return completable[name]?.test(text) === true ? { verb: name, text } : undefined;
}

/** The agents, chains or models that may stand behind a verb. */
export function completeArgument(
  { agents, models, chains = [] }: ComposerChoices,
  { verb, text }: TypedArgument,
): readonly Completion[] {
  if (verb === 'model') {
    return ranked(models, ({ name, providerID, modelID }) => [name, `${providerID}/${modelID}`], text).map(
      ({ name, providerID, modelID }) => ({
        kind: 'model',
        label: name,
        detail: `${providerID}/${modelID}`,
        insert: `${providerID}/${modelID}`,
        heading: l10n.t('Models'),
      }),
    );
  }
  return [
    ...(/^["“]/.test(text) ? [] : completeAgents(agents, text.replace(/^@/, ''))),
    ...(verb === 'relay' && !text.startsWith('@') ? completeChains(chains, text.replace(/^["“]/, '')) : []),
  ];
}

function completeAgents(agents: ComposerChoices['agents'], wanted: string): readonly Completion[] {
  return ranked(agents, ({ name }) => [name], wanted).map(({ name, description }) => ({
    kind: 'agent',
    label: name,
    detail: description,
    insert: name,
    heading: l10n.t('Agents'),
  }));
}

function completeChains(
  chains: NonNullable<ComposerChoices['chains']>,
  wanted: string,
): readonly Completion[] {
  const quotable = chains.filter(({ name }) => !/["“”\n]/.test(name));
  return ranked(quotable, ({ name }) => [name], wanted).map(({ name, description }) => ({
    kind: 'chain',
    label: name,
    detail: description,
    insert: `"${name}"`,
    heading: l10n.t('Chains'),
  }));
}

/** Those with the letters of what is wanted in one of their names, what is called so first. */
function ranked<T>(all: readonly T[], namesOf: (one: T) => readonly string[], wanted: string): readonly T[] {
  const named = all.flatMap((one) => {
    const [label = '', ...others] = namesOf(one);
    const isFit = [label, ...others].some((name) => hasLetters(name, wanted));
    return isFit ? [{ one, label, detail: others.join(' ') }] : [];
  });
  return bestFirst(named, wanted)
    .slice(0, limit)
    .map(({ one }) => one);
}
