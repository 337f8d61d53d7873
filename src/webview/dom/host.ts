import type { FromPage, RestoredPanel } from '../../protocol/page/fromPage.ts';

interface WebviewApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): WebviewApi;

/** All turns up to one, by the id of its prompt, but for the others; without that one, only the others. */
export interface KeptFolds {
  readonly upTo?: string;
  readonly others: readonly string[];
}

/** Where the reader stands in a session: the row at the top and how far it is scrolled past, or the end. */
export interface Position {
  readonly key?: string;
  readonly offset: number;
  readonly atEnd: boolean;
  /** Which turns are folded to a line. */
  readonly folds?: KeptFolds;
}

/** What stands in the fields of a form, in their order: texts, and whether a box is ticked. */
export type FieldValues = readonly (string | boolean)[];

/** What the page finds again when it was hidden, or after the window reloads. */
export interface PageState extends Partial<RestoredPanel> {
  readonly positions?: Readonly<Record<string, Position>>;
  /** Answers that were not given yet, by session and request. */
  readonly answers?: Readonly<Record<string, FieldValues>>;
}

const api = acquireVsCodeApi();

/** The extension host, as the page sees it. */
export const host = {
  post: (message: FromPage): void => api.postMessage(message),

  state: (): PageState => (api.getState() as PageState | undefined) ?? {},

  setState: (state: PageState): void => api.setState(state),
};
