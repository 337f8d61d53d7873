import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { posix, win32 } from 'node:path';
import { Problem } from '../../core/errors.ts';
import { l10n } from '../../core/l10n.ts';

/** No OpenCode was found on this machine. */
export class NotInstalledProblem extends Problem {
  /** The places that were looked at. */
  readonly searched: readonly string[];

  constructor(searched: readonly string[]) {
    super(
      l10n.t(
        'OpenCode was not found. Install it, or name the program in the setting "opencodeSessions.server.path".',
      ),
      { remedy: settingRemedy() },
    );
    this.searched = searched;
  }
}

export interface OpenCodePlaces {
  /** The setting: used alone where it is given. */
  readonly path?: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly home: string;
  readonly platform?: NodeJS.Platform;
  readonly isProgram?: (path: string) => Promise<boolean>;
}

/**
 * The absolute paths of the `opencode` programs, the likeliest first: the one that the setting names, else those on
 * PATH and where its installers put it. Throws where there is none.
 */
export async function* findOpenCode(places: OpenCodePlaces): AsyncGenerator<string, void> {
  const { platform = process.platform, isProgram = canBeRun } = places;
  const path = pathOf(platform);
  const setting = expandHome(places.path?.trim() ?? '', places.home);
  const folders = setting === '' ? candidateFolders(places) : [];
  const named = path.isAbsolute(setting) ? [setting] : folders.map((folder) => path.join(folder, 'opencode'));
  let found = false;
  for (const program of named.flatMap((name) => withEndings(name, platform))) {
    if (!(await isProgram(program))) continue;
    found = true;
    yield program;
    if (setting !== '') return;
  }
  if (!found) throw setting === '' ? new NotInstalledProblem(folders) : wrongSetting(setting);
}

/** Where to look without a setting, the most likely first. */
export function candidateFolders({
  environment,
  home,
  platform = process.platform,
}: OpenCodePlaces): string[] {
  const path = pathOf(platform);
  const windows = platform === 'win32';
  const written = environment['PATH'] ?? environment['Path'] ?? '';
  // Windows takes a folder in quotation marks for the folder.
  const onPath = (windows ? written.replaceAll('"', '') : written).split(path.delimiter);
  const own = [environment['OPENCODE_INSTALL_DIR'], environment['XDG_BIN_DIR']];
  const usual = [
    '.opencode/bin',
    'bin',
    '.local/bin',
    '.bun/bin',
    '.npm-global/bin',
    '.local/share/mise/shims',
    '.asdf/shims',
    '.volta/bin',
    '.nix-profile/bin',
  ].map((folder) => path.join(home, folder));
  const shared = ['/usr/local/bin', '/opt/homebrew/bin', '/home/linuxbrew/.linuxbrew/bin', '/usr/bin'];
  const onWindows = [
    path.join(environment['APPDATA'] ?? path.join(home, 'AppData/Roaming'), 'npm'),
    path.join(home, 'scoop/shims'),
    path.join(environment['ProgramData'] ?? 'C:\\ProgramData', 'chocolatey/bin'),
  ];
  const all = [...onPath, ...own, ...usual, ...(windows ? onWindows : shared)];
  return [...new Set(all.filter((folder) => folder !== undefined && path.isAbsolute(folder)))] as string[];
}

/** Windows runs what has an ending; without one stands there what npm puts beside it for other shells. */
function withEndings(program: string, platform: NodeJS.Platform): string[] {
  const isWhole = platform !== 'win32' || /\.\w+$/.test(program);
  return isWhole ? [program] : ['.exe', '.cmd'].map((ending) => `${program}${ending}`);
}

function pathOf(platform: NodeJS.Platform) {
  return platform === 'win32' ? win32 : posix;
}

function wrongSetting(program: string): Problem {
  return new Problem(
    l10n.t(
      'The setting "opencodeSessions.server.path" names {0}, which is not the absolute path of a program that can be run. Correct it, or empty it to have OpenCode found by itself.',
      program,
    ),
    { remedy: settingRemedy() },
  );
}

async function canBeRun(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

function expandHome(path: string, home: string): string {
  return path.replace(/^~(?=$|[/\\])/, home);
}

function settingRemedy() {
  return {
    title: l10n.t('Open Settings'),
    command: 'workbench.action.openSettings',
    arguments: ['opencodeSessions.server.path'],
  };
}
