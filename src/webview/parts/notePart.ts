import { l10n } from '../../core/l10n.ts';
import { noteText } from '../../core/entries/noteText.ts';
import { fileName } from '../../core/filePath.ts';
import type { PartEntry } from '../../protocol/page/entries.ts';
import { diffButton } from './diffButton.ts';
import { element, icon, textButton } from '../dom/element.ts';
import { fileLink } from '../markdown/fileLink.ts';
import { formatCost } from '../../core/figures.ts';
import type { PartOf, PartSurroundings, PartView } from './partView.ts';
import { wholeTextButton } from './showAllButton.ts';

/** So many files of a patch are named at once. */
const namedFiles = 12;

/** A part that is said in one line: what the agent or the server did beside writing and calling tools. */
export class NotePart implements PartView {
  readonly element = element('div', { class: 'note' });

  readonly #surroundings: PartSurroundings;
  /** Of a patch over many files: whether all are named. */
  #isWhole = false;

  constructor(part: PartEntry, surroundings: PartSurroundings) {
    this.#surroundings = surroundings;
    this.update(part);
  }

  update(part: PartEntry): void {
    const isMark = part.type.startsWith('step-') || part.type === 'snapshot';
    this.element.classList.toggle('mark', isMark);
    // Nobody sees it, and it would be read out after each call.
    this.element.ariaHidden = isMark ? 'true' : null;
    this.element.replaceChildren(...note(part));
    if (part.type === 'patch') this.#showFiles(part);
    if (part.type === 'retry') this.#offerWhole(part);
  }

  #offerWhole({ id, clamped }: PartOf<'retry'>): void {
    if (clamped === undefined) return;
    const { sessionId, messageId, post } = this.#surroundings;
    const run = (): void => post({ type: 'openOutput', sessionId, messageId, partId: id });
    this.element.append(' ', wholeTextButton(clamped, run));
  }

  #showFiles(part: PartOf<'patch'>): void {
    const { files } = part;
    const shown = this.#isWhole || files.length <= namedFiles + 1 ? files : files.slice(0, namedFiles);
    this.element.append(...fileLinks(shown));
    if (shown.length < files.length) {
      const run = (): void => {
        // The search opens it, too, and keeps the focus.
        const hadFocus = this.element.contains(document.activeElement);
        this.#isWhole = true;
        this.update(part);
        if (!hadFocus) return;
        this.element.querySelectorAll<HTMLElement>('.file-link')[namedFiles]?.focus();
      };
      const label = l10n.t('{0} more', files.length - shown.length);
      this.element.append(', ', textButton({ label, class: 'link', testId: 'more-files', run }));
    }
    this.element.append(' ', diffButton(part.id, this.#surroundings));
  }
}

const icons = {
  agent: 'mention',
  retry: 'sync',
  compaction: 'fold',
  patch: 'diff',
  unknown: 'question',
} as const;

function note(part: PartEntry): (Node | string)[] {
  switch (part.type) {
    case 'agent':
    case 'retry':
    case 'compaction':
    case 'patch':
    case 'unknown':
      return [icon(icons[part.type]), noteText(part)];
    case 'step-finish':
      return [l10n.t('Step finished: {0}, {1}', part.reason, formatCost(part.cost))];
    case 'step-start':
      return [l10n.t('Step started')];
    case 'snapshot':
      return [l10n.t('Snapshot of the workspace taken')];
    default:
      return [];
  }
}

function fileLinks(files: readonly string[]): (Node | string)[] {
  return files.flatMap((path, index) => [index === 0 ? ' ' : ', ', fileLink({ path }, fileName(path))]);
}
