import type { CallArguments, ToolEntry, ToolKind } from '../../protocol/page/entries.ts';
import type { PermissionKind } from '../../protocol/page/requests.ts';
import type { FileChange, Todo } from '../../protocol/records.ts';

export type Fields = Readonly<Record<string, unknown>>;

/** What a server keeps of a call. */
export interface Call {
  readonly input: Fields;
  readonly metadata: Fields;
  /** Of one that is done. */
  readonly output?: string | undefined;
  /** Of one that failed. */
  readonly error?: string | undefined;
}

/** How the calls of one tool are read, by the names that its server gives to what it keeps. */
export interface Tool {
  readonly kind: ToolKind;
  /** The permission that it asks for, where that has another name. */
  readonly permission?: string;
  /** Whether it only looks, asks or plans. */
  readonly looks?: true;
  /** Arguments that change nothing of what is done. */
  readonly harmless?: readonly string[];
  /** What a call was given, by what that is for. */
  readonly given: (input: Fields) => Given;
  /** The one argument that is worth reading as it was written; `name` says its language by its ending. */
  readonly main?: (input: Fields) => { readonly name: string; readonly text: unknown };
  /** The todos that a call was given; undefined where it was given none. */
  readonly todos?: (input: Fields) => readonly Todo[] | undefined;
  /** Puts other todos into what a call was given, in place; what else stood with one at that place stays with it. */
  readonly putTodos?: (input: Fields, todos: readonly PutTodo[]) => void;
  readonly result: (call: Call) => CallResult;
  /** What came out as people read it: without the marks that a server puts around it for the model. */
  readonly readable: (output: string) => string;
}

export interface PutTodo {
  readonly todo: Todo;
  /** Where it stood; undefined: nowhere. */
  readonly at: number | undefined;
}

/** Arguments as they are read: what is not there is undefined. */
export type Given = { readonly [Name in keyof CallArguments]?: CallArguments[Name] | undefined };

/** What a server tells of a call beside its output. */
export interface CallResult {
  /** What a running call printed so far. */
  readonly printed: string | undefined;
  readonly exitCode: number | undefined;
  readonly matches: number | undefined;
  readonly todos: readonly Todo[] | undefined;
  readonly answers: ToolEntry['answers'] | undefined;
  readonly childSessionId: string | undefined;
  readonly patches: readonly Patch[];
  /** Lines of the one file that it changed, where it counted them, also without a patch. */
  readonly counted: { readonly additions: number; readonly deletions: number } | undefined;
  /** Whether a call that has an error did not fail but ended with the run, which a person stopped. */
  readonly isStopped: boolean;
  /** Whether a call that its server counts as done says that it failed. */
  readonly hasFailed: boolean;
  /** Whether a person or a rule of theirs refused the call. */
  readonly isRefused: boolean;
}

/** The unified diff of one file. */
export interface Patch {
  /** Its path, relative to the session's directory or absolute; empty where nobody knows it. */
  readonly file: string;
  readonly patch: string;
  /** Whether the file itself came or went, where that is known. */
  readonly change?: FileChange;
  /** Lines, where the server counted them. */
  readonly additions?: number | undefined;
  readonly deletions?: number | undefined;
}

/** How a permission is asked for by the tool that it is there for. */
export interface Permission {
  readonly kind: PermissionKind;
  /** Whether its requests name what they are about; others ask for `*`. */
  readonly isNamed: boolean;
  /** The argument that says just what a request names, by the names that generations have for it. */
  readonly arguments?: readonly string[];
  /** Whether that is a file or a folder, which a request names by a shorter path than the call does. */
  readonly isPath?: boolean;
  /** Whether a request keeps that argument in its metadata, as it was written. */
  readonly isWritten?: boolean;
}

/** What a request for permission tells of the call that it is about. */
export interface RequestDetails {
  /** What is asked for, whole: a command, a diff, an address or a path; `''` where nothing is told. */
  readonly detail: string;
  readonly hasDiff: boolean;
  /** Where files are moved to, absolute. */
  readonly movedTo: readonly string[];
}

/** What one generation of OpenCode calls its tools and permissions, and what it keeps of calls. */
export interface ToolVocabulary {
  /** By name. */
  readonly tools: ReadonlyMap<string, Tool>;
  /** The tool by which a model answers in the form that it was asked for, where there is one. */
  readonly answerTool?: string;
  /** What a server writes as the prompt above a command that a person ran in the session. */
  readonly ownCommandNote?: string;
  /** A tool of a plugin or of an MCP server. */
  readonly otherTool: Tool;
  /** By name. */
  readonly permissions: ReadonlyMap<string, Permission>;
  readonly readRequest: (metadata: Fields) => RequestDetails;
}
