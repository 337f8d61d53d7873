import { Problem } from '../../core/errors.ts';
import { l10n } from '../../core/l10n.ts';
import type { Prompting } from '../../core/prompts/prompting.ts';
import { readSlash } from '../../core/prompts/slashVerbs.ts';
import type { Sessions } from '../../core/sessions/sessionStore.ts';
import { knownCommands, type Offers } from '../../core/state/offers.ts';

export interface EditQueuedPorts {
  readonly sessions: Pick<Sessions, 'get'>;
  readonly offers: Pick<Offers, 'load'>;
  readonly prompting: Pick<Prompting, 'waiting'>;
}

/**
 * Changes the text of a prompt that waits. What would be asked about in a composer, or done at once, is refused: nobody
 * may be there when its turn comes, and it would go to the model as a text.
 */
export async function editQueued(
  { sessions, offers, prompting: { waiting } }: EditQueuedPorts,
  { sessionId, id, text }: { readonly sessionId: string; readonly id: string; readonly text: string },
): Promise<void> {
  const session = sessions.get(sessionId);
  const isRelay = waiting.of(sessionId).some((prompt) => prompt.id === id && prompt.relay !== undefined);
  if (session !== undefined && !isRelay && text.startsWith('/')) {
    const commands = knownCommands(await offers.load(session.directory));
    if (readSlash(text, commands).kind !== 'prompt') {
      throw new Problem(
        l10n.t(
          'This cannot wait in the queue, so what waited there is unchanged. Send it from here, or put a blank in front to have it sent as text.',
        ),
      );
    }
  }
  await waiting.edit(sessionId, id, text);
}
