import type { ConnectionState } from '../core/state/connectionState.ts';
import type { Disposable, Event } from '../core/event.ts';
import { l10n } from '../core/l10n.ts';
import type { Notify } from '../core/ports/notify.ts';
import type { KeptValues } from '../core/ports/keptValues.ts';

export interface VersionNoticePorts {
  readonly connection: { readonly onDidChangeState: Event<ConnectionState> };
  readonly memento: KeptValues;
  readonly notify: Notify;
}

const key = 'untriedVersions';

/** So many versions are remembered, the last told first. */
const remembered = 20;

/** Says once of each version that it is newer than what the extension was tried with. */
export function noticeUntriedVersions({ connection, memento, notify }: VersionNoticePorts): Disposable {
  return connection.onDidChangeState((state) => {
    if (state.kind !== 'live' || state.newerThan === undefined) return;
    const { version, newerThan } = state;
    const told = memento.get<readonly string[]>(key, []);
    if (told.includes(version)) return;
    void memento.update(key, [version, ...told].slice(0, remembered));
    notify({ message: untried(version, newerThan), actions: [] });
  });
}

function untried(version: string, newerThan: string): string {
  // Only the packages of 1.x are named by their versions.
  return newerThan.startsWith('1.')
    ? l10n.t(
        'OpenCode {0} is newer than {1}, the latest version that OpenCode Sessions was tried with. It is used all the same; if something does not work with it, “npm install -g opencode-ai@{1}” brings that one back.',
        version,
        newerThan,
      )
    : l10n.t(
        'OpenCode {0} is newer than {1}, the latest version that OpenCode Sessions was tried with. It is used all the same.',
        version,
        newerThan,
      );
}
