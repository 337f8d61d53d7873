import type { PartEntry } from '../../protocol/page/entries.ts';
import { FilePart } from './filePart.ts';
import { NotePart } from './notePart.ts';
import type { PartSurroundings, PartView } from './partView.ts';
import { ReasoningPart } from './reasoningPart.ts';
import { SubtaskPart } from './subtaskPart.ts';
import { TextPart } from './textPart.ts';
import { ToolPart } from './toolPart.ts';

/** The view of a part, by its type. */
export function createPartView(part: PartEntry, surroundings: PartSurroundings): PartView {
  const view = create(part, surroundings);
  view.element.dataset['partId'] = part.id;
  view.element.dataset['partType'] = part.type;
  return view;
}

function create(part: PartEntry, surroundings: PartSurroundings): PartView {
  switch (part.type) {
    case 'text':
      return new TextPart(part, surroundings);
    case 'reasoning':
      return new ReasoningPart(part, surroundings);
    case 'tool':
      return new ToolPart(part, surroundings);
    case 'file':
      return new FilePart(part, surroundings);
    case 'subtask':
      return new SubtaskPart(part, surroundings);
    default:
      return new NotePart(part, surroundings);
  }
}
