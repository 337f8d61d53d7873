import { l10n } from '../../core/l10n.ts';
import { element, iconButton } from '../dom/element.ts';
import type { Addressee } from './addressee.ts';
import type { AttachmentChips } from './attachmentChips.ts';
import { carriesFiles, describeTooLarge, readAttachments } from './droppedFiles.ts';

/** Makes attachments of files that are chosen, pasted or dropped. */
export class Attaching {
  /** Where files are chosen. */
  readonly nodes: readonly HTMLElement[];
  readonly #addressee: Addressee;
  readonly #field: HTMLTextAreaElement;
  readonly #chips: AttachmentChips;
  readonly #problem: HTMLElement;

  /** A `field` that is read only takes no files; `problem` says which could not be taken. */
  constructor(
    addressee: Addressee,
    field: HTMLTextAreaElement,
    chips: AttachmentChips,
    problem: HTMLElement,
  ) {
    this.#addressee = addressee;
    this.#field = field;
    this.#chips = chips;
    this.#problem = problem;
    field.addEventListener('paste', (event) => this.#paste(event));
    const choose = element('input', {
      type: 'file',
      multiple: true,
      hidden: true,
      tabindex: '-1',
      on: { change: () => this.#attach([...(choose.files ?? [])]) },
    });
    const button = iconButton({
      label: l10n.t('Attach Files'),
      title: l10n.t('Attach files: choose them, paste them, or drop them here with Shift held'),
      icon: 'attach',
      testId: 'attach',
      run: () => choose.click(),
    });
    this.nodes = [choose, button];
  }

  /** What is dropped anywhere on the page goes with the prompt; `composer` shows where it will be. */
  takeDrops(composer: HTMLElement): void {
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
      if (composer.checkVisibility()) this.#take(event, event.dataTransfer);
    });
  }

  /** Text that is copied from a table or a document comes with a picture of it; a file, with its name. */
  #paste(event: ClipboardEvent): void {
    const { clipboardData: data } = event;
    if (data === null) return;
    const text = data.getData('text/plain');
    const names = new Set([...data.files].map(({ name }) => name));
    if (text.split(/\r?\n/).every((line) => line === '' || names.has(line))) this.#take(event, data);
  }

  #take(event: Event, data: DataTransfer | null): void {
    if (this.#field.readOnly || data === null || !carriesFiles(data)) return;
    event.preventDefault();
    void this.#add(data);
  }

  #attach(files: readonly File[]): void {
    const data = new DataTransfer();
    for (const file of files) data.items.add(file);
    void this.#add(data);
  }

  /** What takes a while to be read goes to the session for which it came, by way of the host once another is shown. */
  async #add(data: DataTransfer): Promise<void> {
    const { post, sessionId } = this.#addressee;
    try {
      const { attachments, tooLarge } = await readAttachments(data, this.#chips.attachments);
      if (sessionId === this.#addressee.sessionId) this.#chips.add(attachments);
      else post({ type: 'attach', sessionId, attachments });
      if (tooLarge.length > 0) this.#problem.textContent = describeTooLarge(tooLarge);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#problem.textContent = l10n.t('The file could not be read: {0}', reason);
    }
  }
}
