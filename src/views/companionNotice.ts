import type { Disposable, Event } from '../core/event.ts';
import { l10n } from '../core/l10n.ts';
import type { Log } from '../core/log.ts';
import type { CompanionFiles, CompanionPlace } from '../core/ports/companionFiles.ts';
import type { KeptValues } from '../core/ports/keptValues.ts';
import type { Notify } from '../core/ports/notify.ts';
import type { ConnectionState } from '../core/state/connectionState.ts';
import { isNewerVersion } from '../core/versionOrder.ts';

export interface CompanionNoticePorts {
  readonly connection: { readonly state: ConnectionState; readonly onDidChangeState: Event<ConnectionState> };
  readonly files: Pick<CompanionFiles, 'version' | 'look'>;
  /** The workspace folders, absolute. */
  readonly directories: () => readonly string[];
  readonly onDidChangeSetting: Event<void>;
  /** For all windows of the person. */
  readonly memento: KeptValues;
  readonly notify: Notify;
  readonly log: Pick<Log, 'debug'>;
}

const key = 'offeredCompanions';

/** So many offers are remembered, the last first. */
const remembered = 50;

/** Offers once to renew an installed companion that is older than this extension's, and says what a changed setting needs. */
export function noticeCompanions(ports: CompanionNoticePorts): readonly Disposable[] {
  const { connection, onDidChangeSetting, notify } = ports;
  return [
    connection.onDidChangeState(({ kind }) => {
      if (kind === 'live') void offerRenewals(ports);
    }),
    onDidChangeSetting(() => {
      if (connection.state.kind !== 'live' || !connection.state.managed) return;
      notify({
        message: l10n.t('The server that runs goes on as it is until it is restarted.'),
        actions: [{ title: l10n.t('Restart Server'), command: 'opencodeSessions.server.restart' }],
      });
    }),
  ];
}

async function offerRenewals({
  files,
  directories,
  memento,
  notify,
  log,
}: CompanionNoticePorts): Promise<void> {
  const folders = directories().map((directory) => ({ kind: 'folder' as const, directory }));
  const places: readonly CompanionPlace[] = [...folders, { kind: 'allProjects' }];
  for (const place of places) {
    const file = await files.look(place).catch((error: unknown) => {
      log.debug('It is not known whether a companion is installed', error);
    });
    if (file?.kind !== 'ours' || !isNewerVersion(files.version, file.version)) continue;
    const offer = `${files.version} ${file.path}`;
    const offered = memento.get<readonly string[]>(key, []);
    if (offered.includes(offer)) continue;
    await memento.update(key, [offer, ...offered].slice(0, remembered));
    notify({
      message: l10n.t(
        'The companion {0} is installed at {1}; this extension brings {2}.',
        file.version,
        file.path,
        files.version,
      ),
      actions: [
        {
          title: l10n.t('Renew'),
          command: 'opencodeSessions.companion.install',
          arguments: [place.kind === 'folder' ? { directory: place.directory } : { allProjects: true }],
        },
      ],
    });
  }
}
