import { orCancelled } from '../../core/cancellation.ts';
import type { CompareEditor } from '../../core/compare/compareEditor.ts';
import type { Comparison } from '../../core/compare/comparison.ts';
import { l10n } from '../../core/l10n.ts';
import type { RunWithProgress } from '../../core/ports/progress.ts';
import type { Command } from '../command.ts';
import { chooseCompared, type ChooseComparedDeps } from './chooseCompared.ts';
import { loadComparison, type LoadComparisonDeps } from './loadComparison.ts';

export interface CompareApproachesDeps extends ChooseComparedDeps, LoadComparisonDeps {
  readonly sessions: ChooseComparedDeps['sessions'] & LoadComparisonDeps['sessions'];
  readonly openCode: ChooseComparedDeps['openCode'] & LoadComparisonDeps['openCode'];
  readonly compareEditor: CompareEditor;
  readonly runWithProgress: RunWithProgress;
}

/** Shows sessions beside each other: a document with their figures, files, prompts and answers from where they part. */
export function compareApproaches(deps: CompareApproachesDeps): Command {
  return async (argument, selection) => {
    const comparison = await readCompared(deps, argument, selection);
    if (comparison === undefined) return undefined;
    await deps.compareEditor.show(comparison);
    return comparison.sessions[0]?.session.id;
  };
}

/** What a person wants to compare, read from the server; undefined: they thought better of it. */
export async function readCompared(
  deps: CompareApproachesDeps,
  argument: unknown,
  selection: unknown,
): Promise<Comparison | undefined> {
  const compared = await chooseCompared(deps, argument, selection);
  if (compared === undefined) return undefined;
  return deps.runWithProgress(l10n.t('Comparing {0} sessions', compared.length), (cancellation) =>
    orCancelled(loadComparison(deps, compared), cancellation),
  );
}
