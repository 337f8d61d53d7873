import { l10n } from '../../core/l10n.ts';
import { isLoopback } from '../../core/loopback.ts';
import type { Abilities } from '../../core/ports/abilities.ts';
import type { Notify } from '../../core/ports/notify.ts';
import { printProblemReport } from '../../core/state/problemReport.ts';
import type { ConnectionState } from '../../core/state/connectionState.ts';
import type { Command } from '../command.ts';

export interface ReportProblemDeps {
  readonly server: { readonly state: ConnectionState; readonly openCode: { readonly abilities: Abilities } };
  /** Versions, by what they are of. */
  readonly versions: Readonly<Record<string, string>>;
  readonly mode: () => string;
  /** The end of the log; empty where there is none. */
  readonly readLog: () => Promise<string>;
  /** Without secrets, and without who the person is. */
  readonly redact: (text: string) => Promise<string>;
  readonly openText: (name: string, text: string) => Promise<void>;
  readonly notify: Notify;
}

/** Opens what is known of a problem, redacted, for a person to read, add to and pass on: nothing is sent. */
export function reportProblem(deps: ReportProblemDeps): Command {
  const { server, versions, mode, readLog, redact, openText, notify } = deps;
  return async () => {
    const { state, openCode } = server;
    const { abilities } = openCode;
    const isHere = state.kind === 'live' && isLoopback(URL.parse(state.url)?.hostname ?? '');
    const facts = { versions, mode: mode(), state, abilities, isHere, log: await readLog() };
    await openText('problem-report.md', await redact(printProblemReport(facts)));
    notify({
      message: l10n.t(
        'The report holds versions, the state of the connection and the end of the log, without secrets as far as they were found. Nothing was sent: read it before you pass it on.',
      ),
      actions: [],
    });
  };
}
