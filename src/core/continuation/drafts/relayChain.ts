import type { ModelReference } from '../../../protocol/records.ts';
import { l10n } from '../../l10n.ts';
import { parseApproaches, printApproaches } from './approaches.ts';

/** One leg of a chain as it is written in a draft: the agent is the heading, the prompt stands below it. */
export interface ChainLeg {
  readonly agent: string;
  /** Of this leg alone, where the heading names one: `## build (provider/model)`. */
  readonly model?: Pick<ModelReference, 'providerID' | 'modelID'>;
  readonly prompt: string;
  /** Line of the heading, from 0. */
  readonly line: number;
}

/** Says that there is no such agent to talk to; undefined if all are there. */
export function checkAgentNames(names: readonly string[], known: readonly string[]): string | undefined {
  const stranger = names.find((name) => !known.includes(name));
  if (stranger === undefined) return undefined;
  return l10n.t('There is no agent “{0}” to talk to. Choose among: {1}.', stranger, known.join(', '));
}

/** The body of a draft with one heading for each leg. */
export function printChain(legs: readonly Pick<ChainLeg, 'agent' | 'model' | 'prompt'>[]): string {
  return printApproaches(legs.map((leg) => ({ title: printHeading(leg), prompt: leg.prompt })));
}

export function parseChain(body: string): readonly ChainLeg[] {
  return parseApproaches(body).map(({ title, prompt, line }) => ({ ...parseHeading(title), prompt, line }));
}

/** How a leg is headed, as `build` or `build (provider/model)`. */
export function printHeading({ agent, model }: Pick<ChainLeg, 'agent' | 'model'>): string {
  return model === undefined ? agent : `${agent} (${model.providerID}/${model.modelID})`;
}

function parseHeading(title: string): Pick<ChainLeg, 'agent' | 'model'> {
  const open = title.lastIndexOf(' (');
  const name = title.endsWith(')') ? title.slice(open + 2, -1) : '';
  if (open < 1 || !/^[^\s()/]+\/[^\s()]+$/.test(name)) return { agent: title };
  const slash = name.indexOf('/');
  const model = { providerID: name.slice(0, slash), modelID: name.slice(slash + 1) };
  return { agent: title.slice(0, open).trimEnd(), model };
}
