import type { Fields, RequestDetails, Tool, ToolVocabulary } from './tool.ts';
import { tools118 } from './tools118.ts';

/**
 * What servers call their tools, newest generation first. All of them count at any server: a session may have come from an
 * earlier one. Where two of them name the same tool, the newer one reads what both keep.
 */
const vocabularies: readonly [ToolVocabulary, ...ToolVocabulary[]] = [tools118];

const tools = new Map(vocabularies.toReversed().flatMap((vocabulary) => [...vocabulary.tools]));

/** How the calls of a tool of this name are read. */
export function toolOf(name: string): Tool {
  return tools.get(name) ?? vocabularies[0].otherTool;
}

/** What a request for permission tells of its call in its metadata. */
export function readRequest(metadata: Fields): RequestDetails {
  return vocabularies[0].readRequest(metadata);
}
