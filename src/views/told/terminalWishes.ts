import { l10n } from '../../core/l10n.ts';
import { cutMiddle } from '../../core/plainText.ts';
import type { Notify } from '../../core/ports/notify.ts';
import type { ServerSink } from '../../core/ports/serverSink.ts';
import { typedAsText } from '../../core/prompts/typedText.ts';
import type { CurrentSession } from '../../core/sessions/currentSession.ts';
import type { Sessions } from '../../core/sessions/sessionStore.ts';
import type { ServerEvent } from '../../protocol/events.ts';

export interface TerminalWishesPorts {
  readonly sessions: Pick<Sessions, 'get' | 'title'>;
  readonly currentSession: Pick<CurrentSession, 'id'>;
  /** Puts a text behind what stands in the composer of a session, and takes no focus. */
  readonly append: (sessionId: string, text: string) => void;
  /** Shows the list of sessions, and takes no focus. */
  readonly showSessions: () => void;
  readonly notify: Notify;
}

/**
 * What plugins and other programs ask of the terminal's own client: to go to a session, to list them, to write in the prompt.
 * Nobody in this window asked for it, so no session is left for another, nothing is sent, and what is typed stays.
 */
export class TerminalWishes implements ServerSink {
  readonly #ports: TerminalWishesPorts;

  constructor(ports: TerminalWishesPorts) {
    this.#ports = ports;
  }

  reset(): void {
    // What was asked for before is nobody's wish any more.
  }

  apply({ type, properties }: ServerEvent): void {
    if (type === 'tui.session.select') this.#offer(properties.sessionID);
    else if (type === 'tui.prompt.append') this.#append(properties.text, properties.directory);
    // Other commands are keys of the terminal, or signs of ours.
    else if (type === 'tui.command.execute' && properties.command === 'session.list') {
      this.#ports.showSessions();
    }
  }

  #offer(sessionId: string): void {
    const { sessions, currentSession, notify } = this.#ports;
    const session = sessions.get(sessionId);
    if (session === undefined || sessionId === currentSession.id) return;
    notify({
      message: l10n.t('OpenCode was asked to go to “{0}”.', sessions.title(session)),
      actions: [
        {
          title: l10n.t('Go to Session'),
          command: 'opencodeSessions.session.open',
          arguments: [{ sessionId }],
        },
      ],
    });
  }

  #append(text: string, directory: string | undefined): void {
    const { sessions, currentSession, append, notify } = this.#ports;
    const session = sessions.get(currentSession.id ?? '');
    if (text.trim() === '') return;
    if (session !== undefined && session.directory === directory) append(session.id, typedAsText(text));
    else {
      notify({
        message: l10n.t(
          'OpenCode was asked to write into a prompt, and no session of that folder is in view: {0}',
          cutMiddle(text.trim(), 200),
        ),
        actions: [],
      });
    }
  }
}
