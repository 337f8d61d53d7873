import { type Answer, type Fields, mapFields, noFields, readAnswer } from './digest/answer.ts';
import type { FieldKind } from './digest/fieldWords.ts';
import type { Block } from './digest/markdown.ts';
import { readHandedFields, readRequest } from './request.ts';
import type { Turn } from './turns.ts';

export interface DigestedTurn extends Turn {
  /** What was asked, as Markdown. */
  readonly asked: readonly Block[];
  readonly answer: Answer;
  /** What the text of a hand off, which began the session, says of what came before. */
  readonly handed: Fields | undefined;
}

/** What can be said of a session without a model. */
export interface SessionDigest {
  /** In the order of time; of a long session the newest ones. */
  readonly turns: readonly DigestedTurn[];
  /** How many turns came before those. */
  readonly earlier: number;
  /** The one that says most of how the work stands: the last one that did something, else the last answered one. */
  readonly main: DigestedTurn | undefined;
  /** What still holds of all turns. */
  readonly fields: Fields;
}

/** Turns that are read: what lies further back is only counted. */
const turnLimit = 60;

export function digestTurns(turns: readonly Turn[]): SessionDigest {
  const read = turns.slice(-turnLimit).map(digestTurn);
  return {
    turns: read,
    earlier: turns.length - read.length,
    main: findMain(read),
    fields: mapFields((kind) => fieldOf(kind, read)),
  };
}

function digestTurn(turn: Turn): DigestedTurn {
  const { requests, conclusion } = turn;
  const last = requests.length > 1 ? requests.at(-1) : undefined;
  const asked = [requests[0], last].flatMap((text) => (text === undefined ? [] : readRequest(text)));
  return {
    ...turn,
    asked,
    answer: conclusion === undefined ? { prose: [], fields: noFields } : readAnswer(conclusion),
    handed: readHandedFields(requests[0] ?? ''),
  };
}

function findMain(turns: readonly DigestedTurn[]): DigestedTurn | undefined {
  const answered = turns.filter(({ conclusion }) => conclusion !== undefined);
  return answered.findLast(({ acted }) => acted) ?? answered.at(-1);
}

/**
 * What was decided, failed or is dangerous holds on, the newest first. What is next or open held until files were
 * changed again: of the turns since then, the newest that says it counts.
 */
function fieldOf(kind: FieldKind, turns: readonly DigestedTurn[]): readonly string[] {
  const newest = turns.toReversed();
  const changedAt = turns.findLastIndex(
    ({ changes, conclusion }) => changes.length > 0 && conclusion !== undefined,
  );
  if (kind !== 'next' && kind !== 'open')
    return distinct(
      newest.flatMap(({ answer, handed }) => [...answer.fields[kind], ...(handed?.[kind] ?? [])]),
    );
  const since = turns.slice(Math.max(0, changedAt)).toReversed();
  return distinct(since.find(({ answer }) => answer.fields[kind].length > 0)?.answer.fields[kind] ?? []);
}

function distinct(items: readonly string[]): readonly string[] {
  const known = new Map(
    items.toReversed().map((item) => [item.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, ' '), item]),
  );
  return [...known.values()].toReversed();
}
