import type { ToolKind } from '../../protocol/page/entries.ts';
import type { Fields, Permission, RequestDetails, Tool, ToolVocabulary } from './tool.ts';
import { pluginTools } from './pluginTools.ts';
import { tools118 } from './tools118.ts';
import { tools2 } from './tools2.ts';

/**
 * What servers call their tools, newest generation first. All of them count at any server: a session may have come from an
 * earlier one. Where two of them name the same tool, the newer one reads what both keep.
 */
const vocabularies: readonly [ToolVocabulary, ...ToolVocabulary[]] = [tools2, tools118];

const oldestFirst = vocabularies.toReversed();
const tools = new Map([
  ...pluginTools(vocabularies[0].otherTool),
  ...oldestFirst.flatMap((vocabulary) => [...vocabulary.tools]),
]);
const permissions = new Map(oldestFirst.flatMap((vocabulary) => [...vocabulary.permissions]));

/** A tool of a plugin or of an MCP server asks by its own name. */
const otherPermission: Permission = { kind: 'otherTool', isNamed: false };

/** How the calls of a tool of this name are read. */
export function toolOf(name: string): Tool {
  return tools.get(name) ?? vocabularies[0].otherTool;
}

/** Those by which models answer in the form that they were asked for. */
export const answerTools: readonly string[] = vocabularies.flatMap(({ answerTool }) => answerTool ?? []);

/** Whether a server wrote this as the prompt above a command that a person ran in the session (`!ls`). */
export function isOwnCommandNote(text: string): boolean {
  return vocabularies.some(({ ownCommandNote }) => ownCommandNote === text);
}

/** What agents call the tool that does this. */
export function toolNamed(kind: ToolKind): string {
  const named = vocabularies.flatMap((vocabulary) => [...vocabulary.tools]);
  return named.find(([, tool]) => tool.kind === kind)?.[0] ?? kind;
}

/** How a permission of this name is asked for. */
export function permissionOf(name: string): Permission {
  return permissions.get(name) ?? otherPermission;
}

/** What a request for permission tells of its call in its metadata. */
export function readRequest(metadata: Fields): RequestDetails {
  return vocabularies[0].readRequest(metadata);
}
