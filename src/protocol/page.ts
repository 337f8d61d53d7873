import * as z from 'zod';
import { ModelReference, type Todo } from './records.ts';

/**
 * What the host and the transcript page say to each other. The page holds no truth: the host sends a window
 * of entries and then changes to it, at most one message a frame; the page renders, measures and asks.
 * Times are milliseconds since 1970, costs USD. Long texts are clamped by the host (`clamped` gives the
 * full length in characters); the page asks for the rest with `openOutput` or `loadPart`.
 */

export interface ClampedText {
  readonly text: string;
  /** Length of the whole text in characters, where `text` is only its beginning. */
  readonly clamped?: number;
  /** `text` is the end of the whole text instead, as of a command that runs. */
  readonly tail?: boolean;
}

export interface MessageEntry {
  readonly id: string;
  readonly role: 'user' | 'assistant';
  /** When it was made; entries are ordered by this, then by id. */
  readonly created: number;
  readonly completed?: number;
  readonly agent: string;
  readonly model?: { readonly providerID: string; readonly modelID: string; readonly variant?: string };
  /** The user message that this answers. */
  readonly parentID?: string;
  readonly cost?: number;
  readonly tokens?: {
    readonly input: number;
    readonly output: number;
    readonly reasoning: number;
    readonly cached: number;
  };
  readonly finish?: string;
  /** It has no end, and came so with a fork. */
  readonly copied?: boolean;
  /** `message` says in words what went wrong and what to do; `clamped`: its length, where some of it is left out. */
  readonly error?: { readonly name: string; readonly message: string; readonly clamped?: number };
  /** Written by a compaction. */
  readonly summary?: boolean;
  /** Behind a revert: gone with the next prompt. */
  readonly reverted?: boolean;
  readonly parts: readonly PartEntry[];
}

/** A file or picture that came with a message, or out of a tool call. */
export interface FileEntry {
  readonly mime: string;
  readonly filename: string;
  readonly path?: string;
  /** `data:` URL of a picture, where it is small enough or was asked for. */
  readonly image?: string;
  /** How many bytes of it the session holds, where they are not in `image`: `openAttachment` opens them. */
  readonly size?: number;
  /** It is a picture that `loadPart` brings. */
  readonly isLoadable?: boolean;
}

/** A message without its parts, for changes. */
export type MessageHead = Omit<MessageEntry, 'parts'>;

export interface ToolEntry {
  readonly id: string;
  readonly type: 'tool';
  readonly tool: string;
  /** `interrupted`: unfinished in a session that is idle. */
  readonly status: 'pending' | 'running' | 'completed' | 'error' | 'interrupted';
  /** The server's own short title, e.g. a path or a description. */
  readonly title: string;
  /** The arguments of the call; long strings in it are cut. */
  readonly input: Readonly<Record<string, unknown>>;
  /** Length of the whole input in characters, where something in `input` is cut. */
  readonly clampedInput?: number;
  readonly output?: ClampedText;
  readonly error?: ClampedText;
  readonly start?: number;
  readonly end?: number;
  /** Unified diff of an edit, a write or a patch, with its count of lines. */
  readonly diff?: ClampedText & {
    /** `name` is the path as people know it: relative to the workspace. */
    readonly files: readonly { readonly path: string; readonly name?: string }[];
    readonly additions: number;
    readonly deletions: number;
  };
  readonly exitCode?: number;
  readonly matches?: number;
  readonly todos?: readonly Todo[];
  /** What was asked of the person and what they said: nothing where they left it open. */
  readonly answers?: readonly { readonly question: string; readonly answers: readonly string[] }[];
  /** What it gave back beside its output, as the picture that was read. */
  readonly files?: readonly FileEntry[];
  /** The session of a subagent that a `task` call started. */
  readonly childSessionId?: string;
}

export type PartEntry =
  | ToolEntry
  | ({
      readonly id: string;
      readonly type: 'text';
      readonly synthetic?: boolean;
      readonly ignored?: boolean;
      readonly done?: boolean;
    } & ClampedText)
  | ({
      readonly id: string;
      readonly type: 'reasoning';
      readonly start: number;
      readonly end?: number;
      /** It has no end and never gets one. */
      readonly interrupted?: boolean;
    } & ClampedText)
  | ({ readonly id: string; readonly type: 'file' } & FileEntry)
  | { readonly id: string; readonly type: 'patch'; readonly files: readonly string[] }
  | { readonly id: string; readonly type: 'step-start' | 'snapshot' }
  | { readonly id: string; readonly type: 'step-finish'; readonly reason: string; readonly cost: number }
  | { readonly id: string; readonly type: 'agent'; readonly name: string }
  | {
      readonly id: string;
      readonly type: 'subtask';
      readonly agent: string;
      readonly description: string;
      readonly prompt: string;
      /** Length of the whole prompt in characters, where `prompt` is only its beginning. */
      readonly clamped?: number;
    }
  | {
      readonly id: string;
      readonly type: 'retry';
      readonly attempt: number;
      readonly message: string;
      /** Length of the whole message in characters, where some of it is left out. */
      readonly clamped?: number;
      readonly created: number;
    }
  | {
      readonly id: string;
      readonly type: 'compaction';
      readonly auto: boolean;
      readonly tailStartId?: string;
    }
  | { readonly id: string; readonly type: 'unknown'; readonly originalType: string };

/** One change to the entries, in the order in which they must be applied. */
export type EntryChange =
  | { readonly kind: 'message'; readonly head: MessageHead }
  | { readonly kind: 'part'; readonly messageId: string; readonly part: PartEntry }
  /** Text to append to a `text` or `reasoning` part, or to the output of a running tool. */
  | { readonly kind: 'append'; readonly messageId: string; readonly partId: string; readonly text: string }
  /** The text or reasoning is complete as it stands; spares sending it a second time. */
  | {
      readonly kind: 'ended';
      readonly messageId: string;
      readonly partId: string;
      /** When, for a reasoning. */
      readonly end?: number;
    }
  | { readonly kind: 'messageRemoved'; readonly messageId: string }
  | { readonly kind: 'partRemoved'; readonly messageId: string; readonly partId: string };

/** A session from which another one came, or that came from it. */
export interface SessionRelative {
  readonly sessionId: string;
  readonly title: string;
  readonly kind: 'subagent' | 'fork' | 'handoff';
  /** By what this is known where nobody told it, as words. */
  readonly inferred?: string;
}

/** How a subagent does; `waiting`: for an answer of the person. */
export type SubagentState = 'idle' | 'busy' | 'elsewhere' | 'retry' | 'waiting' | 'error' | 'cutOff';

export interface SessionHeader {
  readonly sessionId: string;
  readonly title: string;
  readonly directory: string;
  readonly archived: boolean;
  readonly agent?: string;
  readonly model?: { readonly providerID: string; readonly modelID: string; readonly variant?: string };
  readonly status:
    /** `elsewhere`: another OpenCode process works in it. */
    | { readonly type: 'idle' | 'busy' | 'compacting' | 'elsewhere' }
    | { readonly type: 'retry'; readonly attempt: number; readonly message: string; readonly next: number };
  /** Where it came from: its parent (subagent), or the source of a fork or hand-off. */
  readonly from?: SessionRelative;
  readonly to: readonly (SessionRelative & {
    /** Of a subagent. */
    readonly state?: SubagentState;
  })[];
  readonly context?: { readonly used: number; readonly limit: number };
  /** Of this session, and with all its subagents. */
  readonly cost: number;
  readonly costWithSubagents: number;
  readonly todos: readonly Todo[];
  /** What ended the last run badly, as a sentence. */
  readonly lastError?: string;
  /** How the last run ended where it did not come to its end, and at which message; `unseen`: that is not known (yet). */
  readonly end?:
    | { readonly kind: 'unseen' }
    | {
        readonly kind: 'unanswered' | 'interrupted' | 'incomplete';
        readonly messageId: string;
        /** It ran on this server, so that no other process goes on with it. */
        readonly isSure: boolean;
      };
  /** First message that a revert took back. */
  readonly revertedFrom?: string;
  /** It is not on the server any more; what is shown of it is all that is left. */
  readonly deleted?: true;
}

export interface PermissionEntry {
  readonly id: string;
  /** The session that asks: this one or one of its subagents. */
  readonly sessionId: string;
  readonly sessionTitle?: string;
  readonly permission: string;
  /** What is asked for: of a change, its files, and where they are moved to. */
  readonly patterns: readonly string[];
  /** What "always" would allow; empty where it cannot be asked for. */
  readonly always: readonly string[];
  /** e.g. the command or the diff that it is about. */
  readonly detail?: ClampedText;
  /** The tool that asks, where the permission has another name. */
  readonly tool?: string;
  /** What the tool was given, where nothing above tells it. */
  readonly given?: ClampedText;
  /** Whether what the tool was given is not known (yet). */
  readonly isCallUnknown?: boolean;
  /** Characters of all of it, where not all of it is here. */
  readonly whole?: number;
  /** Whether all of it was opened in an editor. */
  readonly wasOpened?: boolean;
  readonly callMessageId?: string;
}

export interface QuestionEntry {
  readonly id: string;
  readonly sessionId: string;
  readonly sessionTitle?: string;
  readonly questions: readonly {
    readonly question: string;
    readonly header: string;
    readonly options: readonly { readonly label: string; readonly description: string }[];
    readonly multiple: boolean;
    /** Whether an own text may be given. */
    readonly custom: boolean;
  }[];
}

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
}

export interface ComposerChoices {
  /** Agents that a person may address; subagents and hidden ones are left out. */
  readonly agents: readonly AgentChoice[];
  readonly models: readonly ModelChoice[];
  readonly commands: readonly { readonly name: string; readonly description: string }[];
}

/** What stands in the composer and is kept over reloads. */
export interface ComposerDraft {
  readonly text: string;
  readonly agent?: string | undefined;
  readonly model?: ModelReference | undefined;
  readonly attachments?: readonly Attachment[] | undefined;
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

/** A prompt of the person, as the outline lists it. */
export interface OutlineTurn {
  readonly messageId: string;
  /** Its beginning. */
  readonly text: string;
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

export interface ConnectionBanner {
  readonly kind: 'live' | 'starting' | 'reconnecting' | 'stale' | 'down';
  readonly message: string;
  readonly since?: number;
  readonly action?: { readonly title: string; readonly command: string };
}

export interface PageSettings {
  /** Whether Enter sends (and Shift+Enter breaks the line) or the other way round with Ctrl/Cmd+Enter. */
  readonly enterSends: boolean;
}

/** What code is told apart by, beyond the words of highlight.js where colour themes know more. */
export type CodeKind =
  | 'comment'
  | 'keyword'
  /** Keywords as `return`, and those as `const`. */
  | 'control'
  | 'storage'
  | 'operator'
  | 'literal'
  | 'number'
  | 'string'
  | 'regexp'
  | 'escape'
  | 'symbol'
  | 'function'
  | 'builtin'
  | 'type'
  | 'variable'
  | 'constant'
  | 'self'
  | 'parameter'
  | 'property'
  | 'key'
  | 'jsonKey'
  | 'cssProperty'
  | 'selector'
  | 'tag'
  | 'tagMark'
  | 'attribute'
  | 'meta'
  | 'heading'
  | 'quote'
  | 'bullet'
  | 'inserted'
  | 'deleted';

export interface CodeStyle {
  /** `#` and hexadecimal digits; without one it has the colour of plain code. */
  readonly colour?: string;
  readonly italic: boolean;
  readonly bold: boolean;
}

export type CodeStyles = Readonly<Record<CodeKind, CodeStyle>>;

/** Everything about one session, as it is when the page turns to it. */
export interface SessionView {
  readonly header: SessionHeader;
  /** The newest messages, oldest first. */
  readonly entries: readonly MessageEntry[];
  readonly hasOlder: boolean;
  readonly permissions: readonly PermissionEntry[];
  readonly questions: readonly QuestionEntry[];
  readonly draft: ComposerDraft;
  readonly queue: readonly QueuedPrompt[];
  /** What was typed of commands, by the ids of the messages that they became. */
  readonly typed?: Readonly<Record<string, string>>;
}

export type ToPage =
  /** What happened within one frame, in the order in which it is to be shown. */
  | { readonly type: 'together'; readonly messages: readonly ToPage[] }
  | {
      readonly type: 'init';
      readonly settings: PageSettings;
      readonly highlightScript: string;
      /** The commands that the host runs for the page; it offers no others. */
      readonly commands?: readonly string[];
    }
  /** The page was asked for a session whose messages are still being fetched. */
  | { readonly type: 'loading'; readonly sessionId: string; readonly title: string }
  | {
      readonly type: 'show';
      readonly view: SessionView;
      /** Scroll to this message, which may not be among them. */
      readonly reveal?: string;
    }
  /** A session whose entries the page has already, as they stand. A page that has not says `ready` again. */
  | { readonly type: 'showAgain'; readonly view: Omit<SessionView, 'entries' | 'hasOlder'> }
  | {
      readonly type: 'failed';
      readonly sessionId: string;
      readonly message: string;
      readonly action?: { readonly title: string; readonly command: string };
    }
  | { readonly type: 'changes'; readonly sessionId: string; readonly changes: readonly EntryChange[] }
  /**
   * Messages between which none is missing. Where they meet what the page has, they share a message with it; else
   * some are missing there, which it asks for with `loadBeside`.
   */
  | {
      readonly type: 'run';
      readonly sessionId: string;
      readonly entries: readonly MessageEntry[];
      /** Whether there are messages before the first of these. */
      readonly hasOlder: boolean;
    }
  | {
      readonly type: 'part';
      readonly sessionId: string;
      readonly messageId: string;
      readonly part: PartEntry;
    }
  | { readonly type: 'header'; readonly header: SessionHeader }
  | {
      readonly type: 'requests';
      readonly sessionId: string;
      readonly permissions: readonly PermissionEntry[];
      readonly questions: readonly QuestionEntry[];
    }
  | { readonly type: 'choices'; readonly choices: ComposerChoices }
  | { readonly type: 'queue'; readonly sessionId: string; readonly queue: readonly QueuedPrompt[] }
  /** A prompt was taken, with what was picked for it: that is no pick any more, since the session uses it. */
  | {
      readonly type: 'sent';
      readonly sessionId: string;
      readonly picked: PickedTarget;
      /** What the next prompt goes on with, after a command with an agent or a model of its own. */
      readonly kept?: PickedTarget;
      readonly typed?: Readonly<Record<string, string>>;
    }
  /** What was typed was not taken: it stands in the composer of its session again, before what was typed since. */
  | {
      readonly type: 'unsent';
      readonly sessionId: string;
      readonly draft: ComposerDraft;
      /** Why, as a sentence. */
      readonly problem: string;
    }
  /** To be put into the composer of the session that is shown. */
  | {
      readonly type: 'insert';
      readonly sessionId: string;
      readonly text: string;
      readonly attachments?: readonly Attachment[];
    }
  | {
      readonly type: 'completions';
      readonly token: string;
      readonly items: readonly {
        readonly kind: 'file' | 'agent' | 'session' | 'symbol';
        readonly label: string;
        readonly detail?: string;
        readonly insert: string;
      }[];
    }
  | {
      readonly type: 'found';
      readonly token: string;
      readonly matches: readonly {
        readonly messageId: string;
        readonly partId: string;
        /** Which one it is in its part, from 0. */
        readonly occurrence: number;
      }[];
      /** There are more before these. */
      readonly isMore?: boolean;
    }
  | { readonly type: 'outline'; readonly sessionId: string; readonly turns: readonly OutlineTurn[] }
  /** How many messages stand before `messageId`; `isMore`: at least so many. */
  | {
      readonly type: 'counted';
      readonly sessionId: string;
      readonly messageId: string;
      readonly count: number;
      readonly isMore: boolean;
    }
  /** Scroll to this message; the page asks for one that it does not have. */
  | { readonly type: 'reveal'; readonly messageId: string }
  | { readonly type: 'connection'; readonly banner: ConnectionBanner }
  /** How a colour theme shows code, where that could be found out. */
  | { readonly type: 'codeStyles'; readonly theme: string; readonly styles?: CodeStyles };

const AttachmentShape = z.discriminatedUnion('kind', [
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
const DraftShape = z.object({
  text: z.string(),
  agent: z.string().optional(),
  model: ModelReference.optional(),
  attachments: z.array(AttachmentShape).readonly().optional(),
});

/** What the page keeps with `setState`, so that the panel comes back after a reload of the window. */
export const PageState = z.looseObject({ sessionId: z.string() });

/** What the page may ask of the host; parsed on arrival, since the page is not trusted. */
export const FromPage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready') }),
  /**
   * The whole text of a clamped part, to be shown in the page (up to 200 kB; longer ones open in an editor), or the
   * pictures of a file or a tool call.
   */
  z.object({ type: z.literal('loadPart'), sessionId: z.string(), messageId: z.string(), partId: z.string() }),
  z.object({
    type: z.literal('send'),
    sessionId: z.string(),
    draft: DraftShape,
    /** While busy: `steer` goes into the running turn, `queue` after it has settled. */
    mode: z.enum(['steer', 'queue']),
  }),
  /** `attachments` only where they changed since the host had them: they may be megabytes, and this comes while typing. */
  z.object({ type: z.literal('draft'), sessionId: z.string(), draft: DraftShape }),
  /** Files that were read for a session while the page turned to another one. */
  z.object({
    type: z.literal('attach'),
    sessionId: z.string(),
    attachments: z.array(AttachmentShape).readonly(),
  }),
  z.object({ type: z.literal('queueEdit'), sessionId: z.string(), id: z.string(), text: z.string() }),
  /** Sends a prompt that waits although the session is idle, since the last turn was stopped or failed. */
  z.object({ type: z.literal('queueSend'), sessionId: z.string(), id: z.string() }),
  z.object({ type: z.literal('queueRemove'), sessionId: z.string(), id: z.string() }),
  z.object({
    type: z.literal('replyPermission'),
    sessionId: z.string(),
    requestId: z.string(),
    reply: z.enum(['once', 'always', 'reject']),
    message: z.string().optional(),
  }),
  z.object({
    type: z.literal('replyQuestion'),
    sessionId: z.string(),
    requestId: z.string(),
    answers: z.array(z.array(z.string())),
  }),
  z.object({ type: z.literal('rejectQuestion'), sessionId: z.string(), requestId: z.string() }),
  z.object({ type: z.literal('complete'), sessionId: z.string(), token: z.string(), query: z.string() }),
  z.object({ type: z.literal('find'), sessionId: z.string(), token: z.string(), query: z.string() }),
  /** All prompts of the session are wanted, also those that are not loaded. */
  z.object({ type: z.literal('outline'), sessionId: z.string() }),
  z.object({ type: z.literal('countBefore'), sessionId: z.string(), messageId: z.string() }),
  /** What the composer offers is not there: loading it failed. */
  z.object({ type: z.literal('choices'), sessionId: z.string() }),
  /** A message that the page does not have is wanted (outline, find): it comes in a `run`, then `reveal`. */
  z.object({ type: z.literal('loadUntil'), sessionId: z.string(), messageId: z.string() }),
  /** What stands right before or after a message of the page, and it does not have; comes as `run`, with that message. */
  z.object({
    type: z.literal('loadBeside'),
    sessionId: z.string(),
    messageId: z.string(),
    side: z.enum(['before', 'after']),
  }),
  /** Runs one of our commands with `{ sessionId, messageId?, text?, title? }`; the host checks it against its list. */
  z.object({
    type: z.literal('command'),
    command: z.string(),
    sessionId: z.string(),
    messageId: z.string().optional(),
    text: z.string().optional(),
    title: z.string().optional(),
    relayId: z.string().optional(),
  }),
  z.object({ type: z.literal('openSession'), sessionId: z.string() }),
  z.object({
    type: z.literal('openFile'),
    sessionId: z.string(),
    path: z.string(),
    line: z.number().optional(),
  }),
  z.object({ type: z.literal('openLink'), url: z.string() }),
  z.object({ type: z.literal('openDiff'), sessionId: z.string(), messageId: z.string(), partId: z.string() }),
  /** The whole of what a tool call was given, in an editor. */
  z.object({
    type: z.literal('openInput'),
    sessionId: z.string(),
    messageId: z.string(),
    partId: z.string(),
  }),
  /** The whole output (or input) of a tool call in an editor. */
  z.object({
    type: z.literal('openOutput'),
    sessionId: z.string(),
    messageId: z.string(),
    partId: z.string(),
  }),
  /** The whole of what ended a message badly, in an editor. */
  z.object({ type: z.literal('openError'), sessionId: z.string(), messageId: z.string() }),
  /** A file that a session holds, in the editor for its kind; of a tool call, which one of its files, from 0. */
  z.object({
    type: z.literal('openAttachment'),
    sessionId: z.string(),
    messageId: z.string(),
    partId: z.string(),
    index: z.int().nonnegative(),
  }),
  /** The whole of what a permission is asked for, in an editor. */
  z.object({ type: z.literal('openPermission'), requestId: z.string() }),
  z.object({ type: z.literal('copy'), text: z.string() }),
  z.object({ type: z.literal('insertAtCursor'), text: z.string() }),
  z.object({ type: z.literal('openAsFile'), text: z.string(), language: z.string() }),
  /** The colour theme that the page is shown in; `codeStyles` answers. */
  z.object({ type: z.literal('theme'), theme: z.string() }),
  /** A script error in the page, for the log. */
  z.object({ type: z.literal('error'), message: z.string() }),
]);
export type FromPage = z.infer<typeof FromPage>;
