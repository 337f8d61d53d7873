import { Problem } from '../core/errors.ts';
import { l10n } from '../core/l10n.ts';

/** The versions of OpenCode that this extension speaks with, as people write it. */
export const wantedVersions = '1.18.x';

/** The server is one that this extension does not understand. */
export class IncompatibleProblem extends Problem {
  readonly version: string;

  constructor(version: string) {
    super(
      l10n.t(
        'This is OpenCode {0}, but OpenCode Sessions works with {1}. Install that version, or name another program in the setting "opencodeSessions.server.path".',
        version,
        wantedVersions,
      ),
      {
        remedy: {
          title: l10n.t('Open Settings'),
          command: 'workbench.action.openSettings',
          arguments: ['opencodeSessions.server'],
        },
      },
    );
    this.version = version;
  }
}

/** Throws `IncompatibleProblem` for a version outside the promised range. */
export function requireSupported(version: string): void {
  if (!/^1\.18\.\d+/.test(version)) throw new IncompatibleProblem(version);
}
