/** What a session's messages come to in a text that people read. */
export interface Section {
  /** Whoever speaks, under one heading as long as nobody else does. */
  readonly author: string;
  /** In Markdown, in one line. */
  readonly heading: string;
  readonly pieces: readonly Piece[];
  readonly leftOut: LeftOut;
}

/** In Markdown: `text` is what was written, `aside` a line about what was done. */
export interface Piece {
  readonly kind: 'text' | 'aside';
  readonly text: string;
}

/** How much of what a session holds is only named, or not said at all. */
export interface LeftOut {
  /** Passages in which a model thinks. */
  readonly thoughts: number;
  /** What so many calls were given and gave back. */
  readonly calls: number;
  /** The data of files that came with a message. */
  readonly files: number;
  /** Texts that OpenCode or an extension put into a prompt. */
  readonly contexts: number;
}
