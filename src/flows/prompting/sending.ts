import type { OpenCode } from '../../core/ports/openCode.ts';
import type { Outgoing } from './outgoing.ts';

export type SendingPort = Pick<
  OpenCode,
  'promptSession' | 'tellSession' | 'extractFromSession' | 'runCommand' | 'runShell'
>;

/** Asks the server for it. Of a command and of the shell the answer may come only when they have run. */
export function requestFor(openCode: SendingPort, sessionId: string, outgoing: Outgoing): Promise<void> {
  switch (outgoing.kind) {
    case 'prompt':
      return openCode.promptSession(sessionId, outgoing.prompt);
    case 'told':
      return openCode.tellSession(sessionId, outgoing.prompt);
    case 'extraction':
      return openCode.extractFromSession(sessionId, outgoing.prompt, outgoing.schema);
    case 'command':
      return openCode.runCommand(sessionId, outgoing.command);
    case 'shell':
      return openCode.runShell(sessionId, outgoing.shell);
  }
}
