import type { Attachment } from '../../protocol/page/composer.ts';
import type { MessageWithParts, PartOf } from '../../protocol/records.ts';
import { ownText } from '../continuation/conversation.ts';
import { resolvePath } from '../filePath.ts';
import { findMentions, fromFileUrl, toFilePart } from './promptText.ts';

type StoredFile = PartOf<'file'>;

/**
 * What went with a prompt beside its text, to go with it once more. What the text mentions is left out: it is found
 * there again. An image of the disk is an attachment with its data, as the server has stored it.
 */
export function promptAttachments(message: MessageWithParts, directory: string): readonly Attachment[] {
  return unmentionedFiles(message, directory).flatMap((file) => toAttachment(file) ?? []);
}

/** The names of what went with a prompt and cannot go with it once more from here. */
export function lostAttachments(message: MessageWithParts, directory: string): readonly string[] {
  const files = unmentionedFiles(message, directory).filter((file) => toAttachment(file) === undefined);
  const mentioned = new Set(findMentions(ownText(message)).map(({ name }) => name));
  const agents = message.parts.flatMap((part) =>
    part.type === 'agent' && !mentioned.has(part.name) ? `@${part.name}` : [],
  );
  return [...files.map(({ filename, url }) => filename ?? url), ...agents];
}

function unmentionedFiles(message: MessageWithParts, directory: string): readonly StoredFile[] {
  const mentioned = findMentions(ownText(message)).map(({ name, ...lines }) =>
    toFilePart(resolvePath(directory, name), lines),
  );
  const isMentioned = ({ url, filename }: StoredFile) =>
    mentioned.some((file) => file.url === url || (isData(url) && file.filename === filename));
  return message.parts
    .filter((part) => part.type === 'file')
    .filter((file) => isResource(file) || !isMentioned(file));
}

/** undefined for what is neither a file nor carries its data, e.g. a resource of an MCP server. */
function toAttachment(file: StoredFile): Attachment | undefined {
  const { url, mime, filename } = file;
  if (isResource(file)) return undefined;
  if (isData(url)) return { kind: 'data', mime, filename: filename ?? mime, url };
  const path = fromFileUrl(url);
  if (path === undefined) return undefined;
  const [, start, end = start] = /\?start=(\d+)(?:&end=(\d+))?/.exec(url) ?? [];
  return start === undefined
    ? { kind: 'file', path }
    : { kind: 'file', path, startLine: Number(start), endLine: Number(end) };
}

/** An MCP server may call a resource of its own by the address of a file. */
const isResource = ({ source }: StoredFile): boolean => source?.type === 'resource';

const isData = (url: string): boolean => url.startsWith('data:');
