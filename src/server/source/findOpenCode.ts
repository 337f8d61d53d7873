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
  const { isProgram = canBeRun } = places;
  const setting = places.path?.trim();
  if (setting !== undefined && setting !== '')
    return yield checkSetting(expandHome(setting, places.home), places.platform, isProgram);
  const searched = candidateFolders(places);
  let found = false;
  for (const folder of searched) {
    for (const name of programNames(places.platform)) {
      const program = pathOf(places.platform).join(folder, name);
      if (!(await isProgram(program))) continue;
      found = true;
      yield program;
    }
  }
  if (!found) throw new NotInstalledProblem(searched);
}

/** Where to look without a setting, the most likely first. */
export function candidateFolders({
  environment,
  home,
  platform = process.platform,
}: OpenCodePlaces): string[] {
  const path = pathOf(platform);
  const windows = platform === 'win32';
  const onPath = (environment['PATH'] ?? environment['Path'] ?? '').split(path.delimiter);
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

function programNames(platform: NodeJS.Platform = process.platform): string[] {
  return platform === 'win32' ? ['opencode.exe', 'opencode.cmd'] : ['opencode'];
}

function pathOf(platform: NodeJS.Platform = process.platform) {
  return platform === 'win32' ? win32 : posix;
}

async function checkSetting(
  program: string,
  platform: NodeJS.Platform | undefined,
  isProgram: (path: string) => Promise<boolean>,
): Promise<string> {
  if (pathOf(platform).isAbsolute(program) && (await isProgram(program))) return program;
  throw new Problem(
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
