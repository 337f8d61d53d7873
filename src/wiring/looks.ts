import { Disposable } from 'vscode';
import { type ConnectionState, isLive } from '../core/state/connectionState.ts';
import type { Event } from '../core/event.ts';
import type { Log } from '../core/log.ts';
import { startTimer } from '../editor/timer.ts';
import { isWindowFocused, onDidFocusWindow } from '../editor/windowFocus.ts';
import { Looks } from '../flows/looks.ts';
import type { TranscriptPanels } from '../views/transcript/transcriptPanels.ts';
import type { Stores } from './stores.ts';
import type { Views } from './views.ts';

export interface LooksInput {
  readonly stores: Pick<Stores, 'sessions' | 'working' | 'attention' | 'ends' | 'transcripts' | 'visible'>;
  readonly views: Pick<Views, 'sessionsView'>;
  readonly transcripts: Pick<TranscriptPanels, 'onDidLookAt'>;
  readonly connection: {
    readonly state: ConnectionState;
    readonly onDidChangeState: Event<ConnectionState>;
    readonly onDidMissSession: Event<string>;
    compare(complete: boolean): Promise<void>;
  };
  readonly log: Log;
}

/** Has the server looked at when somebody looks at the window, and now and then while there is something to see. */
export function createLooks({ stores, views, transcripts, connection, log }: LooksInput): LooksRoom {
  const { sessions, working, attention, ends, visible } = stores;
  const { sessionsView } = views;
  const looks = new Looks({
    compare: async (complete) => {
      await connection.compare(complete);
      for (const sessionId of ends.elsewhere) stores.transcripts.renew(sessionId);
    },
    isElsewhere: () => ends.elsewhere.length > 0,
    isAtWork: () => isLive(connection.state) && (working.ids.size > 0 || attention.roots.length > 0),
    isInView: () =>
      isLive(connection.state) && isWindowFocused() && (sessionsView.isVisible || visible.isAnyVisible),
    startTimer,
    now: () => performance.now(),
    log,
  });
  const followed = Disposable.from(
    looks,
    onDidFocusWindow(() => looks.begin()),
    sessionsView.onDidShow(() => looks.begin()),
    transcripts.onDidLookAt((sessionId) => {
      stores.transcripts.renew(sessionId);
      looks.update();
    }),
    connection.onDidMissSession((id) => sessions.get(id) !== undefined && looks.begin()),
    connection.onDidChangeState(() => looks.update()),
    working.onDidChange(() => looks.update()),
    attention.onDidChange(() => looks.update()),
  );
  return { refresh: () => looks.refresh(), dispose: () => followed.dispose() };
}

export interface LooksRoom extends Disposable {
  /** Throws what the server answers. */
  refresh(): Promise<void>;
}
