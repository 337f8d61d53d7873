import { plainTerminalText } from '../entries/terminalText.ts';
import { readToolInput, readToolOutput, readToolPatches, toToolEntry } from '../entries/toolEntry.ts';
import { showUnseen } from '../plainText.ts';
import type { ToolEntry } from '../../protocol/page/entries.ts';
import type { PartOf } from '../../protocol/records.ts';
import type { EntryLimits } from '../entries/toolEntry.ts';
import { l10n } from '../l10n.ts';
import type { Detail } from './section.ts';

/** Lines and characters of a text at its beginning and at its end, where it is cut. */
const keptLines = 20;
const keptLength = 2000;

/** What a line of a call says of its command at most. */
const lineLength = 200;

/** The arguments and the output are read from the part itself. */
const none: EntryLimits = {
  text: 0,
  output: 300,
  diff: 0,
  argument: Infinity,
  retry: 300,
  picture: 0,
  callPictures: 0,
};

/** What a call was given, beyond what a line says of it, and what it gave back; `cuts`: so many of these texts are cut. */
export function readDetails(
  part: PartOf<'tool'>,
  isWhole: boolean,
): { readonly details: readonly Detail[]; readonly cuts: number } {
  const entry = toToolEntry(part, none);
  let cuts = 0;
  const details = [...givenOf(part, entry), gaveBackOf(part, entry)].flatMap(({ language, text }) => {
    const whole = showUnseen(plainTerminalText(text)).trimEnd();
    if (whole === '') return [];
    const cut = isWhole ? whole : cutText(whole);
    if (cut !== whole) cuts += 1;
    return [{ language, text: cut }];
  });
  return { details, cuts };
}

function givenOf(part: PartOf<'tool'>, { kind, given, input }: ToolEntry): readonly Detail[] {
  const patches = readToolPatches(part);
  if (patches.length > 0) return [{ language: 'diff', text: patches.map(({ patch }) => patch).join('\n') }];
  if (kind === 'command') {
    const { subject = '' } = given;
    const isSaid = subject.length <= lineLength && !subject.trim().includes('\n');
    return isSaid ? [] : [{ language: 'sh', text: subject }];
  }
  if (kind === 'writeFile' || kind === 'startSubagent') return [{ language: '', text: given.text ?? '' }];
  if (input === undefined && kind !== 'editFile' && kind !== 'proposePlan') return [];
  const { name, text } = readToolInput(part);
  return text === '{}' ? [] : [{ language: name.slice(name.lastIndexOf('.') + 1), text }];
}

function gaveBackOf(part: PartOf<'tool'>, { status, output }: ToolEntry): Detail {
  const { state } = part;
  const language = '';
  if (state.status === 'completed' || status === 'error') return { language, text: readToolOutput(part) };
  return { language, text: output?.text ?? '' };
}

/** The beginning and the end of a text that is long, with a line that says how much is missing. */
function cutText(text: string): string {
  const lines = text.split('\n');
  if (lines.length > 2 * keptLines + 2) {
    const missing = lines.length - 2 * keptLines;
    const start = cutText(lines.slice(0, keptLines).join('\n'));
    const end = cutText(lines.slice(-keptLines).join('\n'));
    return `${start}\n… ${l10n.t('{0} lines left out', missing)} …\n${end}`;
  }
  if (text.length <= 2 * keptLength + 100) return text;
  const start = text.slice(0, keptLength).toWellFormed();
  const end = text.slice(-keptLength).toWellFormed();
  return `${start}\n… ${l10n.t('{0} characters left out', text.length - 2 * keptLength)} …\n${end}`;
}
