import type { Session } from '../../protocol/records.ts';

/** The forms of an exported text; JSON is the server's own. */
export type ExportFormat = 'markdown' | 'html' | 'json';

/** What goes along with the sessions that were named. */
export type ExportScope = 'session' | 'subagents' | 'lineage';

export interface ExportOptions {
  /** Secrets, the home directory and the name of the person are taken out. */
  readonly redact: boolean;
  readonly reasoning: 'omit' | 'fold' | 'include';
  /** What tool calls were given and gave back. */
  readonly calls: 'omit' | 'cut' | 'whole';
  readonly pictures: boolean;
}

export interface ExportRequest {
  readonly format: ExportFormat;
  /** At least one, each once. */
  readonly sessions: readonly Session[];
  readonly scope: ExportScope;
  /** The message with which it begins, of the one session that is named. */
  readonly from?: string;
  readonly options: ExportOptions;
}
