import { fieldKinds, fieldNames } from './digest/fieldWords.ts';
import { sayShort } from './digest/say.ts';
import { cutText } from './digest/sentences.ts';
import type { Gathered } from './gathered.ts';
import { digestTurns } from './sessionDigest.ts';

/** In tokens. */
const saidLength = 80;
const itemLength = 30;

/** One line for the next agent: who finished what, how it stands, and which files it touched. Empty for a session in which nothing was said. */
export function buildRelayContext({ agent, turns, lastTurn }: Gathered): string {
  const last = turns.findLast(({ conclusion }) => conclusion !== undefined);
  const [turn] = last === undefined ? [] : digestTurns([last]).turns;
  const said = turn === undefined ? '' : sayShort(turn.answer.prose, saidLength);
  const who = `The ${lastTurn.agent ?? agent ?? 'last'} agent finished`;
  const fields = fieldKinds.flatMap((kind) => {
    const [first, ...others] = turn?.answer.fields[kind] ?? [];
    if (first === undefined) return [];
    const item = cutText(first, itemLength);
    if (others.length === 0)
      return [`${fieldNames[kind]}: ${/[.!?。！？…]$/u.test(item) ? item : `${item}.`}`];
    return [`${fieldNames[kind]}: ${item.replace(/(?<=[^.])[.。]$/u, '')} (and ${others.length} more).`];
  });
  const files = (last?.changes ?? []).map(({ file }) => file);
  const shown = files.slice(0, 5);
  const more = files.length - shown.length;
  const touched = shown.length === 0 ? '' : `Files: ${shown.join(', ')}${more > 0 ? `, ${more} more` : ''}.`;
  if (said === '' && fields.length === 0 && touched === '') return '';
  return [said === '' ? `${who}.` : `${who}: "${said}"`, ...fields, touched]
    .filter((words) => words !== '')
    .join(' ');
}
