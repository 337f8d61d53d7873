import { workspace } from 'vscode';
import { parseReview, type Review, type ReviewedVerb } from '../core/continuation/drafts/review.ts';
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
  exports: (): boolean => read('compact.export', true),
  /** Percent of the usable context from which on to suggest to compact or hand off; 0: never. */
  suggestAt: (): number => read('suggestAt', 80),
};

function read<T>(name: string, fallback: T): T {
  return workspace.getConfiguration(section).get<T>(name, fallback);
}
