import { plainTerminalText } from '../entries/terminalText.ts';
import type { FoundSecret, SecretFinder } from '../ports/secretFinder.ts';
import { cutOut, type Redacted, type RedactionCounts, wordsFor } from './cutOut.ts';
import { readFileData, textAddress } from './fileData.ts';
import { fieldRule, findOwnSecrets, findVariables, isPlaceholder, namesVariables } from './ownRules.ts';
import { findPerson, type Person } from './personalNames.ts';

/** By these records refer to each other, or a program reads them: they are no text of anybody, but where a tool has fields of its own. */
const structural = new Set(
  'id sessionID messageID parentID projectID callID type role mime slug version providerID modelID agent mode status reason finish snapshot hash tail_start_id'.split(
    ' ',
  ),
);

/** What stands below these is a tool's, or whoever else's, under names of their own. */
const foreign = new Set(['input', 'metadata', 'structured', 'data']);

/** Between two texts that are looked through together; no rule reads across it. */
const border = '\n\u0001\n';

/** Colours may stand within a secret, which is whole again without them: it is looked for in what a reader sees as well. */
// oxlint-disable-next-line no-control-regex -- they are what is looked for
const terminal = /[\u0008\u001b\u009b]/;

/** A path that names a file of variables is not longer. */
const longestPath = 400;

/** Takes secrets, and who the person is, out of records, before anything is made of them; it counts what it takes. */
export class Redactor {
  readonly #finder: SecretFinder;
  readonly #findPerson: (text: string) => readonly FoundSecret[];
  readonly #counts = new Map<string, number>();

  constructor(finder: SecretFinder, person: Person) {
    this.#finder = finder;
    this.#findPerson = findPerson(person);
  }

  get counts(): RedactionCounts {
    return this.#counts;
  }

  /** The records with each of their texts looked through, also the names of their fields; all else is as it was. */
  async redact<Record>(records: readonly Record[]): Promise<readonly Record[]> {
    const texts = new Texts();
    for (const record of records) texts.collect(record);
    const redacted = await this.#redactAll(texts);
    const change: Change = (text, rule) => {
      if (rule === undefined) return redacted.get(text) ?? text;
      this.#count(rule, 1);
      return wordsFor(rule);
    };
    return records.map((record) => mapTexts(record, change) as Record);
  }

  /** The same of one text. */
  async redactText(text: string): Promise<string> {
    return (await this.redact([text]))[0] ?? text;
  }

  /** One call of the finder for all: it costs the same for a word as for a page. */
  async #redactAll(texts: Texts): Promise<ReadonlyMap<string, string>> {
    const all = [...texts.counts.keys()];
    const drawn = all.map((text) => (terminal.test(text) ? plainTerminalText(text) : ''));
    const found = split([...all, ...drawn], await this.#finder.find([...all, ...drawn].join(border)));
    const redacted = new Map<string, string>();
    all.forEach((text, index) => {
      const look = (shown: string, known: readonly FoundSecret[] = []): Redacted =>
        cutOut(shown, [
          ...known,
          ...findOwnSecrets(shown),
          ...(texts.variables.has(text) ? findVariables(shown) : []),
          ...this.#findPerson(shown),
        ]);
      const seen = look(drawn[index] ?? '', found[all.length + index]);
      const cut = seen.taken.length > 0 ? seen : look(text, found[index]);
      if (cut.taken.length === 0) return;
      redacted.set(text, cut.text);
      const times = texts.counts.get(text) ?? 1;
      for (const { rule } of cut.taken) this.#count(rule, times);
    });
    return redacted;
  }

  #count(rule: string, times: number): void {
    this.#counts.set(rule, (this.#counts.get(rule) ?? 0) + times);
  }
}

/** The texts of records, each once. */
class Texts {
  /** How often each stands there. */
  readonly counts = new Map<string, number>();
  /** Those of records that have to do with a file of variables. */
  readonly variables = new Set<string>();

  collect(record: unknown): void {
    const found: string[] = [];
    mapTexts(record, (text, rule) => {
      if (rule === undefined) found.push(text);
      return text;
    });
    for (const text of found) this.counts.set(text, (this.counts.get(text) ?? 0) + 1);
    if (!found.some((text) => text.length <= longestPath && namesVariables(text))) return;
    for (const text of found) this.variables.add(text);
  }
}

/** What becomes of a text; `rule`: all of it is secret by that one, by the name of the field in which it stands. */
type Change = (text: string, rule?: string) => string;

/** The record itself, with each text in it as `change` has it. */
function mapTexts(value: unknown, change: Change, isStructural = false, isForeign = false): unknown {
  if (typeof value === 'string') return isStructural ? value : changeText(value, change);
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, change, isStructural, isForeign));
  if (typeof value !== 'object' || value === null) return value;
  const fields: [string, unknown][] = Object.entries(value).map(([name, item]) => [
    isTelling(name) ? change(name) : name,
    mapTexts(
      item,
      changeIn(name, change),
      !isForeign && structural.has(name),
      isForeign || foreign.has(name),
    ),
  ]);
  return Object.fromEntries(fields);
}

/** The same in a field of that name. */
function changeIn(name: string, change: Change): Change {
  const rule = fieldRule(name);
  if (rule === undefined) return change;
  return (text) => (isPlaceholder(text) ? change(text) : change(text, rule));
}

/** A text, or what can be read in a file that stands there as its own address: of a picture that is nothing. */
function changeText(value: string, change: Change): string {
  if (value === '') return value;
  const file = readFileData(value);
  if (file === undefined) return change(value);
  if (file.text === undefined || file.text === '') return value;
  const changed = change(file.text);
  return changed === file.text ? value : textAddress(file, changed);
}

/** The name of a field that is no word of a program, as a path by which something is kept. */
function isTelling(name: string): boolean {
  return name.length >= 20 || /[^\w$]/.test(name);
}

/** What was found in the joined texts, by text; a stretch over a border is cut there. */
function split(texts: readonly string[], found: readonly FoundSecret[]): readonly (readonly FoundSecret[])[] {
  const sorted = found.toSorted((one, other) => one.start - other.start);
  let [at, first] = [0, 0];
  return texts.map((text) => {
    const [start, end] = [at, at + text.length];
    at = end + border.length;
    while (first < sorted.length && (sorted[first]?.end ?? 0) <= start) first += 1;
    const within: FoundSecret[] = [];
    for (let index = first; index < sorted.length; index += 1) {
      const one = sorted[index];
      if (one === undefined || one.start >= end) break;
      if (one.end <= start) continue;
      within.push({
        ...one,
        start: Math.max(0, one.start - start),
        end: Math.min(text.length, one.end - start),
      });
    }
    return within;
  });
}
