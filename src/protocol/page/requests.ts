import type { ClampedText, ToolKind } from './entries.ts';

/** What a permission is asked for: what its tool does, or what any of them may ask for. */
export type PermissionKind =
  | Exclude<ToolKind, 'writeFile' | 'askPerson' | 'proposePlan' | 'unknownTool'>
  | 'leaveFolder'
  | 'repeatCall'
  | 'askLanguageServer';

export interface PermissionEntry {
  readonly id: string;
  /** The session that asks: this one or one of its subagents. */
  readonly sessionId: string;
  readonly sessionTitle?: string;
  readonly kind: PermissionKind;
  /** The sentence above what is asked for. */
  readonly title: string;
  /** What is asked for by name: of a change, its files, and where they are moved to; empty where nothing has one. */
  readonly patterns: readonly string[];
  /** What "always" would allow; empty where it cannot be asked for. */
  readonly always: readonly string[];
  /** e.g. the command or the diff that it is about. */
  readonly detail?: ClampedText;
  /** The tool that asks, where the permission has another name. */
  readonly tool?: string;
  /** What the call is for, in the words of the agent: they need not be true. */
  readonly purpose?: string;
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
