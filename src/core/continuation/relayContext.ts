import type { Fields } from './digest/answer.ts';
import { fieldKinds, fieldNames } from './digest/fieldWords.ts';
import { sayShort } from './digest/say.ts';
import { cutText } from './digest/sentences.ts';
import type { FileChange } from './fileChanges.ts';
import type { Gathered } from './gathered.ts';
import { digestTurns } from './sessionDigest.ts';

/** In tokens. */
const saidLength = 80;
const itemLength = 30;
const findingsLength = 150;

/** One line for the next agent: who finished what, how it stands, and which files it touched. Empty for a session in which nothing was said. */
export function buildRelayContext({ agent, turns, lastTurn }: Gathered): string {
  const last = turns.findLast(({ conclusion }) => conclusion !== undefined);
  const [turn] = last === undefined ? [] : digestTurns([last]).turns;
  const said = turn === undefined ? '' : sayShort(turn.answer.prose, saidLength);
  const who = `The ${lastTurn.agent ?? agent ?? 'last'} agent finished`;
  const fields = turn === undefined ? [] : fieldSentences(turn.answer.fields);
  const touched = filesSentence(last?.changes ?? []);
  if (said === '' && fields.length === 0 && touched === '') return '';
  return joined([said === '' ? `${who}.` : `${who}: "${said}"`, ...fields, touched]);
}

/** One line that says what a session found out: how its work stands, by all that it did. Empty where it did nothing. */
export function buildFindings({ turns, changes }: Gathered): string {
  const { main, fields } = digestTurns(turns);
  const said = main === undefined ? '' : sayShort(main.answer.prose, findingsLength);
  return joined([said, ...fieldSentences(fields), filesSentence(changes)]);
}

function fieldSentences(fields: Fields): readonly string[] {
  return fieldKinds.flatMap((kind) => {
    const [first, ...others] = fields[kind];
    if (first === undefined) return [];
    const item = cutText(first, itemLength);
    if (others.length === 0)
      return [`${fieldNames[kind]}: ${/[.!?。！？…]$/u.test(item) ? item : `${item}.`}`];
    return [`${fieldNames[kind]}: ${item.replace(/(?<=[^.])[.。]$/u, '')} (and ${others.length} more).`];
  });
}

function filesSentence(changes: readonly FileChange[]): string {
  const files = changes.map(({ file }) => file);
  const shown = files.slice(0, 5);
  const more = files.length - shown.length;
  return shown.length === 0 ? '' : `Files: ${shown.join(', ')}${more > 0 ? `, ${more} more` : ''}.`;
}

function joined(sentences: readonly string[]): string {
  return sentences.filter((words) => words !== '').join(' ');
}
