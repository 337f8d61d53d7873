import {
  EventEmitter,
  FileDecoration,
  ThemeColor,
  window,
  type FileDecorationProvider,
  type Uri,
} from 'vscode';
import type { Attention } from '../core/sessions/attention.ts';
import type { Disposable } from '../core/event.ts';
import { l10n } from '../core/l10n.ts';
import { isArchived } from '../core/sessions/sessionKind.ts';
import type { LastEnds } from '../core/sessions/lastEnds.ts';
import { longState } from '../core/sessions/sessionRow.ts';
import {
  findSessionState,
  type SessionState,
  type SessionStateSources,
} from '../core/sessions/sessionState.ts';
import type { Sessions } from '../core/sessions/sessionStore.ts';
import type { Unread } from '../core/sessions/unread.ts';
import { parseSessionUri, toSessionUri } from './sessionUri.ts';

export interface SessionDecorationsPorts extends SessionStateSources {
  readonly sessions: Pick<Sessions, 'get' | 'status' | 'onDidChange'>;
  readonly attention: Pick<Attention, 'of' | 'onDidChange'>;
  readonly ends: Pick<LastEnds, 'of' | 'ranHere' | 'worksElsewhere' | 'onDidChange'>;
  readonly unread: Pick<Unread, 'has' | 'onDidChange'>;
}

/** Colour and mark of a session's row: what waits, what failed or was cut off, what is unread, what is put away. */
export class SessionDecorations implements FileDecorationProvider, Disposable {
  readonly #didChange = new EventEmitter<Uri[]>();
  readonly #ports: SessionDecorationsPorts;
  readonly #disposables: readonly Disposable[];

  readonly onDidChangeFileDecorations = this.#didChange.event;

  constructor(ports: SessionDecorationsPorts) {
    this.#ports = ports;
    const changed = (ids: Iterable<string>): void => this.#didChange.fire([...ids].map(toSessionUri));
    this.#disposables = [
      this.#didChange,
      ports.sessions.onDidChange(({ sessionIds }) => changed(sessionIds)),
      ports.attention.onDidChange(({ sessionIds }) => changed(sessionIds)),
      ports.ends.onDidChange(({ sessionId }) => changed([sessionId])),
      ports.unread.onDidChange(({ sessionId }) => changed([sessionId])),
      window.registerFileDecorationProvider(this),
    ];
  }

  provideFileDecoration(uri: Uri): FileDecoration | undefined {
    const sessionId = parseSessionUri(uri);
    const session = sessionId === undefined ? undefined : this.#ports.sessions.get(sessionId);
    if (session === undefined) return undefined;
    const decoration = toDecoration(findSessionState(this.#ports, session.id));
    if (decoration === undefined && isArchived(session)) {
      return new FileDecoration(undefined, undefined, new ThemeColor('disabledForeground'));
    }
    return decoration;
  }

  dispose(): void {
    for (const disposable of this.#disposables) disposable.dispose();
  }
}

function toDecoration(state: SessionState): FileDecoration | undefined {
  switch (state.kind) {
    case 'permission':
    case 'question':
      return new FileDecoration('?', l10n.t('Waits for you'), new ThemeColor('list.warningForeground'));
    case 'retry':
      return new FileDecoration(undefined, l10n.t('Retries'), new ThemeColor('list.warningForeground'));
    case 'error':
      return new FileDecoration('!', l10n.t('Failed'), new ThemeColor('list.errorForeground'));
    case 'cutOff':
      return new FileDecoration('!', wordsOf(state), new ThemeColor('list.warningForeground'));
    case 'unread':
      return new FileDecoration('●', wordsOf(state), new ThemeColor('textLink.foreground'));
    case 'unseen':
    case 'busy':
    case 'elsewhere':
    case 'idle':
    case 'unknown':
      return undefined;
  }
}

function wordsOf(state: SessionState): string {
  const words = longState(state, 0);
  return words.charAt(0).toLocaleUpperCase() + words.slice(1);
}
