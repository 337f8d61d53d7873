import { commands, type Disposable, type ExtensionContext } from 'vscode';
import type { Log } from '../core/log.ts';
import type { Notify } from '../core/ports/notify.ts';
import type { TypingSessions } from '../core/state/typing.ts';
import { AgentHandOffs } from '../views/told/agentHandOffs.ts';
import { HostedNotice } from '../views/hostedNotice.ts';
import { viewIds } from '../manifest.ts';
import { ServerToasts } from '../views/told/serverToasts.ts';
import { TerminalWishes } from '../views/told/terminalWishes.ts';
import type { TranscriptPanels } from '../views/transcript/transcriptPanels.ts';
import { noticeServices } from '../views/serviceNotice.ts';
import { noticeUntriedVersions } from '../views/versionNotice.ts';
import { type ContextKeysInput, keepContextKeys } from './contextKeys.ts';
import type { Stores } from './stores.ts';

export interface NoticesInput extends ContextKeysInput {
  readonly context: Pick<ExtensionContext, 'globalState'>;
  readonly stores: ContextKeysInput['stores'] & Pick<Stores, 'offers' | 'sessions' | 'hosted' | 'visible'>;
  readonly connection: ContextKeysInput['connection'] &
    Parameters<typeof noticeUntriedVersions>[0]['connection'];
  readonly notify: Notify;
  readonly log: Log;
}

/** What a person is told once of the server, and what menus and views ask of it. */
export function createNotices({ context, notify, log, ...server }: NoticesInput): Disposable[] {
  const memento = context.globalState;
  server.told.add([new HostedNotice({ ...server.stores, notify, log }), new ServerToasts({ notify, log })]);
  return [
    keepContextKeys({ ...server, log }),
    noticeUntriedVersions({ connection: server.connection, memento, notify }),
    noticeServices({ connection: server.connection, notify }),
  ];
}

export interface TerminalWishesInput extends Pick<NoticesInput, 'notify' | 'log' | 'told'> {
  readonly stores: Pick<Stores, 'sessions' | 'currentSession' | 'isLookedAt'>;
  readonly typing: TypingSessions;
  readonly transcripts: Pick<TranscriptPanels, 'append' | 'open'>;
}

/** Answers what is asked of the terminal's own client, and goes along where an agent hands off. */
export function answerTerminalWishes({
  stores,
  typing,
  transcripts,
  told,
  notify,
  log,
}: TerminalWishesInput): void {
  const showSessions = (): void => {
    commands
      .executeCommand(`${viewIds.sessions}.focus`, { preserveFocus: true })
      .then(undefined, (error: unknown) => log.warn('The list of sessions could not be shown.', error));
  };
  const append = (sessionId: string, text: string): void => transcripts.append(sessionId, text);
  const open = (sessionId: string): void => transcripts.open(sessionId, 'preview');
  told.add([
    new TerminalWishes({ ...stores, append, showSessions, notify }),
    new AgentHandOffs({ ...stores, typing, open, now: Date.now }),
  ]);
}
