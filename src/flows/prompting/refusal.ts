import { runErrorWords, saidOf } from '../../core/errorWords.ts';
import { Problem } from '../../core/errors.ts';
import { l10n } from '../../core/l10n.ts';
import type { DeliveryEntry } from '../../core/prompts/delivery.ts';
import type { Refuses } from '../../core/turns/followedPrompt.ts';
import { isAbort } from '../../core/turns/turn.ts';
import type { RunError } from '../../protocol/records.ts';

/**
 * Whether an error of the session that came before the message of this prompt says that the message does not come. One
 * that names an agent is of the prompts for that agent. Any other may be of the run that is on, of a stop, or of a file
 * that cannot be read, whose message comes all the same, perhaps only when a plugin is done with it.
 */
export function refusesPrompt({ agent, hasFiles }: Pick<DeliveryEntry, 'agent' | 'hasFiles'>): Refuses {
  return (error, isRunning) => {
    const message = saidOf(error);
    if (message.startsWith('Agent not found: "')) return message.startsWith(`Agent not found: "${agent}"`);
    return !isRunning && hasFiles !== true && !isAbort(error);
  };
}

export function describeRefusal(error: RunError): Problem {
  return new Problem(l10n.t('OpenCode refused the prompt: {0}', runErrorWords(error)));
}
