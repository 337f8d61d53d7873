import { sameLetters } from '../sameLetters.ts';

/** Whether the letters of `query` stand in `text` in this order, by the same letters (`sameLetters`). */
export function hasLetters(text: string, query: string): boolean {
  let index = 0;
  const lower = sameLetters(text);
  for (const letter of sameLetters(query)) {
    index = lower.indexOf(letter, index) + 1;
    if (index === 0) return false;
  }
  return true;
}

/** Puts what is called as was typed before what only has the letters; what fits alike keeps its order. */
export function bestFirst<T extends { readonly label: string; readonly detail?: string | undefined }>(
  items: readonly T[],
  query: string,
): T[] {
  return items.toSorted((one, other) => misfit(one, query) - misfit(other, query));
}

/** 0: its name begins so. */
function misfit(
  { label, detail = '' }: { readonly label: string; readonly detail?: string | undefined },
  query: string,
): number {
  const wanted = sameLetters(query);
  const name = sameLetters(label);
  if (name.startsWith(wanted)) return 0;
  if (name.includes(wanted)) return 1;
  return `${sameLetters(detail)}/${name}`.includes(wanted) ? 2 : 3;
}
