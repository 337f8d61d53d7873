import { l10n } from './l10n.ts';

/** The scripts that are written with joiners, which have no width. */
const joining = 'Arab Syrc Mong Deva Beng Guru Gujr Orya Taml Telu Knda Mlym Sinh Mymr Khmr'
  .split(' ')
  .map((script) => String.raw`\p{scx=${script}}`)
  .join('');

/**
 * What a reader cannot see, or what turns the words around it: controls, direction marks, marks without width, fillers,
 * halves of characters. Emoji are made of such marks, too, and every system knows the same ones.
 */
const unseen = new RegExp(
  String.raw`\p{RGI_Emoji}|(?<=[${joining}])[\u200c\u200d](?=[${joining}])` +
    String.raw`|(?<mark>[[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]--[\n\t]])`,
  'gv',
);

/** Where the editor may see a link, as in `[label](command:…)`: it opens commands, too, and asks nobody (VS Code 1.139). */
const link = /\](?=\()/g;

/** Where it sees an icon; a backslash before it is the editor's own way to show it as it is written (VS Code 1.139). */
const icon = /\$(?=\([A-Za-z0-9-]+(?:~[A-Za-z]+)?\))/g;

/**
 * `text` with all that cannot be seen written out, as `\u202e`; line feeds and tabs stay. For texts of models and
 * servers that a person judges.
 */
export function showUnseen(text: string): string {
  return text
    .replaceAll('\r\n', '\n')
    .replaceAll(unseen, (found, mark?: string) => (mark === undefined ? found : escape(mark)));
}

/** The same in one line, of which the editor makes no link: for notifications and progress. */
export function plainLine(text: string): string {
  return showUnseen(text.trim().replaceAll(/\s+/g, ' ')).replaceAll(link, '$& ');
}

/** The same where the editor sees icons as well: in input boxes, quick picks, lenses. Not for what was made so before. */
export function plainLabel(text: string): string {
  return plainLine(text).replaceAll(icon, String.raw`\$&`);
}

/** `line` with at most about `length` characters: beginning and end, and how many are left out between. */
export function cutMiddle(line: string, length: number): string {
  if (line.length <= length) return line;
  const half = Math.floor(length / 2);
  const start = Array.from(line.slice(0, length)).slice(0, half).join('');
  const end = Array.from(line.slice(-length)).slice(-half).join('');
  return l10n.t('{0} … ({1} characters left out) … {2}', start, line.length - start.length - end.length, end);
}

function escape(mark: string): string {
  const code = mark.codePointAt(0) ?? 0;
  return code > 0xffff ? `\\u{${code.toString(16)}}` : `\\u${code.toString(16).padStart(4, '0')}`;
}
