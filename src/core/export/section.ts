/** What a session's messages come to in a text that people read. */
export interface Section {
  /** The message that it is made of. */
  readonly id: string;
  /** When that was made, in milliseconds since 1970. */
  readonly time: number;
  /** Whoever speaks, under one heading as long as nobody else does. */
  readonly author: string;
  readonly role: 'prompt' | 'answer' | 'note';
  /** In Markdown, in one line. */
  readonly heading: string;
  readonly pieces: readonly Piece[];
  readonly leftOut: LeftOut;
}

/**
 * In Markdown: `text` is what was written, `thought` what a model reasoned, `aside` a line about what was done. A `picture`
 * is the `data:` URL of one.
 */
export type Piece =
  | { readonly kind: 'text' | 'thought'; readonly text: string }
  | {
      readonly kind: 'aside';
      readonly text: string;
      /** What a call was given and gave back, where that is wanted. */
      readonly details?: readonly Detail[];
      /** The session of the subagent that it started. */
      readonly childSessionId?: string;
    }
  | { readonly kind: 'picture'; readonly name: string; readonly url: string };

/** A text as it stands, by the name of a language where it is in one. */
export interface Detail {
  readonly language: string;
  readonly text: string;
}

/** How much of what a session holds is only named, or not said at all. */
export interface LeftOut {
  /** Passages in which a model thinks. */
  readonly thoughts: number;
  /** What so many calls were given and gave back. */
  readonly calls: number;
  /** Texts of calls of which the middle is left out. */
  readonly cuts: number;
  /** The data of files that came with a message. */
  readonly files: number;
  /** Texts that OpenCode or an extension put into a prompt. */
  readonly contexts: number;
}

/** How much of its session a text says. */
export interface Wanted {
  readonly thoughts: boolean;
  /** What calls were given and gave back: not at all, its beginning and end where it is long, or all. */
  readonly calls: 'omit' | 'cut' | 'whole';
  /** The pictures that came with messages. */
  readonly pictures: boolean;
  /** The rank of the headings of what somebody wrote, from 1 to 6. */
  readonly level: number;
}
