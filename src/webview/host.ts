import type { FromPage } from '../protocol/page.ts';

interface WebviewApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): WebviewApi;

/** Where the reader stands in a session: the row at the top and how far it is scrolled past, or the end. */
export interface Position {
  readonly key?: string;
  readonly offset: number;
  readonly atEnd: boolean;
}

/** What the page finds again after the window reloads. */
export interface PageState {
  readonly sessionId?: string;
  readonly positions?: Readonly<Record<string, Position>>;
}

const api = acquireVsCodeApi();

/** The extension host, as the page sees it. */
export const host = {
  post: (message: FromPage): void => api.postMessage(message),

  state: (): PageState => (api.getState() as PageState | undefined) ?? {},

  setState: (state: PageState): void => api.setState(state),
};
