/** What a page that is measured can be asked; see `page/probe.ts`. */
export interface Probe {
  /** Resolves with the time of the frame in which these words were in view in bold, in milliseconds since 1970. */
  inView(words: string): Promise<number>;
  /** The same for any piece of this message. */
  messageInView(messageId: string): Promise<number>;
  /** Whether the words, formatted or not, are in view at the upper end. */
  isAtBeginning(words: string): boolean;
  startFrames(): void;
  stopFrames(): Frames;
  /** How many nodes the document has, texts included. */
  nodes(): number;
  /** The middle of the transcript, where a wheel turns it. */
  place(): { readonly x: number; readonly y: number };
  /** Remembers where the uppermost message in view stands, before a turn of the wheel. */
  follow(): void;
  /** Resolves two frames after a turn of the wheel by `distance` pixels upwards. */
  moved(distance: number): Promise<Move>;
  nextFrames(count: number): Promise<void>;
  /** Delivers messages as the host would, one in each frame. */
  deliver(messages: readonly unknown[]): Promise<void>;
  /** Asks the host in the page's name. */
  tell(message: unknown): void;
}

export interface Frames {
  /** Milliseconds between the frames. */
  readonly intervals: number[];
  /** Milliseconds of each task longer than 50 ms. */
  readonly longTasks: number[];
}

export interface Move {
  /** Pixels between where the message that was followed stands and where the wheel should have brought it. */
  readonly jump: number;
  /** Nothing but background is in view. */
  readonly blank: boolean;
  readonly atTop: boolean;
  readonly nodes: number;
}
