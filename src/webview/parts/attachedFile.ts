import { l10n } from '../../core/l10n.ts';
import { isInlineImage } from '../../core/entries/inlineImage.ts';
import type { FileEntry } from '../../protocol/page/entries.ts';
import { element, icon, textButton } from '../dom/element.ts';
import { fileLink } from '../markdown/fileLink.ts';
import { formatSize } from '../../core/figures.ts';

export interface FileActions {
  /** Opens what the session holds of it in an editor. */
  readonly open: () => void;
  /** Asks for its picture; left out where that comes by itself. */
  readonly load?: () => void;
}

/** What shows a file that came with a message or out of a call: its picture, or its name, which opens it. */
export function attachedFile(file: FileEntry, { open, load }: FileActions): HTMLElement[] {
  const { image, filename, mime, size, isLoadable } = file;
  if (image !== undefined && isInlineImage(image)) {
    const title = l10n.t('Open in an Editor');
    const picture = element('img', { src: image, alt: filename || mime });
    return [element('button', { type: 'button', class: 'picture', title, on: { click: open } }, picture)];
  }
  const nodes = [icon(mime.startsWith('image/') ? 'file-media' : 'file'), name(file, open)];
  if (size !== undefined) nodes.push(element('span', { class: 'file-size', text: formatSize(size) }));
  if (isLoadable === true && load !== undefined) {
    nodes.push(
      textButton({ label: l10n.t('Show Picture'), class: 'link', testId: 'show-picture', run: load }),
    );
  }
  return nodes;
}

function name({ filename, mime, path, size }: FileEntry, open: () => void): HTMLElement {
  const label = filename || mime;
  if (path !== undefined) return fileLink({ path }, label);
  if (size === undefined) return element('span', { text: label });
  const title = l10n.t('Open in an Editor');
  return textButton({ label, title, class: 'link file-name', testId: 'open-attachment', run: open });
}
