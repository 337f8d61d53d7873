import type { PartEntry } from '../../protocol/page/entries.ts';
import type { Message } from '../turns/entries.ts';
import { partsPerRow } from './messageRow.ts';
import { chunkOf, isGap, isTurn } from './rowKeys.ts';
import { beginsAnswer } from '../turns/answerFigures.ts';
import type { TurnWork } from './turnWork.ts';

const gapEstimate = 48;
const turnEstimate = 32;
/** Of what is said in a line. */
const lineEstimate = 26;
/** Pixels around a prompt, and above an answer. */
const promptFrame = 34;
const answerHeading = 32;

interface Folded {
  readonly work: Pick<TurnWork, 'of' | 'isOpen'>;
  /** Whether short diffs stand open. */
  readonly opensDiffs: boolean;
}

/** About how many pixels a row takes that was never laid out; `index` is that of its message. */
export function estimateRow(
  key: string,
  messages: readonly Message[],
  index: number,
  { work, opensDiffs }: Folded,
): number {
  if (isGap(key)) return gapEstimate;
  if (isTurn(key)) return turnEstimate;
  const message = messages[index];
  const shape = work.of(message?.head.id ?? '');
  const from = chunkOf(key) * partsPerRow;
  let height = messages[index]?.head.role === 'user' ? promptFrame : 0;
  if (from === 0 && beginsAnswer(messages, index)) height += answerHeading;
  for (const part of message?.parts.slice(from, from + partsPerRow) ?? []) {
    const group = shape?.byPart.get(part.id);
    if (group?.id === part.id) height += lineEstimate;
    const isPutAway = shape?.told.has(part.id) ?? false;
    if (!isPutAway && (group === undefined || work.isOpen(group))) height += estimatePart(part, opensDiffs);
  }
  return height;
}

function estimatePart(part: PartEntry, opensDiffs: boolean): number {
  switch (part.type) {
    case 'text':
      return part.synthetic === true ? lineEstimate : 4 + Math.ceil(part.text.length / 65) * 20;
    case 'tool':
      return part.diff && opensDiffs ? 170 : lineEstimate;
    case 'step-start':
    case 'step-finish':
    case 'snapshot':
      return 0;
    default:
      return lineEstimate;
  }
}
