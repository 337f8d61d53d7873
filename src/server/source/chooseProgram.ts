import { homedir } from 'node:os';
import type { Log } from '../../core/log.ts';
import { withoutUndefined } from '../../core/withoutUndefined.ts';
import { Problem } from '../../core/errors.ts';
import { l10n } from '../../core/l10n.ts';
import type { FoundServer } from './serverSource.ts';
import { findOpenCode, NotInstalledProblem } from './findOpenCode.ts';
import { programVersion } from './programVersion.ts';
import type { Dialect } from '../dialect/dialect.ts';
import { chooseDialect, type Dialects, IncompatibleProblem } from '../dialect/versions.ts';

export interface ProgramChoice {
  /** The setting `opencodeSessions.server.path`. */
  readonly path?: string | undefined;
  readonly dialects: Dialects;
  readonly stateFolder: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly log: Log;
}

export interface ChosenProgram {
  /** Its absolute path. */
  readonly program: string;
  readonly dialect: Dialect;
}

/** The first program that this extension speaks with: who has two generations of OpenCode has two of them. */
export async function chooseProgram(choice: ProgramChoice): Promise<ChosenProgram> {
  const { path, environment, log } = choice;
  let refusal: IncompatibleProblem | undefined;
  for await (const program of findOpenCode({
    environment,
    home: homeOf(environment),
    ...withoutUndefined({ path }),
  })) {
    try {
      const version = await programVersion(program, choice);
      return { program, dialect: chooseDialect(choice.dialects, version, { managed: true }) };
    } catch (error) {
      if (!(error instanceof IncompatibleProblem)) throw refusal ?? error;
      log.info('OpenCode program is passed over', program, error.version);
      refusal ??= error;
    }
  }
  throw refusal ?? new NotInstalledProblem([]);
}

/** One that speaks as that server does. */
export async function chooseProgramFor(
  { dialect, version }: Pick<FoundServer, 'dialect' | 'version'>,
  choice: ProgramChoice,
): Promise<ChosenProgram> {
  try {
    return await chooseProgram({ ...choice, dialects: [dialect] });
  } catch (error) {
    throw error instanceof IncompatibleProblem ? noProgramFor(version, error) : error;
  }
}

/** A program of another generation could not speak with that server. */
function noProgramFor(version: string, cause: Problem): Problem {
  return new Problem(
    l10n.t(
      'No OpenCode program on this machine speaks as the server does, which is OpenCode {0}. Name one in the setting "opencodeSessions.server.path".',
      version,
    ),
    {
      cause,
      remedy: {
        title: l10n.t('Open Settings'),
        command: 'workbench.action.openSettings',
        arguments: ['opencodeSessions.server.path'],
      },
    },
  );
}

/** The person's own folder, as OpenCode knows it: on Windows other programs may have a HOME of their own. */
export function homeOf(environment: NodeJS.ProcessEnv, platform = process.platform): string {
  return environment[platform === 'win32' ? 'USERPROFILE' : 'HOME'] ?? homedir();
}
