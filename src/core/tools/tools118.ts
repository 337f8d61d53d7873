import * as z from 'zod';
import type { ToolKind } from '../../protocol/page/entries.ts';
import { Todo } from '../../protocol/records.ts';
import type { Call, CallResult, Fields, Patch, Permission, Tool, ToolVocabulary } from './tool.ts';

/** What stands around the lines of a file or a folder, for the model. */
const readFrame = /^<path>[^\n]*<\/path>\n<type>[^\n]*<\/type>\n<(content|entries)>\n([\s\S]*?)\n?<\/\1>/;
/** In the words of an error: there is no such tool. All others are of a tool that could not read what it was given. */
const noSuchTool = /unavailable tool|no such tool/i;
/** What stands around the last words of a subagent, where it came to its end. */
const taskFrame = /^<task [^\n]*>\n<task_result>\n([\s\S]*?)\n?<\/task_result>\n<\/task>\s*$/;

const TodoInput = z.object({ todos: z.array(Todo) });
/** A question once it is answered: its input with what its metadata keeps. */
const AskedQuestions = z.object({
  questions: z.array(z.object({ question: z.string() })),
  answers: z.array(z.array(z.string())),
});

/** A file in the metadata of a patch: `filePath` is absolute. */
const PatchedFile = z.object({
  filePath: z.string(),
  /** Where it was moved to, absolute. */
  movePath: z.string().optional().catch(undefined),
  type: z.enum(['add', 'delete', 'update', 'move']).optional().catch(undefined),
  patch: z.string(),
  additions: z.number().optional().catch(undefined),
  deletions: z.number().optional().catch(undefined),
});
type PatchedFile = z.infer<typeof PatchedFile>;

const patchChanges = { add: 'added', delete: 'deleted', update: 'modified', move: 'modified' } as const;

/** By which a model answers in the form that it was asked for. */
const answerTool = 'StructuredOutput';

/** The tools and permissions of 1.18 and 1.19. */
export const tools118: ToolVocabulary = {
  tools: new Map<string, Tool>([
    [
      'bash',
      tool('command', {
        harmless: ['description', 'timeout'],
        given: (input) => ({ subject: text(input, 'command'), purpose: text(input, 'description') }),
        main: (input) => ({ name: 'command.sh', text: input['command'] }),
      }),
    ],
    [
      'read',
      tool('readFile', {
        looks: true,
        harmless: ['offset', 'limit'],
        given: (input) => ({ line: number(input, 'offset'), lineCount: number(input, 'limit') }),
        readable: (output) => output.replace(readFrame, '$2'),
      }),
    ],
    [
      'edit',
      tool('editFile', {
        given: (input) => ({ before: text(input, 'oldString'), after: text(input, 'newString') }),
      }),
    ],
    ['multiedit', tool('editFile', { permission: 'edit' })],
    [
      'apply_patch',
      tool('editFile', {
        permission: 'edit',
        main: (input) => ({ name: 'patch.diff', text: input['patchText'] }),
      }),
    ],
    [
      'write',
      tool('writeFile', {
        permission: 'edit',
        given: (input) => ({ text: text(input, 'content') }),
        main: (input) => ({ name: path(input) ?? '', text: input['content'] }),
        result: (call) => {
          const result = readResult(call);
          return result.patches.length > 0 ? result : { ...result, patches: newFilePatch(call) };
        },
      }),
    ],
    ['grep', tool('searchText', { looks: true, given: (input) => ({ subject: text(input, 'pattern') }) })],
    ['glob', tool('findFiles', { looks: true, given: (input) => ({ subject: text(input, 'pattern') }) })],
    ['list', tool('listFolder', { looks: true })],
    [
      'webfetch',
      tool('fetchPage', {
        looks: true,
        harmless: ['format', 'timeout'],
        given: (input) => ({ subject: text(input, 'url') }),
      }),
    ],
    ['websearch', tool('searchWeb', { looks: true, given: (input) => ({ subject: text(input, 'query') }) })],
    [
      'todowrite',
      tool('writeTodos', {
        looks: true,
        todos: (input) => TodoInput.safeParse(input).data?.todos,
        putTodos: ({ todos: given }, todos) => {
          if (!Array.isArray(given)) return;
          const stood: readonly unknown[] = [...(given as unknown[])];
          // The server writes down what stands in this very list.
          given.splice(
            0,
            given.length,
            ...todos.map(({ todo, at }) => ({
              ...(at === undefined ? {} : (stood[at] as Record<string, unknown>)),
              ...todo,
            })),
          );
        },
      }),
    ],
    [
      'task',
      tool('startSubagent', {
        harmless: ['description'],
        given: (input) => ({
          subject: text(input, 'description'),
          text: text(input, 'prompt'),
          agent: text(input, 'subagent_type'),
        }),
        main: (input) => ({ name: 'prompt.md', text: input['prompt'] }),
        result: (call) => {
          const result = readResult(call);
          return { ...result, isStopped: result.isStopped || call.error === 'Task cancelled' };
        },
        readable: (output) => taskFrame.exec(output)?.[1] ?? output,
      }),
    ],
    [
      'question',
      tool('askPerson', {
        looks: true,
        given: ({ questions }) => ({ subject: firstQuestion(questions) }),
        result: (call) => ({ ...readResult(call), answers: readAnswers(call) }),
      }),
    ],
    ['skill', tool('loadSkill', { looks: true, given: (input) => ({ subject: text(input, 'name') }) })],
    // What comes of a call of a tool that there is not, or of one with wrong arguments: its words tell them apart.
    [
      'invalid',
      tool('unknownTool', {
        looks: true,
        given: (input) => ({
          subject: text(input, 'tool'),
          isUnreadable: isOfArguments(text(input, 'error')) || undefined,
        }),
      }),
    ],
    // It comes to its end only once the person has agreed.
    ['plan_exit', tool('proposePlan', { looks: true })],
    ['todoread', tool('otherTool', { looks: true })],
    ['lsp', tool('otherTool', { looks: true })],
    ['codesearch', tool('otherTool', { looks: true })],
    [answerTool, tool('otherTool', { looks: true })],
  ]),
  answerTool,
  ownCommandNote: 'The following tool was executed by the user',
  otherTool: tool('otherTool'),
  permissions: new Map<string, Permission>([
    ['bash', { kind: 'command', isNamed: true, arguments: ['command'], isWritten: true }],
    ['edit', { kind: 'editFile', isNamed: true, arguments: ['filePath'], isPath: true }],
    ['read', { kind: 'readFile', isNamed: true, arguments: ['filePath'], isPath: true }],
    ['webfetch', { kind: 'fetchPage', isNamed: true, arguments: ['url'], isWritten: true }],
    ['external_directory', { kind: 'leaveFolder', isNamed: true }],
    ['task', { kind: 'startSubagent', isNamed: true, arguments: ['subagent_type'] }],
    ['skill', { kind: 'loadSkill', isNamed: true, arguments: ['name'] }],
    ['list', { kind: 'listFolder', isNamed: true, arguments: ['path'], isPath: true }],
    ['glob', { kind: 'findFiles', isNamed: true, arguments: ['pattern'] }],
    ['grep', { kind: 'searchText', isNamed: true, arguments: ['pattern'] }],
    ['websearch', { kind: 'searchWeb', isNamed: true, arguments: ['query'] }],
    ['doom_loop', { kind: 'repeatCall', isNamed: true, arguments: ['tool'] }],
    ['lsp', { kind: 'askLanguageServer', isNamed: false }],
    ['todowrite', { kind: 'writeTodos', isNamed: false }],
  ]),
  readRequest: (metadata) => {
    const detail = metadata['command'] ?? metadata['diff'] ?? metadata['url'] ?? metadata['filepath'];
    return {
      detail: typeof detail === 'string' ? detail : '',
      hasDiff: Boolean(text(metadata, 'diff')),
      movedTo: readPatchedFiles(metadata).flatMap(({ movePath }) => movePath ?? []),
    };
  },
};

function tool(kind: ToolKind, { given, ...own }: Partial<Omit<Tool, 'kind'>> = {}): Tool {
  return {
    kind,
    given: (input) => ({ path: path(input), ...given?.(input) }),
    result: readResult,
    readable: (output) => output,
    ...own,
  };
}

function path(input: Fields): string | undefined {
  return text(input, 'filePath') ?? text(input, 'path');
}

/** Tools of plugins may keep the same. */
function readResult({ input, metadata, error }: Call): CallResult {
  return {
    printed: text(metadata, 'output'),
    exitCode: number(metadata, 'exit'),
    matches: number(metadata, 'matches') ?? number(metadata, 'count'),
    todos: Todo.array().safeParse(metadata['todos']).data,
    answers: undefined,
    childSessionId: text(metadata, 'sessionId'),
    patches: readPatches(input, metadata),
    counted: readCounted(metadata),
    isStopped: metadata['interrupted'] === true,
    hasFailed: false,
    // The words of the error are all that tells.
    isRefused: /^The user (?:rejected permission|has specified a rule)/.test(error ?? ''),
  };
}

/** A patch, which may be over several files, keeps `files`, also with the request to permit it. */
function readPatches(input: Fields, metadata: Fields): readonly Patch[] {
  const files = readPatchedFiles(metadata);
  return files.length > 0 ? files.map(toPatch) : editPatch(input, metadata);
}

function readPatchedFiles({ files }: Fields): readonly PatchedFile[] {
  return (Array.isArray(files) ? files : []).flatMap((one) => PatchedFile.safeParse(one).data ?? []);
}

function toPatch({ filePath, movePath, type, ...counted }: PatchedFile): Patch {
  return {
    file: movePath ?? filePath,
    ...counted,
    ...(type && { change: patchChanges[type] }),
  };
}

function readCounted({ filediff }: Fields): CallResult['counted'] {
  const counted = (filediff ?? {}) as Fields;
  const [additions, deletions] = [number(counted, 'additions'), number(counted, 'deletions')];
  return additions === undefined || deletions === undefined ? undefined : { additions, deletions };
}

/** An edit keeps `diff` and `filediff`. */
function editPatch(input: Fields, metadata: Fields): readonly Patch[] {
  const filediff = (metadata['filediff'] ?? {}) as Fields;
  const patch = text(filediff, 'patch') ?? text(metadata, 'diff');
  if (patch === undefined || patch === '') return [];
  return [
    {
      file: text(filediff, 'file') || (path(input) ?? ''),
      patch,
      additions: number(filediff, 'additions'),
      deletions: number(filediff, 'deletions'),
    },
  ];
}

/** A write keeps no diff; of a file that was not there, all lines are additions. */
function newFilePatch({ input, metadata }: Call): readonly Patch[] {
  const content = text(input, 'content');
  if (metadata['exists'] !== false || content === undefined) return [];
  const lines = content === '' ? [] : content.replace(/\n$/, '').split('\n');
  const patch = [`@@ -0,0 +1,${lines.length} @@`, ...lines.map((line) => `+${line}`), ''].join('\n');
  return [{ file: path(input) ?? '', patch, additions: lines.length, deletions: 0, change: 'added' }];
}

/** The answers are kept in the order of the questions. */
function readAnswers({ input, metadata }: Call): CallResult['answers'] {
  const asked = AskedQuestions.safeParse({ ...input, ...metadata }).data;
  return asked?.questions.map(({ question }, index) => ({ question, answers: asked.answers[index] ?? [] }));
}

function isOfArguments(error = ''): boolean {
  return error !== '' && !noSuchTool.test(error);
}

function firstQuestion(questions: unknown): string | undefined {
  const [first] = Array.isArray(questions) ? (questions as unknown[]) : [];
  const question = (first as { question?: unknown } | null | undefined)?.question;
  return typeof question === 'string' ? question : undefined;
}

function text(fields: Fields, key: string): string | undefined {
  const value = fields[key];
  return typeof value === 'string' ? value : undefined;
}

function number(fields: Fields, key: string): number | undefined {
  const value = fields[key];
  return typeof value === 'number' ? value : undefined;
}
