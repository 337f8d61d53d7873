import { extensions, Uri, workspace } from 'vscode';
import type { ChangedSince } from '../core/services/recommendation.ts';
import type { Log } from '../core/log.ts';
import { changesSince, diffOfRepository, statOfRepository } from './gitDiff.ts';

/** What we read of the API of VS Code's own Git extension (version 1). */
interface GitApi {
  readonly git: { readonly path: string };
  getRepository(uri: Uri): GitRepository | null;
}

interface GitRepository {
  readonly rootUri: Uri;
  readonly state: { readonly HEAD?: { readonly name?: string; readonly commit?: string } | undefined };
}

/** The branch of a folder and the size of what is not committed; undefined where there is no git. */
export async function readGitState(
  directory: string,
  log: Log,
): Promise<{ readonly branch: string; readonly diffStat: string } | undefined> {
  try {
    const git = await findGit();
    const repository = git?.getRepository(Uri.file(directory));
    if (git === undefined || !repository) return undefined;
    const { HEAD } = repository.state;
    return {
      branch: HEAD?.name ?? HEAD?.commit?.slice(0, 8) ?? '',
      // Not asked of the Git extension: it would let the repository's programs run.
      diffStat: await statOfRepository(git.git.path, repository.rootUri.fsPath),
    };
  } catch (error) {
    log.debug('The state of git is not known.', directory, error);
    return undefined;
  }
}

/** What is not committed in a folder, as a unified diff; empty where there is no git. */
export async function readGitDiff(directory: string, log: Log): Promise<string> {
  try {
    const git = await findGit();
    const repository = git?.getRepository(Uri.file(directory));
    if (git === undefined || !repository) return '';
    return await diffOfRepository(git.git.path, repository.rootUri.fsPath);
  } catch (error) {
    log.debug('The changes in the working tree are not known.', directory, error);
    return '';
  }
}

/**
 * What changed in a folder since then, in milliseconds since 1970; undefined where there is no git, and in a folder that is not
 * trusted.
 */
export async function readChangedSince(
  directory: string,
  since: number,
  log: Log,
): Promise<ChangedSince | undefined> {
  if (!workspace.isTrusted) return undefined;
  try {
    const git = await findGit();
    const repository = git?.getRepository(Uri.file(directory));
    if (git === undefined || !repository) return undefined;
    const changed = await changesSince(git.git.path, repository.rootUri.fsPath, directory, since);
    const { commits, files, isLeast } = changed;
    return { commits, files: files.length, ...(isLeast && { isLeast }) };
  } catch (error) {
    log.debug('What changed in a folder is not known.', directory, error);
    return undefined;
  }
}

async function findGit(): Promise<GitApi | undefined> {
  const extension = extensions.getExtension<{ enabled: boolean; getAPI(version: 1): GitApi }>('vscode.git');
  if (extension === undefined) return undefined;
  const git = extension.isActive ? extension.exports : await extension.activate();
  return git.enabled ? git.getAPI(1) : undefined;
}
