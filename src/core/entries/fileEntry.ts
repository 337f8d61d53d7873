import type { FileEntry } from '../../protocol/page/entries.ts';
import type { PartOf } from '../../protocol/records.ts';
import { withoutUndefined } from '../withoutUndefined.ts';
import { isInlineImage } from './inlineImage.ts';
import { fromFileUrl } from '../prompts/promptText.ts';

/** A file as the server holds it. */
export type AttachedFile = Pick<PartOf<'file'>, 'mime' | 'filename' | 'url' | 'source'>;

/** So many characters of `data:` URL the page is given at most when a picture is asked for; a larger one opens in an editor. */
export const shownPictureLimit = 20_000_000;

/** A file as the page shows it, with its picture where that has `limit` characters of `data:` URL at most. */
export function toFileEntry(file: AttachedFile, limit: number): FileEntry {
  const { mime, url } = file;
  const path = file.source?.path ?? fromFileUrl(url);
  const isPicture = mime.startsWith('image/') && isInlineImage(url);
  const isHere = isPicture && url.length <= limit;
  return withoutUndefined({
    mime,
    filename: file.filename ?? path?.split('/').at(-1) ?? mime,
    path,
    image: isHere ? url : undefined,
    size: isHere ? undefined : countBytes(url),
    isLoadable: isPicture && !isHere && url.length <= shownPictureLimit ? true : undefined,
  });
}

/** How many bytes a `data:` URL holds; undefined for another URL. */
function countBytes(url: string): number | undefined {
  if (!url.startsWith('data:')) return undefined;
  const start = url.indexOf(',') + 1;
  if (!/;base64$/i.test(url.slice(0, start - 1))) return url.length - start;
  const padding = url.endsWith('==') ? 2 : Number(url.endsWith('='));
  return Math.floor((url.length - start - padding) * 0.75);
}
