import { l10n } from '../core/l10n.ts';
import { fileName } from '../core/transcript/promptText.ts';
import type { PartEntry } from '../protocol/page.ts';
import { diffButton } from './diffButton.ts';
import { element, icon, textButton } from './element.ts';
import { fileLink } from './fileLink.ts';
import { formatCost } from './figures.ts';
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
    this.element.classList.toggle('mark', part.type.startsWith('step-') || part.type === 'snapshot');
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
    this.element.append(...patchNote(files, shown));
    if (shown.length < files.length) {
      const run = (): void => {
        this.#isWhole = true;
        this.update(part);
        this.element.querySelectorAll<HTMLElement>('.file-link')[namedFiles]?.focus();
      };
      const label = l10n.t('{0} more', files.length - shown.length);
      this.element.append(', ', textButton({ label, class: 'link', testId: 'more-files', run }));
    }
    this.element.append(' ', diffButton(part.id, this.#surroundings));
  }
}

function note(part: PartEntry): (Node | string)[] {
  switch (part.type) {
    case 'agent':
      return [icon('mention'), l10n.t('Addressed to {0}', part.name)];
    case 'retry':
      return [icon('sync'), l10n.t('Attempt {0} failed: {1}', part.attempt, part.message)];
    case 'compaction':
      return [
        icon('fold'),
        part.auto ? l10n.t('Compacted by itself: the context was full') : l10n.t('Compacted'),
      ];
    case 'step-finish':
      return [l10n.t('Step finished: {0}, {1}', part.reason, formatCost(part.cost))];
    case 'step-start':
      return [l10n.t('Step started')];
    case 'snapshot':
      return [l10n.t('Snapshot of the workspace taken')];
    case 'unknown':
      return [
        icon('question'),
        l10n.t('A part of the type “{0}”, which this version does not know', part.originalType),
      ];
    default:
      return [];
  }
}

function patchNote(files: readonly string[], shown: readonly string[]): (Node | string)[] {
  const links = shown.flatMap((path, index) => [
    index === 0 ? ' ' : ', ',
    fileLink({ path }, fileName(path)),
  ]);
  const words = files.length === 1 ? l10n.t('1 file changed:') : l10n.t('{0} files changed:', files.length);
  return [icon('diff'), words, ...links];
}
