import type { PartEntry } from '../../protocol/page/entries.ts';
import type { Message } from './entries.ts';
import { partsPerRow } from './messageRow.ts';
import { chunkOf, isGap } from './rowKeys.ts';
import { beginsAnswer } from './answerFigures.ts';

const gapEstimate = 48;
/** Pixels around a prompt, and above an answer. */
const promptFrame = 34;
const answerHeading = 32;

/** About how many pixels a row takes that was never laid out; `index` is that of its message. */
export function estimateRow(key: string, messages: readonly Message[], index: number): number {
  if (isGap(key)) return gapEstimate;
  const from = chunkOf(key) * partsPerRow;
  let height = messages[index]?.head.role === 'user' ? promptFrame : 0;
  if (from === 0 && beginsAnswer(messages, index)) height += answerHeading;
  for (const part of messages[index]?.parts.slice(from, from + partsPerRow) ?? []) {
    height += estimatePart(part);
  }
  return height;
}

function estimatePart(part: PartEntry): number {
  switch (part.type) {
    case 'text':
      return part.synthetic === true ? 26 : 4 + Math.ceil(part.text.length / 65) * 20;
    case 'tool':
      return part.diff ? 170 : 26;
    case 'step-start':
    case 'step-finish':
    case 'snapshot':
      return 0;
    default:
      return 26;
  }
}
