import type { Remedy } from '../../core/errors.ts';
import { l10n } from '../../core/l10n.ts';
import { isLoopback } from '../../core/loopback.ts';
import type { ConnectionState } from '../../core/state/connectionState.ts';

export interface AfterwardsDeps {
  readonly server: { readonly state: ConnectionState };
  /** Whether a server of ours is given the companion at its start, whatever is installed. */
  readonly isHandedIn: () => boolean;
}

/** What a person does so that a server knows what was installed or removed: it reads its plugins when it starts. */
export function whatIsNext({ server: { state }, isHandedIn }: AfterwardsDeps): {
  readonly words: string;
  readonly actions: readonly Remedy[];
} {
  const elsewhere = l10n.t('A server that runs goes on as it is until it is restarted.');
  if (state.kind !== 'live') return { words: elsewhere, actions: [] };
  if (!state.managed) return { words: wordsFor(state.url), actions: [] };
  if (isHandedIn()) {
    return { words: `${elsewhere} ${l10n.t('The one that the editor runs has it by itself.')}`, actions: [] };
  }
  const restart = { title: l10n.t('Restart Server'), command: 'opencodeSessions.server.restart' };
  return { words: elsewhere, actions: [restart] };
}

function wordsFor(url: string): string {
  const goesOn = l10n.t('The server at {0} goes on as it is until it is restarted.', url);
  if (isLoopback(URL.parse(url)?.hostname ?? '')) return goesOn;
  return l10n.t(
    'The server at {0} runs on another machine, and knows of it only if it sees this file there and is restarted.',
    url,
  );
}
