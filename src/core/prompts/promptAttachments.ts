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
  const mentioned = findMentions(ownText(message)).map(({ name, ...lines }) =>
    toFilePart(resolvePath(directory, name), lines),
  );
  const isMentioned = ({ url, filename }: StoredFile) =>
    mentioned.some((file) => file.url === url || (isData(url) && file.filename === filename));
  return message.parts.flatMap((part) =>
    part.type === 'file' && !isMentioned(part) ? (toAttachment(part) ?? []) : [],
  );
}

/** undefined for what is neither a file nor carries its data, e.g. a resource of an MCP server. */
function toAttachment({ url, mime, filename }: StoredFile): Attachment | undefined {
  if (isData(url)) return { kind: 'data', mime, filename: filename ?? mime, url };
  const path = fromFileUrl(url);
  if (path === undefined) return undefined;
  const [, start, end = start] = /\?start=(\d+)(?:&end=(\d+))?/.exec(url) ?? [];
  return start === undefined
    ? { kind: 'file', path }
    : { kind: 'file', path, startLine: Number(start), endLine: Number(end) };
}

const isData = (url: string): boolean => url.startsWith('data:');
