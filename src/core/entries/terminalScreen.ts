/** A stretch of a line in one style. */
interface StyledText<Style> {
  readonly text: string;
  readonly style: Style;
}

interface Line<Style> {
  readonly cells: string[];
  readonly styles: Style[];
}

/** Columns that a cursor is moved to at most: what a sequence costs does not grow with its numbers. */
const columns = 300;
/** Rows that a program reckons with that moves to one of them by its number. */
const rows = 50;
/** What stands on the character before it; joiners and variants of emoji are among the marks, but one. */
const mark = /^(?:\p{M}|\u200d)$/u;

/**
 * What a terminal program leaves on its screen, which is as high as it needs to be: it writes over its lines, goes back to
 * earlier ones and takes them away, and what stands there in the end is what a person sees.
 */
export class TerminalScreen<Style> {
  readonly #plain: Style;
  #lines: Line<Style>[] = [{ cells: [], styles: [] }];
  #row = 0;
  #column = 0;
  #saved = { row: 0, column: 0 };
  style: Style;

  constructor(plain: Style) {
    this.#plain = plain;
    this.style = plain;
  }

  get text(): string {
    return this.#lines.map(({ cells }) => cells.join('')).join('\n');
  }

  /** All lines, with their ends, in stretches of one style. */
  get stretches(): readonly StyledText<Style>[] {
    const found: { text: string; style: Style }[] = [];
    for (const [index, { cells, styles }] of this.#lines.entries()) {
      if (index > 0) add(found, '\n', found.at(-1)?.style ?? this.#plain);
      for (const [at, cell] of cells.entries()) add(found, cell, styles[at] ?? this.#plain);
    }
    return found;
  }

  /** Words, tabs and ends of lines. */
  write(text: string): void {
    for (const character of text) {
      if (character === '\n') this.#feed();
      else if (character === '\t' && this.#column < this.#line.cells.length) {
        this.#moveTo(this.#row, (this.#column | 7) + 1);
      } else this.#put(character);
    }
  }

  /** A single control. */
  control(control: string): void {
    if (control === '\r') this.#column = 0;
    else if (control === '\b') this.#column = Math.max(0, this.#column - 1);
    else if ('\v\f\u0085'.includes(control)) this.#feed();
  }

  /** A short escape, by its letter. */
  escape(letter: string): void {
    switch (letter) {
      case '7':
        this.#saved = { row: this.#row, column: this.#column };
        return;
      case '8':
        this.#moveTo(this.#saved.row, this.#saved.column);
        return;
      case 'D':
      case 'E':
        this.#feed();
        return;
      case 'M':
        this.#moveTo(this.#row - 1, this.#column);
        return;
      case 'c':
        this.#clear();
        this.style = this.#plain;
    }
  }

  /** A control sequence that moves the cursor or takes something away; all others have no meaning here. */
  act(final: string, numbers: readonly number[]): void {
    const [first = 0] = numbers;
    const count = first || 1;
    switch (final) {
      case 'A':
        return this.#moveTo(this.#row - count, this.#column);
      case 'B':
        return this.#moveTo(this.#row + count, this.#column);
      case 'C':
        return this.#moveTo(this.#row, this.#column + count);
      case 'D':
        return this.#moveTo(this.#row, this.#column - count);
      case 'E':
        return this.#moveTo(this.#row + count, 0);
      case 'F':
        return this.#moveTo(this.#row - count, 0);
      case 'G':
      case '`':
        return this.#moveTo(this.#row, count - 1);
      case 'd':
        return this.#goToRow(count, this.#column);
      case 'H':
      case 'f':
        return this.#goToRow(count, (numbers[1] || 1) - 1);
      case 's':
        return this.escape('7');
      case 'u':
        return this.escape('8');
      default:
        this.#erase(final, first);
    }
  }

  get #line(): Line<Style> {
    const line = this.#lines[this.#row] ?? { cells: [], styles: [] };
    this.#lines[this.#row] = line;
    return line;
  }

  #feed(): void {
    this.#row += 1;
    this.#column = 0;
    if (this.#row === this.#lines.length) this.#lines.push({ cells: [], styles: [] });
  }

  #put(character: string): void {
    const { cells, styles } = this.#line;
    const before = cells[this.#column - 1];
    if (before !== undefined && (mark.test(character) || before.endsWith('\u200d'))) {
      cells[this.#column - 1] = before + character;
      return;
    }
    if (this.#column > cells.length) this.#column = Math.max(cells.length, Math.min(this.#column, columns));
    while (cells.length < this.#column) styles[cells.push(' ') - 1] = this.#plain;
    cells[this.#column] = character;
    styles[this.#column] = this.style;
    this.#column += 1;
  }

  #moveTo(row: number, column: number): void {
    this.#row = Math.max(0, Math.min(row || 0, this.#lines.length - 1));
    const farthest = Math.max(columns, this.#column);
    this.#column = Math.max(0, Math.min(column || 0, farthest));
  }

  /** Rows are counted from 1 on, from the top of what a screen would show. */
  #goToRow(row: number, column: number): void {
    const top = Math.max(0, this.#lines.length - rows);
    const wanted = top + Math.min(row || 1, rows) - 1;
    while (this.#lines.length <= wanted) this.#lines.push({ cells: [], styles: [] });
    this.#moveTo(wanted, column);
  }

  #erase(final: string, which: number): void {
    const { cells } = this.#line;
    if (final === 'J' && which >= 2) this.#clear();
    else if (final === 'J' && which === 0) {
      this.#lines.length = this.#row + 1;
      this.#cut(this.#column);
    } else if (final === 'K' && which === 0) this.#cut(this.#column);
    else if (final === 'K' && which === 2) this.#cut(0);
    else if (final === 'K' && which === 1) this.#blank(0, this.#column + 1);
    else if (final === 'X') this.#blank(this.#column, this.#column + (which || 1));
    else if (final === 'P' && cells.length <= columns) {
      cells.splice(this.#column, which || 1);
      this.#line.styles.splice(this.#column, which || 1);
    }
  }

  #cut(length: number): void {
    const { cells, styles } = this.#line;
    if (length >= cells.length) return;
    cells.length = length;
    styles.length = length;
  }

  #blank(from: number, to: number): void {
    const { cells, styles } = this.#line;
    const end = Math.min(to, cells.length, from + columns);
    cells.fill(' ', from, end);
    styles.fill(this.#plain, from, end);
  }

  #clear(): void {
    this.#lines = [{ cells: [], styles: [] }];
    this.#row = 0;
    this.#column = 0;
  }
}

function add<Style>(found: { text: string; style: Style }[], text: string, style: Style): void {
  const last = found.at(-1);
  if (last?.style === style) last.text += text;
  else found.push({ text, style });
}
