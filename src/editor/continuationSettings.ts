import { ConfigurationTarget, workspace } from 'vscode';
import {
  parseChains,
  printSavedChain,
  type SavedChain,
  type SavedLeg,
} from '../core/continuation/drafts/savedChains.ts';
import { parseReview, type Review, type ReviewedVerb } from '../core/continuation/drafts/review.ts';
import { fullContext } from '../core/sessions/usage.ts';
import { defaultHopLimit } from '../core/turns/relayQueue.ts';

const section = 'opencodeSessions.continuation';

/** The settings of continuation prompts as they stand at the moment of asking. */
export const continuationSettings = {
  review: (verb: ReviewedVerb): Review => parseReview(read<unknown>('review', undefined), verb),
  template: (verb: ReviewedVerb): string | undefined => {
    const text = read<Readonly<Record<string, string>>>('templates', {})[verb];
    return text === undefined || text.trim() === '' ? undefined : text;
  },
  handOffForm: (): 'short' | 'long' => read('handOff.form', 'short'),
  summarizes: (): boolean => read('handOff.summarize', false),
  hopLimit: (): number => read('relay.hopLimit', defaultHopLimit),
  asksBeforeEditing: (): boolean => read('relay.confirmEditing', true),
  chains: (): readonly SavedChain[] => parseChains(read<unknown>('chains', {})),
  /** Beside the other chains of the person; those of a folder are left where they are. */
  saveChain: async (name: string, legs: readonly SavedLeg[]): Promise<void> => {
    const configuration = workspace.getConfiguration(section);
    const own = configuration.inspect<Record<string, unknown>>('chains')?.globalValue ?? {};
    await configuration.update(
      'chains',
      { ...own, [name]: printSavedChain(legs) },
      ConfigurationTarget.Global,
    );
  },
  exports: (): boolean => read('compact.export', true),
  /** Percent of the usable context from which on to suggest to compact or hand off; 0: never. */
  suggestAt: (): number => read('suggestAt', fullContext),
};

function read<T>(name: string, fallback: T): T {
  return workspace.getConfiguration(section).get<T>(name, fallback);
}
