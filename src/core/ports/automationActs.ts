import type { Session } from '../../protocol/records.ts';

/** What became of something that the editor was asked to do; what fails is thrown as a `Problem`. */
export type ActOutcome =
  | { readonly kind: 'done'; readonly detail?: string }
  /** It goes on, and was not waited for any longer. */
  | { readonly kind: 'stillRunning' }
  /** It was begun, and its end is seen by nobody; `detail` says so. */
  | { readonly kind: 'sent'; readonly detail: string };

/** What an automation has the editor do. Each waits `timeLimit` milliseconds at most, and ends nothing. */
export interface AutomationActs {
  runTask(name: string, directory: string, timeLimit: number): Promise<ActOutcome>;
  runEditorCommand(id: string, given: readonly unknown[], timeLimit: number): Promise<ActOutcome>;
  runInTerminal(text: string, directory: string, timeLimit: number): Promise<ActOutcome>;
  notify(name: string, text: string, session: Session): void;
}
