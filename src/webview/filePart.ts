import type { PartEntry } from '../protocol/page.ts';
import { element, icon } from './element.ts';
import { fileLink } from './fileLink.ts';
import { isInlineImage } from './markdown.ts';
import type { PartOf, PartView } from './partView.ts';

/** A file or picture that came with a message. */
export class FilePart implements PartView {
  readonly element = element('div', { class: 'attachment' });

  constructor(part: PartOf<'file'>) {
    this.update(part);
  }

  update(part: PartEntry): void {
    if (part.type !== 'file') return;
    const { image, path, filename, mime } = part;
    if (image !== undefined && isInlineImage(image)) {
      this.element.replaceChildren(element('img', { src: image, alt: filename }));
      return;
    }
    const name = filename || mime;
    this.element.replaceChildren(
      icon(mime.startsWith('image/') ? 'file-media' : 'file'),
      path === undefined ? name : fileLink({ path }, name),
    );
  }
}
