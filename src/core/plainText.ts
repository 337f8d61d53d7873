import { isolations } from './isolate.ts';

/** The scripts that are written with joiners, which have no width. */
const joining = 'Arab Syrc Mong Deva Beng Guru Gujr Orya Taml Telu Knda Mlym Sinh Mymr Khmr'
  .split(' ')
  .map((script) => String.raw`\p{scx=${script}}`)
  .join('');

/** What a reader cannot see, or what turns the words around it: controls, direction marks, fillers, halves of characters. */
const mark = String.raw`[[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]--[\n\t]]`;

const hasMark = new RegExp(mark, 'v');

/** The same with what such marks belong in: emoji, which every system knows, and scripts that are written with them. */
const unseen = new RegExp(
  String.raw`\p{RGI_Emoji}|(?<=[${joining}])[\u200c\u200d](?=[${joining}])|(?<mark>${mark})`,
  'gv',
);

/** Characters of a line at most: more is never read, and takes its time. */
const lineLimit = 2000;

/** Where the editor may see a link, as in `[label](command:…)`: it opens commands, too, and asks nobody (VS Code 1.139). */
const link = /\](?=\()/g;

/** Where it sees an icon; a backslash before it is the editor's own way to show it as it is written (VS Code 1.139). */
const icon = /\$(?=\([A-Za-z0-9-]+(?:~[A-Za-z]+)?\))/g;

/**
 * `text` with all that cannot be seen written out, as `\u202e`; line feeds and tabs stay. For texts of models and
 * servers that a person judges.
 */
export function showUnseen(text: string): string {
  const lines = text.replaceAll('\r\n', '\n');
  if (!hasMark.test(lines)) return lines;
  return lines.replaceAll(unseen, (found, alone?: string) => (alone === undefined ? found : escape(alone)));
}

/** The same for words of ours with those of others in them, which stay apart from ours (`isolate`). */
export function plainWords(text: string): string {
  const lines = text.replaceAll('\r\n', '\n');
  if (!hasMark.test(lines)) return lines;
  const apart = new Set([...isolations(lines)].flat());
  return lines.replaceAll(unseen, (found: string, alone: string | undefined, at: number) =>
    alone === undefined || apart.has(at) ? found : escape(alone),
  );
}

/** The same in one line, of which the editor makes no link: for notifications and progress. */
export function plainLine(text: string): string {
  const line = cutMiddle(text.trim(), lineLimit).replaceAll(/\s+/g, ' ');
  return plainWords(line).replaceAll(link, '$& ');
}

/** The same where the editor sees icons as well: in input boxes, quick picks, lenses. Not for what was made so before. */
export function plainLabel(text: string): string {
  return plainLine(text).replaceAll(icon, String.raw`\$&`);
}

/** Empty lines, or blanks in a line, of which there are so many that what follows them lies out of sight. */
const gap = /\n(?:[^\S\n]*\n){5,}|[^\S\n]{40,}/g;

/** `text` with such gaps written out, as `⏎ ×300`: for what a person is to read to its end. */
export function showGaps(text: string): string {
  return text.replaceAll(gap, (found) => {
    const lines = found.split('\n').length - 1;
    return lines > 0 ? `\n⏎ ×${lines}\n` : ` ␠ ×${found.length} `;
  });
}

/** `text` in at most about `length` characters: its beginning and its end. */
export function cutMiddle(text: string, length: number): string {
  if (text.length <= length) return text;
  const half = Math.floor(length / 2);
  const start = Array.from(text.slice(0, length)).slice(0, half);
  const end = Array.from(text.slice(-length)).slice(-half);
  return [...start, ' … ', ...end].join('');
}

function escape(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return code > 0xffff ? `\\u{${code.toString(16)}}` : `\\u${code.toString(16).padStart(4, '0')}`;
}
