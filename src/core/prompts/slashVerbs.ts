import { l10n } from '../l10n.ts';
import { nearestName } from './nearestName.ts';
import { splitSlash } from './typedText.ts';

/** Our own verbs, as they are typed behind a slash. */
export type SlashVerbName =
  | 'compact'
  | 'fork'
  | 'approaches'
  | 'handoff'
  | 'relay'
  | 'tell'
  | 'new'
  | 'undo'
  | 'redo'
  | 'model'
  | 'agent'
  | 'rename'
  | 'copy'
  | 'changes';

export interface SlashVerb {
  readonly name: SlashVerbName;
  /** What it does, in a line. */
  readonly description: string;
  /** What may stand behind its name; absent: nothing. */
  readonly hint?: string;
  /** Without what it cannot be used. */
  readonly needs: readonly ('messages' | 'idle' | 'revert')[];
}

/** How the session stands in which a verb is typed. */
export interface VerbState {
  /** There is no message yet. */
  readonly isEmpty: boolean;
  readonly isBusy: boolean;
  readonly isReverted: boolean;
}

/** By this a verb can be typed also where the server has a command of the same name. */
const ownPrefix = 'session:';

/** All verbs, in the order in which they are offered. */
export function slashVerbs(): readonly SlashVerb[] {
  return [
    {
      name: 'compact',
      description: l10n.t('Compact the session and go on'),
      hint: l10n.t('[what comes next]'),
      needs: ['messages'],
    },
    {
      name: 'fork',
      description: l10n.t('Go on in a copy of the session'),
      hint: l10n.t('[prompt]'),
      needs: ['messages'],
    },
    {
      name: 'approaches',
      description: l10n.t('Try several ways in forks, side by side'),
      hint: l10n.t('[what all of them do]'),
      needs: ['messages'],
    },
    {
      name: 'handoff',
      description: l10n.t('Hand off to a fresh session'),
      hint: l10n.t('[goal]'),
      needs: ['messages'],
    },
    {
      name: 'relay',
      description: l10n.t('Pass the turn to another agent'),
      hint: l10n.t('[agent] [prompt]'),
      needs: [],
    },
    {
      name: 'tell',
      description: l10n.t('Tell this session, or another, without a reply'),
      hint: l10n.t('["session"] [text]'),
      needs: [],
    },
    { name: 'new', description: l10n.t('Start a new session'), hint: l10n.t('[prompt]'), needs: [] },
    {
      name: 'undo',
      description: l10n.t('Take your last prompt back, with its changes in files'),
      needs: ['messages', 'idle'],
    },
    {
      name: 'redo',
      description: l10n.t('Bring back what was taken back'),
      needs: ['revert', 'idle'],
    },
    { name: 'model', description: l10n.t('Switch the model'), hint: l10n.t('[model]'), needs: [] },
    { name: 'agent', description: l10n.t('Switch the agent'), hint: l10n.t('[agent]'), needs: [] },
    { name: 'rename', description: l10n.t('Rename the session'), hint: l10n.t('[title]'), needs: [] },
    {
      name: 'copy',
      description: l10n.t('Copy the session as Markdown'),
      needs: ['messages'],
    },
    { name: 'changes', description: l10n.t('Show what the session changed in files'), needs: [] },
  ];
}

/** How a verb is typed, where the server has these commands. */
export function typedVerb(name: SlashVerbName, commands: readonly { readonly name: string }[]): string {
  const isTaken = commands.some((command) => command.name.toLowerCase() === name);
  return `/${isTaken ? ownPrefix : ''}${name}`;
}

/** Why a verb cannot be used, as a sentence; undefined: it can. */
export function whyNot({ needs }: Pick<SlashVerb, 'needs'>, state: VerbState): string | undefined {
  if (needs.includes('revert') && !state.isReverted) return l10n.t('Nothing was taken back.');
  if (needs.includes('messages') && state.isEmpty) return l10n.t('The session has no messages yet.');
  if (needs.includes('idle') && state.isBusy) {
    return l10n.t('The session is working. Stop it first, or wait.');
  }
  return undefined;
}

/** What a text with a slash in front means. */
export type SlashReading =
  /** An ordinary text, e.g. a path, or one of the server's commands. */
  | { readonly kind: 'prompt' }
  | { readonly kind: 'verb'; readonly verb: SlashVerb; readonly rest: string }
  /** It looks like a command, and there is none of that name; `near` is how one is typed that may be meant. */
  | { readonly kind: 'unknown'; readonly name: string; readonly near: string | undefined };

/** Letters, with what joins them; a sentence may go on behind it. */
const commandName = /^\p{L}[\p{L}\p{M}\p{N}_:.-]*$/u;

/**
 * Reads what was typed as a command of ours, in any letters. A command of the server comes first, in its own letters:
 * of two with one name ours is typed with `session:` in front.
 */
export function readSlash(text: string, commands: readonly { readonly name: string }[]): SlashReading {
  const call = splitSlash(text);
  if (call === undefined) return { kind: 'prompt' };
  const { name, rest } = call;
  if (commands.some((command) => command.name === name)) return { kind: 'prompt' };
  const verbs = slashVerbs();
  const typed = `/${name.toLowerCase()}`;
  const verb = verbs.find(
    (known) => typed === typedVerb(known.name, commands) || typed === `/${ownPrefix}${known.name}`,
  );
  if (verb !== undefined) return { kind: 'verb', verb, rest };
  const known = [
    ...verbs.map((each) => typedVerb(each.name, commands).slice(1)),
    ...commands.map((command) => command.name),
  ];
  const near = nearestName(
    name.replace(/(?<![,;.!?])[,;.!?]+$/, ''),
    known.filter((other) => other.includes('/') === name.includes('/')),
  );
  if (near === undefined && !commandName.test(name)) return { kind: 'prompt' };
  return { kind: 'unknown', name, near };
}
