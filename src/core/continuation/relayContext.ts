import type { Fields } from './digest/answer.ts';
import { fieldKinds, fieldNames } from './digest/fieldWords.ts';
import { sayLong, sayShort } from './digest/say.ts';
import { cutText } from './digest/sentences.ts';
import type { FileChange } from './fileChanges.ts';
import type { Gathered } from './gathered.ts';
import { digestTurns } from './sessionDigest.ts';

/** In tokens. */
const saidLength = 80;
const itemLength = 30;
const findingsLength = 300;
/** So many of a field, and so many files, stand in what is brought back. */
const findingsItems = 5;
const findingsFiles = 30;

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

/**
 * What a session found out, as a block that a person edits: how its work stands by all that it did, what was decided or is
 * open, and the files. Empty where it did nothing.
 */
export function buildFindings({ turns, changes }: Gathered): string {
  const { main, fields } = digestTurns(turns);
  return [
    main === undefined ? '' : sayLong(main.answer.prose, findingsLength),
    fieldKinds
      .filter((kind) => fields[kind].length > 0)
      .map((kind) => `**${fieldNames[kind]}:** ${fields[kind].slice(0, findingsItems).join(' · ')}`)
      .join('\n'),
    changes.length === 0 ? '' : `**Files:** ${listFiles(changes)}`,
  ]
    .filter((block) => block !== '')
    .join('\n\n');
}

function listFiles(changes: readonly FileChange[]): string {
  const shown = changes.slice(0, findingsFiles).map(({ file, added, removed }) => {
    // Of a file that a program wrote nobody counted the lines.
    return added + removed === 0 ? file : `${file} (+${added} −${removed})`;
  });
  const more = changes.length - shown.length;
  return [...shown, ...(more > 0 ? [`${more} more`] : [])].join(', ');
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
