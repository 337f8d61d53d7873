import { isTypedPrompt } from '../../core/continuation/conversation.ts';
import type { SavedChain } from '../../core/continuation/drafts/savedChains.ts';
import { Problem } from '../../core/errors.ts';
import { l10n } from '../../core/l10n.ts';
import { nearestName } from '../../core/prompts/nearestName.ts';
import type { SlashVerbName } from '../../core/prompts/slashVerbs.ts';
import { sameLetters } from '../../core/sameLetters.ts';
import type { Sessions } from '../../core/sessions/sessionStore.ts';
import type { Offer } from '../../core/state/offers.ts';
import { choosableAgents } from '../../core/turns/promptTarget.ts';
import { withoutUndefined } from '../../core/withoutUndefined.ts';
import type { PickedTarget } from '../../protocol/page/composer.ts';
import type { MessageWithParts, ModelReference, Session } from '../../protocol/records.ts';

/** The command of the palette that does what a verb means, with what it is given. */
export interface PlannedVerb {
  readonly command: string;
  readonly argument: {
    readonly sessionId?: string;
    readonly directory?: string;
    readonly messageId?: string;
    readonly agent?: string;
    readonly model?: ModelReference;
    readonly title?: string;
    /** What an agent is to read. */
    readonly text?: string;
  };
}

export interface VerbSources {
  readonly session: Session;
  readonly sessions: Pick<Sessions, 'all' | 'title'>;
  readonly offer: Pick<Offer, 'agents' | 'providers'>;
  /** Those that the person saved. */
  readonly chains: readonly Pick<SavedChain, 'name'>[];
  /** Who is to answer, as far as it was picked in the composer. */
  readonly picked: PickedTarget;
  /** The latest messages that stand, where the verb is about one. */
  readonly messages: readonly MessageWithParts[];
}

/** Finds out what a verb means with what stands behind it; throws a `Problem` that says what is wrong with that. */
export function planVerb(name: SlashVerbName, rest: string, sources: VerbSources): PlannedVerb {
  const { session, picked } = sources;
  const sessionId = session.id;
  const text = rest === '' ? undefined : rest;
  const prompted = (command: string) => plan(command, { sessionId, ...picked, text });
  switch (name) {
    case 'compact':
      return prompted('session.compact');
    case 'fork':
      return text === undefined ? plan('session.fork', { sessionId }) : prompted('session.forkWithPrompt');
    case 'approaches':
      return prompted('session.forkMany');
    case 'handoff':
      return prompted('session.handOff');
    case 'new':
      return plan('session.new', { directory: session.directory, ...picked, text: rest });
    case 'relay':
      return planRelay(rest, sources);
    case 'tell':
      return plan('session.tell', readTold(rest, sources));
    case 'undo':
      return plan('message.editAndResend', { sessionId, messageId: lastPrompt(sources) });
    case 'redo':
      return plan('session.unrevert', { sessionId });
    case 'model':
      return plan('session.switchModel', { sessionId, model: text && findModel(text, sources) });
    case 'agent':
      return plan('session.switchAgent', { sessionId, agent: text && findAgent(text, sources) });
    case 'rename':
      return plan('session.rename', { sessionId, title: text });
    case 'copy':
      return plan('session.copyMarkdown', { sessionId });
    case 'changes':
      return plan('session.changes', { sessionId });
  }
}

type Loosely<T> = { readonly [Key in keyof T]?: T[Key] | undefined | '' };

function plan(command: string, argument: Loosely<PlannedVerb['argument']>): PlannedVerb {
  return {
    command: `opencodeSessions.${command}`,
    argument: withoutUndefined(argument) as PlannedVerb['argument'],
  };
}

/** To an agent, or along a saved chain: in quotes, or alone where no agent is called so. */
function planRelay(rest: string, sources: VerbSources): PlannedVerb {
  const sessionId = sources.session.id;
  const [, quoted, behind = ''] = /^["“]([^"”\n]*)["”]\s*([\s\S]*)$/.exec(rest) ?? [];
  const chain = findChain(quoted ?? rest, sources);
  if (quoted === undefined && (chain === undefined || isAgent(rest, sources))) {
    return plan('session.relay', { sessionId, ...readRelay(rest, sources) });
  }
  if (chain === undefined) throw noChain(quoted ?? '', sources);
  if (behind !== '') {
    throw new Problem(
      l10n.t('Nothing can stand behind a chain: what each agent is told stands in its draft.'),
    );
  }
  return plan('session.runChain', { sessionId, title: chain });
}

function findChain(typed: string, { chains }: VerbSources): string | undefined {
  const names = chains.map(({ name }) => name);
  return names.find((name) => name === typed) ?? names.find((name) => isSameWord(name, typed));
}

function noChain(typed: string, { chains }: VerbSources): Problem {
  const names = chains.map(({ name }) => name);
  const near = nearestName(typed, names);
  if (names.length === 0) return new Problem(l10n.t('No chain “{0}” is saved.', typed));
  return new Problem(
    near === undefined
      ? l10n.t('No chain “{0}” is saved. There are: {1}.', typed, names.join(', '))
      : l10n.t('No chain “{0}” is saved. Did you mean “{1}”?', typed, near),
  );
}

function readRelay(rest: string, sources: VerbSources): { agent?: string; text?: string } {
  const [, named, text = ''] = /^@?(\S+)\s*([\s\S]*)$/.exec(rest) ?? [];
  if (named === undefined) return {};
  return { agent: findAgent(named, sources), ...(text === '' ? {} : { text }) };
}

function isAgent(typed: string, { offer }: VerbSources): boolean {
  return choosableAgents(offer.agents).some(({ name }) => isSameWord(name, typed));
}

function findAgent(typed: string, { offer }: VerbSources): string {
  const names = choosableAgents(offer.agents).map(({ name }) => name);
  const wanted = typed.replace(/^@/, '');
  const found = names.find((name) => name === wanted) ?? names.find((name) => isSameWord(name, wanted));
  if (found !== undefined) return found;
  const near = nearestName(wanted, names);
  throw new Problem(
    near === undefined
      ? l10n.t('There is no agent “{0}” here. There are: {1}.', wanted, names.join(', '))
      : l10n.t('There is no agent “{0}” here. Did you mean “{1}”?', wanted, near),
  );
}

function findModel(typed: string, { offer }: VerbSources): ModelReference {
  const models = offer.providers.providers.flatMap(({ id: providerID, models: own }) =>
    Object.entries(own).map(([modelID, { name }]) => ({
      id: `${providerID}/${modelID}`,
      names: [`${providerID}/${modelID}`, modelID, name],
      model: { providerID, modelID },
    })),
  );
  const exact = models.find(({ id }) => id === typed);
  if (exact !== undefined) return exact.model;
  const [found, ...others] = models.filter(({ names }) => names.some((name) => isSameWord(name, typed)));
  if (found !== undefined && others.length === 0) return found.model;
  if (found !== undefined) {
    const ids = [found, ...others].map(({ id }) => id).join(', ');
    throw new Problem(l10n.t('“{0}” may be any of these models: {1}. Type which.', typed, ids));
  }
  const near = nearestName(
    typed,
    models.flatMap(({ names }) => names),
  );
  throw new Problem(
    near === undefined
      ? l10n.t('OpenCode has no model “{0}” here. “/model” alone lists those that there are.', typed)
      : l10n.t('OpenCode has no model “{0}” here. Did you mean “{1}”?', typed, near),
  );
}

/** A session in quotes, or by its id, and what it is told; without either, this session is told it. */
const told =
  /^(?:["“](?<title>[^"”\n]*)["”](?:\s+\((?<named>ses_\w+)\))?|(?<id>ses_\w+))(?:\s+(?<text>[\s\S]*))?$/;

function readTold(rest: string, sources: VerbSources): Loosely<PlannedVerb['argument']> {
  const { title, named, id = named, text } = told.exec(rest)?.groups ?? {};
  if (id === undefined && title === undefined)
    return { sessionId: sources.session.id, text: rest || undefined };
  return { sessionId: id ?? findTitled(title ?? '', sources), text: text || undefined };
}

function findTitled(title: string, { sessions }: VerbSources): string {
  const found = sessions.all().filter((session) => isSameWord(sessions.title(session), title));
  const [only] = found;
  if (only !== undefined && found.length === 1) return only.id;
  throw new Problem(
    only === undefined
      ? l10n.t('No session here is called “{0}”. To tell this one, begin without the quotes.', title)
      : l10n.t('Several sessions are called “{0}”. Choose one from the list behind “/tell”.', title),
  );
}

function lastPrompt({ messages }: VerbSources): string {
  const prompt = messages.findLast(isTypedPrompt);
  if (prompt === undefined) throw new Problem(l10n.t('There is no prompt of yours left to take back.'));
  return prompt.info.id;
}

const isSameWord = (one: string, other: string): boolean => sameLetters(one) === sameLetters(other);
