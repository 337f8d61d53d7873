import type { Todo } from '../records.ts';
import type { ChangesFigure, OfferedRemedy } from './header.ts';

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
  /**
   * `message` says in words what went wrong and what to do; `clamped`: its length, where some of it is left out;
   * `remedies`: what may be done, the likeliest first.
   */
  readonly error?: {
    readonly name: string;
    readonly message: string;
    readonly clamped?: number;
    readonly remedies?: readonly OfferedRemedy[];
  };
  /** Written by a compaction. */
  readonly summary?: boolean;
  /** Of a prompt: what the turn that it began changed in the files, where the server keeps snapshots of them. */
  readonly changes?: ChangesFigure;
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

/** What a tool does, whatever its server calls it. */
export type ToolKind =
  | 'command'
  | 'readFile'
  | 'editFile'
  | 'writeFile'
  | 'searchText'
  | 'findFiles'
  | 'listFolder'
  | 'fetchPage'
  | 'searchWeb'
  | 'writeTodos'
  | 'startSubagent'
  | 'askPerson'
  | 'loadSkill'
  | 'proposePlan'
  /** A tool that there is not was called. */
  | 'unknownTool'
  /** A tool of a plugin or of an MCP server. */
  | 'otherTool';

/** What a call was given, by what that is for. */
export interface CallArguments {
  /** What it is about: the command, the pattern, the address, what a subagent is to do; all, in a line, of a tool of others. */
  readonly subject?: string;
  /** Of its file or folder. */
  readonly path?: string;
  /** The first of the lines that are read, from 1. */
  readonly line?: number;
  readonly lineCount?: number;
  /** What a file is to hold, what a subagent is told. */
  readonly text?: string;
  /** What is to be replaced in a file. */
  readonly before?: string;
  readonly after?: string;
  /** What a command is for, as the model says. */
  readonly purpose?: string;
  /** Who is started. */
  readonly agent?: string;
  /** How a tool of a plugin passes work on: in this session, in another one, or once this one is compacted. */
  readonly way?: 'message' | 'new' | 'fork' | 'compact' | 'handoff' | 'subagent';
  /** Of a call that came to nothing: the tool is there, but what it was given cannot be read. */
  readonly isUnreadable?: boolean;
}

export interface ToolEntry {
  readonly id: string;
  readonly type: 'tool';
  readonly tool: string;
  /** By what a request for permission names it. */
  readonly callId?: string;
  readonly kind: ToolKind;
  /** `interrupted`: unfinished in a session that is idle. */
  readonly status: 'pending' | 'running' | 'completed' | 'error' | 'interrupted';
  /** The server's own short title, e.g. a path or a description. */
  readonly title: string;
  /** What it was given; long texts in it are cut. */
  readonly given: CallArguments;
  /** All of that as it came, cut in the same way, where nothing else says enough of it. */
  readonly input?: Readonly<Record<string, unknown>>;
  /** Length of the whole input in characters, where something of it is cut. */
  readonly clampedInput?: number;
  readonly output?: ClampedText;
  readonly error?: ClampedText;
  /** Why it failed, in a line: the page need not draw what a terminal left for that. */
  readonly reason?: string;
  /** A person or a rule of theirs refused the call: nothing went wrong. */
  readonly isRefused?: boolean;
  readonly start?: number;
  readonly end?: number;
  /** Unified diff of an edit, a write or a patch, with its count of lines. */
  readonly diff?: ClampedText & {
    readonly files: readonly { readonly path: string }[];
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
  /** The session of a subagent that it started, or another one that came of it. */
  readonly childSessionId?: string;
}

export type PartEntry =
  | ToolEntry
  | ({
      readonly id: string;
      readonly type: 'text';
      readonly synthetic?: boolean;
      /** The server put it above a command that the person ran: it says nothing that the call does not. */
      readonly isOwnCommand?: boolean;
      readonly ignored?: boolean;
      /** It was relayed, from this agent where that is known; `session`: the agent of another session wrote it; or an automation did. */
      readonly relayed?: {
        readonly from?: string;
        readonly session?: string;
        readonly automation?: { readonly name: string; readonly on: string };
      };
      /** A fork, whose session that is, put it there; no person said it. */
      readonly broughtBack?: { readonly from: string };
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
