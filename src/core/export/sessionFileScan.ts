/** What a file comes to that somebody wants taken in. */
export type ScannedFile =
  | {
      readonly kind: 'session';
      /** The session's own record, as JSON, and where it stands in the text, in UTF-16 units. */
      readonly info: string;
      readonly start: number;
      readonly end: number;
      readonly messages: number;
    }
  /** `other`: JSON, but no session; `truncated`: it ends before it is over; `notJson`: something else. */
  | { readonly kind: 'other' | 'truncated' | 'notJson' };

/** Characters of a session's own record at most; it has a title and some numbers. */
const longestInfo = 4_000_000;

const [quote, backslash, openBrace, closeBrace, openBracket, closeBracket, colon, comma] = Array.from(
  '"\\{}[]:,',
  (character) => character.charCodeAt(0),
);

/**
 * Reads the outline of a session's file as it comes, `{ "info": {…}, "messages": [{…}] }`, and holds nothing of it but `info`: such
 * a file may have hundreds of megabytes. Whether all within is right, the program says that takes it in.
 */
export class SessionFileScan {
  #at = 0;
  #depth = 0;
  #inString = false;
  #isEscaped = false;
  #isOver = false;
  #isBroken = false;
  /** The last text that stood at the uppermost level, and the name that it is if a colon follows. */
  #text = '';
  #key = '';
  /** A list or an object begins here, under that name. */
  #info = '';
  #start = -1;
  #end = -1;
  #hasMessages = false;
  #messages = 0;
  /** Whoever reads all of it may take another record for the session's. */
  #isAmbiguous = false;
  readonly #keys = new Set<string>();

  push(chunk: string): void {
    let infoFrom = this.#isInInfo ? 0 : -1;
    for (let index = 0; index < chunk.length; index += 1) {
      const code = chunk.charCodeAt(index);
      if (this.#inString) {
        this.#readString(code, chunk, index);
        continue;
      }
      const wasInInfo = this.#isInInfo;
      this.#read(code, this.#at + index);
      if (this.#isBroken) return;
      if (this.#isInInfo && !wasInInfo) infoFrom = index;
      if (!this.#isInInfo && wasInInfo) {
        this.#take(chunk.slice(infoFrom, index + 1));
        infoFrom = -1;
      }
    }
    if (infoFrom !== -1) this.#take(chunk.slice(infoFrom));
    this.#at += chunk.length;
  }

  end(): ScannedFile {
    if (this.#isBroken || (this.#depth === 0 && !this.#isOver)) return { kind: 'notJson' };
    if (!this.#isOver) return { kind: 'truncated' };
    if (this.#end === -1 || !this.#hasMessages || this.#isAmbiguous) return { kind: 'other' };
    return {
      kind: 'session',
      info: this.#info,
      start: this.#start,
      end: this.#end,
      messages: this.#messages,
    };
  }

  get #isInInfo(): boolean {
    return this.#start !== -1 && this.#end === -1;
  }

  #take(text: string): void {
    this.#info += text;
    if (this.#info.length > longestInfo) this.#isBroken = true;
  }

  #readString(code: number, chunk: string, index: number): void {
    if (this.#isEscaped) this.#isEscaped = false;
    else if (code === backslash) this.#isEscaped = true;
    else if (code === quote) this.#inString = false;
    if (this.#inString && this.#depth === 1 && this.#text.length < 100) this.#text += chunk[index] ?? '';
  }

  #read(code: number, at: number): void {
    // Blanks between.
    if (code <= 0x20) return;
    if (this.#isOver || (this.#depth === 0 && code !== openBrace && code !== openBracket)) {
      this.#isBroken = true;
      return;
    }
    switch (code) {
      case quote:
        this.#inString = true;
        if (this.#depth === 1) this.#text = '';
        return;
      case colon:
        if (this.#depth === 1) this.#name(this.#text);
        return;
      case comma:
        if (this.#depth === 1) this.#key = '';
        return;
      case openBrace:
      case openBracket:
        this.#open(code, at);
        return;
      case closeBrace:
      case closeBracket:
        this.#close(at);
        return;
      default:
        return;
    }
  }

  /** Of two fields of one name a reader of JSON takes the last, also of one whose letters are written as numbers. */
  #name(key: string): void {
    this.#key = key;
    if (key.includes('\\')) this.#isAmbiguous = true;
    if (key !== 'info' && key !== 'messages') return;
    if (this.#keys.has(key)) this.#isAmbiguous = true;
    this.#keys.add(key);
  }

  #open(code: number, at: number): void {
    if (this.#depth === 1 && code === openBrace && this.#key === 'info' && this.#end === -1) this.#start = at;
    if (this.#depth === 1 && code === openBracket && this.#key === 'messages') this.#hasMessages = true;
    if (this.#depth === 2 && code === openBrace && this.#key === 'messages') this.#messages += 1;
    this.#depth += 1;
  }

  #close(at: number): void {
    this.#depth -= 1;
    if (this.#depth === 1 && this.#isInInfo) this.#end = at + 1;
    if (this.#depth === 0) this.#isOver = true;
  }
}
