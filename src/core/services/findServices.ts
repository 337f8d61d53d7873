/** A name in a folder. */
export interface FolderEntry {
  readonly name: string;
  readonly isFolder: boolean;
}

export interface FindServicesPorts {
  /** What stands in a folder, by its path from the root on (empty: the root). A folder that cannot be read is empty. */
  readonly list: (path: string) => Promise<readonly FolderEntry[]>;
  /** Whether a person said that this folder is a service; absent: nobody said which are, and marker files tell. */
  readonly isNamed?: (path: string) => boolean;
  /** Whether the editor leaves a folder out of sight (`files.exclude`). */
  readonly isExcluded: (path: string) => boolean;
}

export interface FoundServices {
  /** Paths from the root on, in their order. */
  readonly paths: readonly string[];
  /** There may be more: it was not looked into all folders. */
  readonly isPartial: boolean;
}

/** What stands in the folder of something that is built or run by itself. */
export const markers: ReadonlySet<string> = new Set([
  'package.json',
  'deno.json',
  'go.mod',
  'Cargo.toml',
  'pyproject.toml',
  'requirements.txt',
  'setup.py',
  'pom.xml',
  'build.gradle',
  'build.gradle.kts',
  'composer.json',
  'Gemfile',
  'mix.exs',
  'Package.swift',
  'wrangler.toml',
  'serverless.yml',
  'Dockerfile',
]);

/** In these nobody works on a service of their own. */
const passedOver: ReadonlySet<string> = new Set([
  'node_modules',
  'vendor',
  'target',
  'dist',
  'build',
  'out',
  'coverage',
  '__pycache__',
  'venv',
]);

/** How far down it is looked: by marker files, and where a person named the folders. */
const depths = { marked: 4, named: 8 };
/** So many folders are looked into, and so many services are found at most. */
export const serviceLimits = { looks: 4000, services: 100 };

/**
 * The folders of a workspace folder that hold a service of their own, from the top down. Of a service that was found by its
 * marker file the folders below it are its own parts; where a person named the folders, one may lie in another.
 */
export async function findServices(ports: FindServicesPorts): Promise<FoundServices> {
  const { list, isNamed, isExcluded } = ports;
  const depth = isNamed === undefined ? depths.marked : depths.named;
  const paths: string[] = [];
  let looks = 0;
  let level: readonly string[] = [''];
  for (let at = 0; at <= depth && level.length > 0; at += 1) {
    const below: string[] = [];
    for (const path of level) {
      if (looks >= serviceLimits.looks || paths.length >= serviceLimits.services) {
        return { paths: paths.toSorted(), isPartial: true };
      }
      looks += 1;
      const entries = await list(path);
      const isMarked =
        isNamed === undefined && entries.some(({ name, isFolder }) => !isFolder && markers.has(name));
      // The root is the workspace folder itself, whose sessions need no service.
      const isService = path !== '' && (isNamed?.(path) ?? isMarked);
      if (isService) paths.push(path);
      if (isService && isNamed === undefined) continue;
      const folders = entries
        .filter(({ name, isFolder }) => isFolder && !name.startsWith('.') && !passedOver.has(name))
        .map(({ name }) => (path === '' ? name : `${path}/${name}`))
        .filter((folder) => !isExcluded(folder));
      // More than these are not looked into.
      if (below.length < serviceLimits.looks) below.push(...folders.toSorted());
    }
    level = below;
  }
  return { paths: paths.toSorted(), isPartial: false };
}
