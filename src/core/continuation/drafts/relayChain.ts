import { l10n } from '../../l10n.ts';
import { parseApproaches, printApproaches } from './approaches.ts';

/** One leg of a chain as it is written in a draft: the agent is the heading, the prompt stands below it. */
export interface ChainLeg {
  readonly agent: string;
  readonly prompt: string;
  /** Line of the heading, from 0. */
  readonly line: number;
}

/** Reads `build → plan → build`; arrows, commas and "then" all part the agents. */
export function parseChainNames(text: string): readonly string[] {
  return text
    .split(/\s*(?:→|->|>|,|;|\bthen\b)\s*|\s+/u)
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

/** What is wrong with a chain of these agents, as a sentence; undefined if nothing is. */
export function checkChainNames(
  names: readonly string[],
  known: readonly string[],
  limit: number,
): string | undefined {
  const stranger = names.find((name) => !known.includes(name));
  if (stranger !== undefined) {
    return l10n.t('There is no agent “{0}” to talk to. Choose among: {1}.', stranger, known.join(', '));
  }
  if (names.length < 2) return l10n.t('A chain has at least two agents, for example: build → plan → build');
  return names.length > limit ? l10n.t('A chain may have {0} agents at most.', limit) : undefined;
}

/** The body of a draft with one heading for each leg. */
export function printChain(legs: readonly Pick<ChainLeg, 'agent' | 'prompt'>[]): string {
  return printApproaches(legs.map(({ agent, prompt }) => ({ title: agent, prompt })));
}

export function parseChain(body: string): readonly ChainLeg[] {
  return parseApproaches(body).map(({ title, prompt, line }) => ({ agent: title, prompt, line }));
}
