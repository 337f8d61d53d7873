/**
 * Words at the end of a text that go on with plain words. What they mean in Markdown is settled, so they are appended as
 * they are: letters behind letters neither begin nor end anything, nor do single spaces, commas and full stops
 * between words.
 */
export class OpenWords {
  readonly #node: Text;
  #lastWord: string;
  /** A space that does not show before a word follows it. */
  #space: string;

  private constructor(node: Text, lastWord: string, space: string) {
    this.#node = node;
    this.#lastWord = lastWord;
    this.#space = space;
  }

  /** The words that end `text`, which `root` shows, if nothing on their line may hide what comes. */
  static find(text: string, root: Node): OpenWords | undefined {
    const [, lastWord = '', space = ''] = wordsAtEnd.exec(text) ?? [];
    // Neither definitions of links nor cells beyond the columns of a table are shown.
    const mayHide = text.includes(']:') || text.includes('|', text.lastIndexOf('\n') + 1);
    const node = mayHide || lastWord === '' ? undefined : lastText(root);
    // In code a space shows at once.
    const isText = node?.data.endsWith(lastWord) === true && node.parentElement?.className !== 'lines';
    return isText ? new OpenWords(node, lastWord, space) : undefined;
  }

  /** Appends `delta` if it is nothing but words. */
  accepts(delta: string): boolean {
    const words = this.#lastWord + this.#space + delta;
    const match = plainWords.exec(words);
    if (!match) return false;
    const shown = this.#space + delta;
    this.#lastWord = match[1] ?? '';
    this.#space = match[2] ?? '';
    if (shown !== this.#space) this.#node.appendData(shown.slice(0, shown.length - this.#space.length));
    return true;
  }
}

const word = String.raw`[A-Za-z]+[.,]?`;
const wordsAtEnd = new RegExp(String.raw`(?:^|[ \n])(${word})( ?)$`);
const plainWords = new RegExp(String.raw`^(?:${word} )*(${word})( ?)$`);

function lastText(root: Node): Text | undefined {
  let node = root.lastChild;
  while (node?.lastChild) node = node.lastChild;
  return node instanceof Text ? node : undefined;
}
