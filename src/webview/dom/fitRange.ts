/** Indexes of the first and the last row. */
export type RowRange = readonly [first: number, last: number];

export interface RangeToFit {
  /** The rows in view: they stand in any case. */
  readonly view: RowRange;
  /** The rows that are wanted around them. */
  readonly wanted: RowRange;
  /** Whether the reader is heading up, where the next row stands in any case and the others come first. */
  readonly goesUp: boolean;
  /** How many elements a row has. */
  readonly sizeOf: (index: number) => number;
  /** How many elements there is room for. */
  readonly room: number;
}

/** The rows of those wanted for which there is room. */
export function fitRange({ view, wanted, goesUp, sizeOf, room }: RangeToFit): RowRange {
  let [first, last] = view;
  const [least, most] = wanted;
  let left = room;
  for (let index = first; index <= last; index += 1) left -= sizeOf(index);
  for (let isNext = true; first > least || last < most; isNext = false) {
    const isAbove = first > least && (goesUp || last >= most);
    left -= sizeOf(isAbove ? first - 1 : last + 1);
    if (left < 0 && !isNext) break;
    if (isAbove) first -= 1;
    else last += 1;
  }
  return [first, last];
}
