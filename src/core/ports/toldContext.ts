/** Something of the editor that a session can be told. */
export interface ToldContext {
  readonly kind: 'selection' | 'file' | 'diagnostics' | 'diff' | 'terminal';
  /** What it is, for a list: `src/parser.ts:3-9`. */
  readonly label: string;
  /** About how many tokens it has; absent where that is known only after it was read. */
  readonly tokens?: number;
  /** Exactly what is told; empty if there is nothing after all. */
  readonly read: () => Promise<string>;
}

/** What can be told at this moment; what there is none of is left out. */
export type CollectContext = (directory: string) => Promise<readonly ToldContext[]>;
