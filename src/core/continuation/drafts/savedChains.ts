import * as z from 'zod';
import { l10n } from '../../l10n.ts';
import type { ChainLeg } from './relayChain.ts';

/** One leg of a chain that was saved: what it is told is a text, a file of `.opencode/prompts`, or written each time. */
export interface SavedLeg {
  readonly agent: string;
  readonly prompt?: string;
  /** The name of a file `.opencode/prompts/<name>.md`. */
  readonly template?: string;
  readonly model?: NonNullable<ChainLeg['model']>;
}

/** `fault` says what is wrong with it, as a sentence: it cannot be run. */
export interface SavedChain {
  readonly name: string;
  readonly legs: readonly SavedLeg[];
  readonly fault?: string;
}

const modelName = /^[^/\s]+\/\S+$/;
const Leg = z.object({
  agent: z.string().trim().min(1),
  prompt: z.string().optional(),
  template: z
    .string()
    .regex(/^[\w-]+$/)
    .optional(),
  model: z.string().regex(modelName).optional(),
});

/** Reads the setting, in its order. */
export function parseChains(setting: unknown): readonly SavedChain[] {
  if (typeof setting !== 'object' || setting === null) return [];
  return Object.entries(setting).map(([name, value]: [string, unknown]) => parseChain(name, value));
}

/** A chain as the setting holds it. */
export function printSavedChain(legs: readonly SavedLeg[]): readonly Record<string, string>[] {
  return legs.map(({ agent, prompt, template, model }) => ({
    agent,
    ...(model === undefined ? {} : { model: `${model.providerID}/${model.modelID}` }),
    ...(template === undefined ? {} : { template }),
    ...(prompt === undefined ? {} : { prompt }),
  }));
}

function parseChain(name: string, value: unknown): SavedChain {
  const fail = (fault: string): SavedChain => ({ name, legs: [], fault });
  if (!Array.isArray(value) || value.length < 2) {
    return fail(l10n.t('The chain “{0}” is to be a list of at least two legs, each with its agent.', name));
  }
  const legs: SavedLeg[] = [];
  for (const [index, entry] of value.entries()) {
    const { data, error } = Leg.safeParse(entry);
    if (data === undefined) return fail(describeLeg(name, index + 1, error?.issues[0]?.path[0]));
    if (data.prompt !== undefined && data.template !== undefined) {
      return fail(
        l10n.t('Leg {0} of the chain “{1}” has a prompt and a template: take one out.', index + 1, name),
      );
    }
    legs.push(toLeg(data));
  }
  return { name, legs };
}

function toLeg({ agent, prompt, template, model }: z.infer<typeof Leg>): SavedLeg {
  const [providerID = '', ...rest] = (model ?? '').split('/');
  return {
    agent,
    ...(prompt === undefined || prompt.trim() === '' ? {} : { prompt: prompt.trim() }),
    ...(template === undefined ? {} : { template }),
    ...(model === undefined ? {} : { model: { providerID, modelID: rest.join('/') } }),
  };
}

function describeLeg(name: string, leg: number, key: PropertyKey | undefined): string {
  switch (key) {
    case 'agent':
      return l10n.t('Leg {0} of the chain “{1}” names no agent.', leg, name);
    case 'prompt':
      return l10n.t('The prompt of leg {0} of the chain “{1}” is to be a text.', leg, name);
    case 'template':
      return l10n.t(
        'The template of leg {0} of the chain “{1}” is to be the name of a file in .opencode/prompts, without “.md”.',
        leg,
        name,
      );
    case 'model':
      return l10n.t(
        'Write the model of leg {0} of the chain “{1}” as provider/model, for example anthropic/claude-sonnet-4-5.',
        leg,
        name,
      );
    default:
      return l10n.t('Leg {0} of the chain “{1}” is to be an object that names its agent.', leg, name);
  }
}
