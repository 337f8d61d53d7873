import * as z from 'zod';
import { ModelReference } from '../records.ts';
import type { OfferedRemedy } from './header.ts';

export interface AgentChoice {
  readonly name: string;
  readonly description: string;
  readonly model?: { readonly providerID: string; readonly modelID: string };
}

export interface ModelChoice {
  readonly providerID: string;
  readonly modelID: string;
  readonly name: string;
  readonly provider: string;
  readonly variants: readonly string[];
  readonly contextLimit: number;
  /** It is among those that were used last. */
  readonly isRecent?: boolean;
  /** What a person should know before a prompt goes to it, as a sentence. */
  readonly note?: string;
  /** What it can do; absent: nobody says. */
  readonly reasons?: boolean;
  readonly seesImages?: boolean;
  readonly callsTools?: boolean;
  /** USD for a million tokens, where a price is known. */
  readonly price?: { readonly input: number; readonly output: number };
}

export interface ComposerChoices {
  /** There is no model to answer with: what the composer says in their place, and what helps, as a command to run. */
  readonly noModel?: { readonly message: string; readonly action: OfferedRemedy };
  /** Why not all of this is known, as a sentence: the page offers to ask again. */
  readonly failure?: string;
  /** The last row of the list of models, as a command to run. */
  readonly connect?: OfferedRemedy;
  /** Agents that a person may address; subagents and hidden ones are left out. */
  readonly agents: readonly AgentChoice[];
  readonly models: readonly ModelChoice[];
  readonly commands: readonly { readonly name: string; readonly description: string }[];
  /** The chains of agents that the person saved. */
  readonly chains?: readonly { readonly name: string; readonly description: string }[];
}

/** What stands in the composer and is kept over reloads. */
export interface ComposerDraft {
  /** As it was typed: what begins with `/` or `!` may be a command, and a blank in front says that it is none. */
  readonly text: string;
  readonly agent?: string | undefined;
  readonly model?: ModelReference | undefined;
  readonly attachments?: readonly Attachment[] | undefined;
  /** What its words stand for that were put in behind an `@`. */
  readonly mentions?: readonly TakenMention[] | undefined;
}

/** Who is to answer, as far as a person picked it. */
export type PickedTarget = Pick<ComposerDraft, 'agent' | 'model'>;

export type Attachment =
  | {
      readonly kind: 'file';
      readonly path: string;
      readonly startLine?: number | undefined;
      readonly endLine?: number | undefined;
    }
  | { readonly kind: 'data'; readonly mime: string; readonly filename: string; readonly url: string };

/** Something that was found behind an `@`, and the word that stands for it in a text. */
export interface TakenMention {
  readonly kind: 'file' | 'agent' | 'session' | 'symbol';
  readonly word: string;
  /** What people know it by. */
  readonly label: string;
  /** Of a session: the word is its title, which may not be its alone. */
  readonly sessionId?: string | undefined;
}

/** A prompt that waits until the running turn has settled. */
export interface QueuedPrompt {
  readonly id: string;
  readonly text: string;
  /** The names of what goes with it. */
  readonly attachments?: readonly string[];
  readonly agent: string;
  /** It is on its way to the server. */
  readonly sending?: boolean;
  /** Why it waits although its turn has come, or what is not known of it, as a sentence. */
  readonly why?: string;
  /** Set for a pending relay, which can be moved as well; `held` says why it waits for a person. */
  readonly relay?: { readonly held?: string };
}

export const AttachmentShape = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('file'),
    path: z.string(),
    startLine: z.number().optional(),
    endLine: z.number().optional(),
  }),
  z.object({
    kind: z.literal('data'),
    mime: z.string(),
    filename: z.string(),
    url: z.string().startsWith('data:'),
  }),
]);
export const MentionShape = z.object({
  kind: z.enum(['file', 'agent', 'session', 'symbol']),
  word: z.string(),
  label: z.string(),
  sessionId: z.string().optional(),
});
export const DraftShape = z.object({
  text: z.string(),
  agent: z.string().optional(),
  model: ModelReference.optional(),
  attachments: z.array(AttachmentShape).readonly().optional(),
  mentions: z.array(MentionShape).readonly().optional(),
});
