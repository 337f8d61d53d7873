import { l10n } from '../core/l10n.ts';
import type { CompanionState } from '../core/state/companions.ts';
import { calledAtOnce } from '../protocol/companion.ts';

/** A line for what is known of the companions; one for each folder where that differs, which is then named. */
export function companionLines(
  states: ReadonlyMap<string, CompanionState>,
  directoryName: (directory: string) => string,
): readonly string[] {
  const lines = [...states].map(([directory, state]) => ({ directory, line: companionLine(state) }));
  const different = new Set(lines.map(({ line }) => line));
  if (different.size <= 1) return [...different];
  return lines.map(({ directory, line }) => l10n.t('{0}: {1}', directoryName(directory), line));
}

function companionLine(state: CompanionState): string {
  switch (state.kind) {
    case 'running': {
      const missing = (state.atOnce ?? calledAtOnce).filter((name) => !state.hooks.includes(name));
      if (missing.length === 0) return l10n.t('Companion {0}', state.version);
      return l10n.t(
        'Companion {0}: OpenCode has never called a part of it ({1})',
        state.version,
        missing.join(', '),
      );
    }
    case 'silent':
      return l10n.t('Companion: OpenCode was given it, but has never called it');
    case 'none':
      return l10n.t('No companion: agents cannot relay or hand off by themselves (“Install Companion…”)');
  }
}
