import { Problem } from '../../core/errors.ts';
import { l10n } from '../../core/l10n.ts';

/** The series of OpenCode 1.x that this extension was tried with, the newest last. */
const known = { oldest: 18, newest: 19 };

/** The newest version that this extension was tried with, as people write it. */
export const newestKnown = `1.${known.newest}`;

/** The command that installs the newest OpenCode that this extension speaks with; without a version, 2.x would come. */
export const installCommand = 'npm install -g opencode-ai@1';

/** What a version says of its speaker; `unreadable`: built by somebody from the source, so it may speak anything. */
type Standing = 'known' | 'newer' | 'older' | 'nextGeneration' | 'unreadable';

/** The server is one that this extension does not understand. */
export class IncompatibleProblem extends Problem {
  readonly version: string;

  constructor(version: string, standing: Exclude<Standing, 'known' | 'newer'>, managed: boolean) {
    super(`${whatItIs(version, standing)} ${whatToDo(managed)}`, {
      remedy: managed
        ? {
            title: l10n.t('Open Settings'),
            command: 'workbench.action.openSettings',
            arguments: ['opencodeSessions.server'],
          }
        : {
            title: l10n.t('Connect to Another Server…'),
            command: 'opencodeSessions.server.connect',
          },
    });
    this.version = version;
  }
}

/** Throws `IncompatibleProblem` for a version that this extension does not speak with; `managed`: it is ours to run. */
export function requireSupported(version: string, { managed }: { readonly managed: boolean }): void {
  const standing = judge(version);
  if (standing === 'known' || standing === 'newer') return;
  throw new IncompatibleProblem(version, standing, managed);
}

/** Whether the version is later than all that this extension was tried with, but of the same generation. */
export function isUntried(version: string): boolean {
  return judge(version) === 'newer';
}

/** A pre-release counts as what it leads to. */
function judge(version: string): Standing {
  const [, generation, series] = /^v?(\d+)(?:\.(\d+))?(?=$|[.+-])/.exec(version.trim()) ?? [];
  if (Number(generation) > 1) return 'nextGeneration';
  // Builds from the source of either generation call themselves 0.0.0-….
  if (series === undefined || /^v?0\.0\.0\b/.test(version.trim())) return 'unreadable';
  if (Number(generation) < 1 || Number(series) < known.oldest) return 'older';
  return Number(series) > known.newest ? 'newer' : 'known';
}

function whatItIs(version: string, standing: Exclude<Standing, 'known' | 'newer'>): string {
  const name = version
    .trim()
    .replace(/^v(?=\d)/, '')
    .slice(0, 40);
  switch (standing) {
    case 'older':
      return l10n.t('OpenCode {0} is too old: OpenCode Sessions works with {1}.', name, wanted());
    case 'nextGeneration':
      return l10n.t(
        'OpenCode {0} is of a generation that OpenCode Sessions does not speak with yet: it works with {1}.',
        name,
        wanted(),
      );
    case 'unreadable':
      return l10n.t(
        'This OpenCode calls its version “{0}”, which does not tell what it speaks: OpenCode Sessions works with {1}.',
        name,
        wanted(),
      );
  }
}

function whatToDo(managed: boolean): string {
  return managed
    ? l10n.t(
        'Install one of these beside it with “{0}”, or name another program in the setting "opencodeSessions.server.path".',
        installCommand,
      )
    : l10n.t('Start one of these there, or connect to another server.');
}

function wanted(): string {
  return l10n.t('{0} and {1}', `1.${known.oldest}`, newestKnown);
}
