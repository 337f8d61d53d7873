import { l10n } from '../../core/l10n.ts';
import { element, iconButton } from '../dom/element.ts';
import type { Addressee } from './addressee.ts';
import type { AttachmentChips } from './attachmentChips.ts';
import { composerParts } from './composerParts.ts';
import type { HandedOver } from './droppedFiles.ts';
import type { PromptField } from './promptField.ts';

export interface Attaching {
  /** Where files are chosen. */
  readonly nodes: readonly HTMLElement[];
  /** Takes the files of what is pasted into the field. */
  readonly paste: (event: ClipboardEvent) => void;
  /** Takes what is dropped anywhere on the page; `composer` shows where it will be. */
  readonly takeDrops: (composer: HTMLElement) => void;
}

/**
 * Makes attachments of files that are chosen, pasted or dropped: `chips` show them, and `problem` says which could not
 * be taken. A `field` that is read only takes none.
 */
export function attachFiles(
  addressee: Addressee,
  field: Pick<PromptField, 'element'>,
  chips: AttachmentChips,
  problem: HTMLElement,
): Attaching {
  const add = async (data: HandedOver): Promise<void> => {
    // It may come once another session is shown.
    const to = { ...addressee };
    const parts = await composerParts.load();
    if (parts === undefined) problem.textContent = l10n.t('Files could not be attached. Reload the window.');
    else await parts.attach(data, to, addressee, chips, problem);
  };
  const take = (event: Event, data: DataTransfer | null): void => {
    if (field.element.readOnly || data === null || !carriesFiles(data)) return;
    event.preventDefault();
    void add({
      addresses: data.getData('application/vnd.code.uri-list') || data.getData('text/uri-list'),
      files: [...data.files],
    });
  };
  const input = element('input', {
    type: 'file',
    multiple: true,
    hidden: true,
    tabindex: '-1',
    on: { change: () => void add({ addresses: '', files: [...(input.files ?? [])] }) },
  });
  const button = iconButton({
    label: l10n.t('Attach Files'),
    title: l10n.t('Attach files: choose them, paste them, or drop them here with Shift held'),
    icon: 'attach',
    testId: 'attach',
    run: () => input.click(),
  });
  return {
    nodes: [input, button],
    paste: (event) => {
      const { clipboardData } = event;
      if (clipboardData !== null && isOfFiles(clipboardData)) take(event, clipboardData);
    },
    takeDrops: (composer) => listenForDrops(composer, take),
  };
}

function listenForDrops(
  composer: HTMLElement,
  take: (event: Event, data: DataTransfer | null) => void,
): void {
  const mark = (isOver: boolean) => composer.classList.toggle('dropping', isOver);
  document.addEventListener('dragover', (event) => {
    const { dataTransfer } = event;
    if (dataTransfer === null || !carriesFiles(dataTransfer) || !composer.checkVisibility()) return;
    event.preventDefault();
    mark(true);
  });
  document.addEventListener('dragleave', (event) => {
    if (event.relatedTarget === null) mark(false);
  });
  document.addEventListener('drop', (event) => {
    mark(false);
    if (composer.checkVisibility()) take(event, event.dataTransfer);
  });
}

/** Whether there are files in it, of the disk or of the editor, or sessions; a text that is dragged has its own way into a field. */
function carriesFiles({ types }: DataTransfer): boolean {
  return types.includes('Files') || types.includes('application/vnd.code.uri-list');
}

/** Text that is copied from a table or a document comes with a picture of it; a file, with its name. */
function isOfFiles(data: DataTransfer): boolean {
  const text = data.getData('text/plain');
  const names = new Set([...data.files].map(({ name }) => name));
  return text.split(/\r?\n/).every((line) => line === '' || names.has(line));
}
