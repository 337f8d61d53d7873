import { l10n } from '../../core/l10n.ts';
import { attachmentName } from '../../core/prompts/promptText.ts';
import { placesOf } from '../../core/prompts/takenMentions.ts';
import type { Attachment, TakenMention } from '../../protocol/page/composer.ts';
import { element, icon, iconButton } from '../dom/element.ts';
import { type AttachmentChips, mentionIcons } from './attachmentChips.ts';

// What the composer needs once something is attached, mentioned or recalled.
export { standingMentions } from '../../core/prompts/takenMentions.ts';
export { attach } from './droppedFiles.ts';
export { lentNodes } from './lentNotice.ts';
export { Recalling } from './recalling.ts';

/** A chip for each attachment and mention, with a button to take it away. */
export function chipNodes(chips: AttachmentChips): readonly HTMLElement[] {
  const { attachments, mentions } = chips;
  return [
    ...attachments.map((attachment) => attachmentChip(attachment, () => removeAttachment(chips, attachment))),
    ...mentions.map((mention) => mentionChip(mention, () => removeMention(chips, mention))),
  ];
}

/** The button that had the focus goes away: that of the next one gets it. */
function focusNext({ element: list }: AttachmentChips, at: number): void {
  const buttons = [...list.querySelectorAll('button')];
  (buttons[at] ?? buttons.at(-1))?.focus();
}

function removeAttachment(chips: AttachmentChips, attachment: Attachment): void {
  const at = chips.attachments.indexOf(attachment);
  chips.show(chips.attachments.filter((other) => other !== attachment));
  focusNext(chips, at);
  chips.onChange();
}

function removeMention(chips: AttachmentChips, mention: TakenMention): void {
  const at = chips.attachments.length + chips.mentions.indexOf(mention);
  const field = chips.field();
  for (const { start, end } of placesOf(mention, field.text).toReversed()) field.replace('', start, end);
  chips.showMentions();
  focusNext(chips, at);
  chips.onChange();
}

function attachmentChip(attachment: Attachment, remove: () => void): HTMLElement {
  const name = attachmentName(attachment);
  const isImage = attachment.kind === 'data' && attachment.mime.startsWith('image/');
  const picture = isImage ? element('img', { src: attachment.url, alt: '' }) : icon('file');
  const title = attachment.kind === 'file' ? attachment.path : name;
  return chip(picture, name, title, remove);
}

function mentionChip({ kind, label, word }: TakenMention, remove: () => void): HTMLElement {
  return chip(icon(mentionIcons[kind]), label, word, remove);
}

function chip(picture: HTMLElement, name: string, title: string, remove: () => void): HTMLElement {
  return element(
    'span',
    { class: 'chip', role: 'listitem', title, on: { keydown: removeByKey } },
    picture,
    element('span', { class: 'chip-name', dir: 'auto', text: name }),
    iconButton({ label: l10n.t('Remove {0}', name), icon: 'close', run: remove }),
  );
}

/** The keys that take away what stands in a text take away what is marked here, too. */
function removeByKey(event: KeyboardEvent): void {
  const { key, target } = event;
  if ((key !== 'Delete' && key !== 'Backspace') || !(target instanceof HTMLButtonElement)) return;
  event.preventDefault();
  target.click();
}
