import * as z from 'zod';
import type { Call, Fields, Patch, Permission, Tool, ToolVocabulary } from './tool.ts';
import { tools118 } from './tools118.ts';

/** A file in the metadata of a call: `file` is relative to the session's directory. */
const ChangedFile = z.object({
  file: z.string(),
  patch: z.string(),
  status: z.enum(['added', 'deleted', 'modified']).optional().catch(undefined),
  additions: z.number().optional().catch(undefined),
  deletions: z.number().optional().catch(undefined),
});

/** What an earlier generation had under this or another name, with what 2.x keeps of calls as well. */
function since2(name: string, own: Partial<Tool> = {}): Tool {
  const earlier = tools118.tools.get(name) ?? tools118.otherTool;
  const { result } = earlier;
  return {
    ...earlier,
    result: (call) => {
      const read = result(call);
      const patches = readPatches(call);
      return {
        ...read,
        childSessionId: text(call.metadata, 'sessionID') ?? read.childSessionId,
        patches: patches.length > 0 ? patches : read.patches,
      };
    },
    ...own,
  };
}

/** Those that have the same name as before, whose calls are read in both ways. */
const lasting = ['read', 'edit', 'write', 'glob', 'grep', 'question', 'skill', 'webfetch', 'websearch'];

/** The tools and permissions of 2.x. */
export const tools2: ToolVocabulary = {
  tools: new Map<string, Tool>([
    ...lasting.map((name): [string, Tool] => [name, since2(name)]),
    ['shell', since2('bash')],
    [
      'subagent',
      since2('task', {
        given: (input) => ({
          subject: text(input, 'description'),
          text: text(input, 'prompt'),
          agent: text(input, 'agent'),
        }),
      }),
    ],
    ['patch', since2('apply_patch')],
    ['execute', since2('')],
  ]),
  otherTool: since2(''),
  permissions: new Map<string, Permission>([
    ['shell', { kind: 'command', isNamed: true, arguments: ['command'], isWritten: true }],
    ['subagent', { kind: 'startSubagent', isNamed: true, arguments: ['agent'] }],
    ['edit', { kind: 'editFile', isNamed: true, arguments: ['path', 'filePath'], isPath: true }],
    ['read', { kind: 'readFile', isNamed: true, arguments: ['path', 'filePath'], isPath: true }],
  ]),
  readRequest: (metadata) => {
    const earlier = tools118.readRequest(metadata);
    if (earlier.detail !== '') return earlier;
    const detail = readFiles(metadata)
      .map(({ patch }) => patch)
      .join('\n');
    return { ...earlier, detail, hasDiff: detail !== '' };
  },
};

function readPatches({ metadata }: Call): readonly Patch[] {
  return readFiles(metadata).map(({ status, ...file }) => ({
    ...file,
    ...(status === undefined ? {} : { change: status }),
  }));
}

function readFiles({ files }: Fields): readonly z.infer<typeof ChangedFile>[] {
  return (Array.isArray(files) ? files : []).flatMap((one) => ChangedFile.safeParse(one).data ?? []);
}

function text(fields: Fields, key: string): string | undefined {
  const value = fields[key];
  return typeof value === 'string' ? value : undefined;
}
