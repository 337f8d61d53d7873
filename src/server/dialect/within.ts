import type { Event } from '../../core/event.ts';
import type { OpenCode } from '../../core/ports/openCode.ts';
import type { ServerEvent } from '../../protocol/events.ts';

/** What is shown for a moment. */
export interface Toast {
  readonly message: string;
  readonly variant: 'info' | 'warning' | 'error';
}

/** OpenCode as a plugin in its own process asks and hears it. */
export interface Within {
  readonly openCode: OpenCode;
  /** Takes an event of the plugin's directory as the server has it. */
  hear(event: unknown): void;
  /** What those events say, in our words. */
  readonly onDidHear: Event<ServerEvent>;
  /** Has the server tell a text to all who listen to it. */
  tell(text: string): Promise<void>;
  /** Shows something for a moment to whoever sits at OpenCode's own terminal. */
  showToast(toast: Toast): Promise<void>;
}
