import { type Fields, mapFields, readAnswer } from './digest/answer.ts';
import { type Block, readMarkdown } from './digest/markdown.ts';

/** How the text of a hand off begins. */
export const handoffHeading = '## Session Handoff';

/** How its line begins that says what is to be reached. */
export const goalField = '**Goal:** ';

/** What a request asks, as Markdown: of the text of a hand off, its goal alone, which is what a person added to it. */
export function readRequest(text: string): readonly Block[] {
  const blocks = readMarkdown(text);
  if (!isHandoff(text)) return blocks;
  const goal = blocks.find((block) => block.kind === 'paragraph' && block.lines[0]?.strong === 'Goal:');
  if (goal?.kind === 'paragraph') {
    const lines = goal.lines.map((line) => ({ text: line.text.replace(/^Goal: */, ''), strong: '' }));
    return [{ kind: 'paragraph', lines }];
  }
  const [heading] = blocks;
  const title = heading?.kind === 'heading' ? heading.text.replace(/^Session Handoff:? */, '') : '';
  return [{ kind: 'paragraph', lines: [{ text: title === '' ? 'Go on' : `Go on: ${title}`, strong: '' }] }];
}

/** What the text of a hand off says that was decided, failed or dangerous before: it holds on in the session after it. */
export function readHandedFields(text: string): Fields | undefined {
  if (!isHandoff(text)) return undefined;
  const { fields } = readAnswer(text);
  return mapFields((kind) =>
    kind === 'next' || kind === 'open'
      ? []
      : fields[kind].flatMap((items) => items.replace(/ \(\d+ more\)$/, '').split(' · ')),
  );
}

/** Whether it is the text of a hand off. */
export function isHandoff(text: string): boolean {
  return text.startsWith(handoffHeading);
}
