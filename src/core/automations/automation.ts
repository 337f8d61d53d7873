import type { SessionKind } from '../sessions/sessionKind.ts';
import type { ModelReference } from '../../protocol/records.ts';
import type { Glob } from './glob.ts';

/** What an automation may follow, by the word of the setting. */
export const automationEvents = [
  'settled',
  'failed',
  'todoCompleted',
  'allTodosDone',
  'toolCompleted',
  'created',
  'compacted',
  'needsYou',
] as const;
export type AutomationEvent = (typeof automationEvents)[number];

/** What an automation may do, by the one key of a step. */
export const stepKinds = [
  'task',
  'command',
  'terminal',
  'relay',
  'handOff',
  'fork',
  'tell',
  'notify',
] as const;
export type StepKind = (typeof stepKinds)[number];

export const conditionNames = ['directory', 'changedFiles', 'agent', 'title', 'tool', 'lineage'] as const;
export type ConditionName = (typeof conditionNames)[number];

export const confirmations = ['always', 'once', 'never'] as const;
export type Confirmation = (typeof confirmations)[number];

/** Where an entry stands: in the settings of the person, of a workspace file, or of a folder. */
export type AutomationOrigin =
  | { readonly kind: 'user' }
  | { readonly kind: 'workspace'; readonly file: string }
  | { readonly kind: 'folder'; readonly directory: string };

/** A prompt of ours for an agent. */
interface PromptStep {
  readonly text: string;
  readonly agent?: string;
  readonly model?: ModelReference;
}

export type AutomationStep =
  | { readonly kind: 'task'; readonly name: string }
  | { readonly kind: 'command'; readonly id: string; readonly arguments: readonly unknown[] }
  | { readonly kind: 'terminal'; readonly text: string }
  | ({ readonly kind: 'relay' } & PromptStep)
  | ({ readonly kind: 'handOff' | 'fork'; readonly title?: string } & PromptStep)
  | { readonly kind: 'tell'; readonly text: string }
  | { readonly kind: 'notify'; readonly text: string };

/** Each that is there has to hold; of several globs one. */
export interface AutomationConditions {
  readonly directory?: readonly Glob[];
  readonly changedFiles?: readonly Glob[];
  readonly agent?: readonly Glob[];
  readonly title?: readonly Glob[];
  readonly tool?: readonly Glob[];
  readonly lineage?: readonly SessionKind[];
}

/** What an entry says, where nothing is wrong with it. */
export interface Automation {
  readonly on: AutomationEvent;
  readonly if: AutomationConditions;
  readonly steps: readonly AutomationStep[];
  /** Milliseconds. */
  readonly debounce: number;
  readonly limit: {
    /** Runs in an hour. */
    readonly perHour: number;
    /** USD, of the whole lineage of the session; undefined: no limit. */
    readonly lineageCost: number | undefined;
  };
  readonly confirm: Confirmation;
  readonly enabled: boolean;
  /** Milliseconds that a step is waited for. */
  readonly timeLimit: number;
}

/** What is wrong with an entry, as a sentence, and where: keys and places from the entry on, empty for all of it. */
export interface AutomationFault {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** An entry of the setting: what it is, or what is wrong with it. */
export interface AutomationEntry {
  /** Names it among all: its origin and its name. */
  readonly id: string;
  readonly name: string;
  readonly origin: AutomationOrigin;
  /** As it stands in the setting. */
  readonly value: unknown;
  /** Undefined where it has faults: it is never run then. */
  readonly automation: Automation | undefined;
  readonly faults: readonly AutomationFault[];
}

export const defaults = {
  debounce: 2000,
  perHour: 10,
  timeLimit: 600_000,
  confirm: 'once',
} as const satisfies Partial<Automation> & { readonly perHour: number };

/** Whether a repository can have written it, so that it needs a person's approval. */
export function isOfWorkspace({ origin }: Pick<AutomationEntry, 'origin'>): boolean {
  return origin.kind !== 'user';
}
