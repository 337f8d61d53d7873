function isAbsolutePath(path: string): boolean {
  return /^(?:\/|[a-z]:[\\/]|\\\\)/i.test(path);
}

/** `path`, which may be relative to `directory`, as an absolute one. */
export function resolvePath(directory: string, path: string): string {
  return isAbsolutePath(path) ? path : `${withoutSlash(directory)}/${path.replace(/^\.\//, '')}`;
}

/** The last part of a path, of either kind. */
export const fileName = (path: string): string =>
  path.split(path.startsWith('/') ? '/' : /[\\/]/).at(-1) ?? path;

/** The path of a folder without a slash at its end; a root keeps its own. */
export function withoutSlash(path: string): string {
  return path.startsWith('/') ? path.replace(/(?<!\/)\/+$/, '') : path.replace(/(?<![\\/])[\\/]+$/, '');
}
