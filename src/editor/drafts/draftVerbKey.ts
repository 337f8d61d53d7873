import { type Disposable, window } from 'vscode';
import type { Log } from '../../core/log.ts';
import { setContextKey } from '../contextKeys.ts';
import type { DraftDocuments } from './draftDocuments.ts';

/** Lets `when` clauses ask which verb the draft in the active editor is for. */
export function keepDraftVerb(drafts: Pick<DraftDocuments, 'order'>, log: Log): Disposable {
  const update = (): void => {
    const uri = window.activeTextEditor?.document.uri;
    const verb = uri === undefined ? '' : (drafts.order(uri)?.verb ?? '');
    setContextKey('opencodeSessions.draftVerb', verb).catch((error: unknown) =>
      log.warn('A context key was not set.', error),
    );
  };
  update();
  return window.onDidChangeActiveTextEditor(update);
}
