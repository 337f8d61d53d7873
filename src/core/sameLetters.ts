/**
 * The pieces whose letters are found again one by one: stretches that keep their places in small letters, and single
 * letters of others with all marks on them, which may be written in several ways.
 */
const piece =
  /[\0-\x7f\u2e80-\u3029\u3030-\u3098\u309b-\ua4cf]+(?!\p{M})|[\u1100-\u115f\uac00-\ud7a3][\u1160-\u11ff]*\p{M}*|\P{M}\p{M}*|\p{M}+/gu;

const isStretch = /^[\0-\x7f\u2e80-\u3029\u3030-\u3098\u309b-\ua4cf]+$/;

const isPlain = /^[\0-\x7f]*$/;

/** Accents and the like, which the editor's own lists pass over, too; vowel signs of other scripts are letters. */
const accents = /[\u0300-\u036f]+/g;

/**
 * `text` as it is compared: capitals, accents and how letters are composed make no difference, and neither does the
 * language of the system.
 */
export function sameLetters(text: string): string {
  if (isPlain.test(text)) return text.toLowerCase();
  // By way of the capitals, which make the same of `ß` and `ss`; the last sigma of a word is a small letter of its own.
  const capitals = text.normalize('NFD').replaceAll(accents, '').toUpperCase();
  return capitals.toLowerCase().replaceAll('ς', 'σ').normalize('NFC');
}

/** The beginning and the end of what was found, within the text as it is written. */
export type FoundPlace = readonly [start: number, end: number];

/** Where `wanted` stands in `text`, by the same letters, each place behind the end of the one before. */
export function findSameLetters(text: string, wanted: string): readonly FoundPlace[] {
  const word = sameLetters(wanted);
  const compared = sameLetters(text);
  const first = word === '' ? -1 : compared.indexOf(word);
  if (first === -1) return [];
  const places: FoundPlace[] = [];
  const locate = locator(text);
  for (let at = first; at !== -1; at = compared.indexOf(word, at + word.length)) {
    places.push([locate(at)[0], locate(at + word.length - 1)[1]]);
  }
  return places;
}

/** Says which letter stands at a place of the text as it is compared; places are asked for in ascending order. */
function locator(text: string): (at: number) => FoundPlace {
  if (isPlain.test(text)) return (at) => [at, at + 1];
  const pieces = text.matchAll(piece);
  let [start, end] = [0, 0];
  let written = { index: 0, length: 0, isStretch: false };
  return (at) => {
    while (at >= end) {
      const { value } = pieces.next();
      if (value === undefined) break;
      const [letters] = value;
      written = { index: value.index, length: letters.length, isStretch: isStretch.test(letters) };
      [start, end] = [end, end + sameLetters(letters).length];
    }
    const { index, length } = written;
    const letter = index + at - start;
    return written.isStretch ? [letter, letter + 1] : [index, index + length];
  };
}
