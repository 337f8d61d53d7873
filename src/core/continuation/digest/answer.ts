import {
  type FieldKind,
  fieldKinds,
  findField,
  findHeadingField,
  saysNext,
  withoutNextLead,
} from './fieldWords.ts';
import { type Block, type Line, type ListItem, readMarkdown } from './markdown.ts';
import { joinWords, splitSentences } from './sentences.ts';

/** What an answer says of the state of the work, each as words of one line. */
export type Fields = Readonly<Record<FieldKind, readonly string[]>>;

export interface Answer {
  /** What is said beside the fields. */
  readonly prose: readonly Block[];
  readonly fields: Fields;
}

export const noFields: Fields = { decided: [], failed: [], next: [], careful: [], open: [] };

/** Reads an answer: what stands under a heading or behind a lead word of a field is of that field, all else is prose. */
export function readAnswer(text: string): Answer {
  const reading = new FieldReading();
  reading.take(readMarkdown(text));
  return reading.answer();
}

/** A field that a heading began, or a label for what follows it alone. */
interface Section {
  readonly kind: FieldKind;
  /** Of the heading; undefined: of a label. */
  readonly level: number | undefined;
}

class FieldReading {
  readonly #fields: Record<FieldKind, string[]> = {
    decided: [],
    failed: [],
    next: [],
    careful: [],
    open: [],
  };
  readonly #prose: Block[] = [];
  #section: Section | undefined;

  answer(): Answer {
    return { prose: this.#prose, fields: this.#fields };
  }

  take(blocks: readonly Block[]): void {
    for (const block of blocks) {
      if (block.kind === 'heading') this.#takeHeading(block);
      else this.#takeBody(block);
    }
  }

  #takeHeading(block: Block & { kind: 'heading' }): void {
    const kind = findHeadingField(block.text);
    if (kind !== undefined) this.#section = { kind, level: block.level };
    else if (this.#section === undefined || block.level <= (this.#section.level ?? 7)) {
      this.#section = undefined;
      this.#prose.push(block);
    }
  }

  #takeBody(block: Exclude<Block, { kind: 'heading' }>): void {
    const section = this.#section;
    if (section?.level === undefined) this.#section = undefined;
    switch (block.kind) {
      case 'paragraph':
        return this.#takeLines(block.lines, section);
      case 'list':
        return section === undefined
          ? this.#takeItems(block)
          : block.items.forEach((item) => this.#add(section.kind, item));
      case 'table':
        if (section === undefined) this.#prose.push(block);
        else
          block.rows.forEach((row) => this.#say(section.kind, row.filter((cell) => cell !== '').join(' – ')));
        return undefined;
      case 'quote':
        return this.#takeQuote(block, section);
      case 'code':
        if (section === undefined) this.#prose.push(block);
        return undefined;
    }
  }

  /** A line may begin a field; what stands before the first that does is prose, and what follows it goes on with it. */
  #takeLines(lines: readonly Line[], section: Section | undefined): void {
    let kind = section?.kind;
    let begun: string[] = [];
    const end = (): void => {
      if (kind === undefined) this.#takeProse(begun);
      else this.#say(kind, joinWords(begun));
      begun = [];
    };
    for (const line of lines) {
      const lead = findLead(line);
      if (lead !== undefined) {
        end();
        kind = lead.kind;
        if (lead.rest === '') this.#section = { kind, level: undefined };
      }
      begun.push(lead?.rest ?? line.text);
    }
    end();
  }

  #takeProse(lines: readonly string[]): void {
    const said = splitSentences(joinWords(lines)).filter((sentence) => {
      const isNext = saysNext(sentence) && !sentence.endsWith(':');
      if (isNext) this.#say('next', withoutNextLead(sentence));
      return !isNext;
    });
    if (said.length === 0) return;
    this.#prose.push({ kind: 'paragraph', lines: [{ text: joinWords(said), strong: '' }] });
  }

  #takeItems(list: Block & { kind: 'list' }): void {
    const items = list.items.flatMap((item) => {
      const own = this.#takeLed(item);
      const [first, ...others] = own.blocks;
      const [line, ...lines] = first?.kind === 'paragraph' ? first.lines : [];
      const lead = line && findLead(line);
      if (lead === undefined) return own.blocks.length === 0 ? [] : [own];
      this.#say(lead.kind, joinWords([lead.rest, ...lines.map(({ text }) => text)]));
      for (const block of others) {
        if (block.kind === 'list') block.items.forEach((one) => this.#add(lead.kind, one));
      }
      return [];
    });
    if (items.length > 0) this.#prose.push({ ...list, items });
  }

  /** An item without the lines that stand right below it and begin a field: to Markdown, they go on with it. */
  #takeLed(item: ListItem): ListItem {
    const [first, ...others] = item.blocks;
    if (first?.kind !== 'paragraph') return item;
    const at = first.lines.findIndex((line, index) => index > 0 && findLead(line) !== undefined);
    if (at === -1) return item;
    this.#takeLines(first.lines.slice(at), undefined);
    return { ...item, blocks: [{ ...first, lines: first.lines.slice(0, at) }, ...others] };
  }

  /** GitHub's way to warn: a quotation that begins with its kind. */
  #takeQuote(block: Block & { kind: 'quote' }, section: Section | undefined): void {
    const [first, ...others] = block.blocks;
    const [line, ...lines] = first?.kind === 'paragraph' ? first.lines : [];
    const isAlert = /^\[!(?:warning|caution|important)\]$/i.test(line?.text ?? '');
    const kind = isAlert ? 'careful' : section?.kind;
    if (kind === undefined) {
      this.#prose.push(block);
      return;
    }
    const words = isAlert ? [{ kind: 'paragraph' as const, lines }, ...others] : block.blocks;
    for (const one of words) {
      if (one.kind === 'paragraph') this.#say(kind, joinWords(one.lines.map(({ text }) => text)));
      if (one.kind === 'list') one.items.forEach((item) => this.#add(kind, item));
    }
  }

  /** What is ticked is done, and so comes no more. */
  #add(kind: FieldKind, item: ListItem): void {
    if (kind === 'next' && item.ticked === true) return;
    this.#say(kind, itemText(this.#takeLed(item)));
  }

  #say(kind: FieldKind, text: string): void {
    const words = text.trim();
    if (/\p{L}/u.test(words)) this.#fields[kind].push(words);
  }
}

/** The field that a line begins with, and what it says of it. */
function findLead({ text, strong }: Line): { readonly kind: FieldKind; readonly rest: string } | undefined {
  const bold = strong === '' ? undefined : findField(strong);
  if (bold !== undefined) {
    const rest = text.slice(strong.length);
    const isLabel = /[:：]$/.test(strong) || /^\s*(?:[:：.–—-]|$)/.test(rest);
    return isLabel ? { kind: bold, rest: rest.replace(/^[\s:：.–—-]+/, '') } : undefined;
  }
  const colon = text.search(/[:：]/);
  const kind = colon === -1 ? undefined : findField(text.slice(0, colon));
  return kind === undefined ? undefined : { kind, rest: text.slice(colon + 1).trim() };
}

/** The words of an item in one line; those of its own list follow it. */
export function itemText({ blocks }: ListItem): string {
  const own = blocks.flatMap((block) =>
    block.kind === 'paragraph' ? joinWords(block.lines.map(({ text }) => text)) : [],
  );
  const below = blocks.flatMap((block) => (block.kind === 'list' ? block.items.map(itemText) : []));
  const [words, list] = [own.join(' '), below.join('; ')];
  if (list === '') return words;
  return words === '' ? list : `${words.replace(/[.:：]$/, '')}: ${list}`;
}

/** Fields of several answers: of each kind as `choose` says. */
export function mapFields(choose: (kind: FieldKind) => readonly string[]): Fields {
  const fields: Record<FieldKind, readonly string[]> = { ...noFields };
  for (const kind of fieldKinds) fields[kind] = choose(kind);
  return fields;
}
