import { NotFoundProblem, type Remedy } from '../../core/errors.ts';
import { l10n } from '../../core/l10n.ts';
import type { OpenCode } from '../../core/ports/openCode.ts';
import type { LastEnds } from '../../core/sessions/lastEnds.ts';
import type { Sessions } from '../../core/sessions/sessionStore.ts';
import { runRemedies } from '../../core/turns/runRemedies.ts';

export interface RunRemedyPorts {
  readonly openCode: Pick<OpenCode, 'getMessage'>;
  readonly sessions: Pick<Sessions, 'get'>;
  readonly ends: Pick<LastEnds, 'of'>;
  readonly executeCommand: (id: string, argument: unknown) => Promise<unknown>;
}

export interface AskedRemedy {
  readonly sessionId: string;
  readonly messageId?: string | undefined;
  readonly command: string;
}

/** Does what an error offers: what is not among that is not done, whatever a page asks for. */
export async function runRemedy(ports: RunRemedyPorts, asked: AskedRemedy): Promise<void> {
  const remedy = (await findRemedies(ports, asked)).find(({ command }) => command === asked.command);
  if (remedy === undefined) throw new NotFoundProblem(l10n.t('The session has this error no more.'));
  await ports.executeCommand(remedy.command, remedy.arguments?.[0]);
}

async function findRemedies(
  { openCode, sessions, ends }: RunRemedyPorts,
  { sessionId, messageId }: AskedRemedy,
): Promise<readonly Remedy[]> {
  if (messageId === undefined) {
    const end = ends.of(sessionId);
    const providerId = sessions.get(sessionId)?.model?.providerID;
    return end?.kind === 'failed' ? runRemedies(end.error, { sessionId, providerId }) : [];
  }
  const { info } = await openCode.getMessage(sessionId, messageId);
  if (info.role !== 'assistant' || info.error === undefined) return [];
  return runRemedies(info.error, { sessionId, providerId: info.providerID });
}
