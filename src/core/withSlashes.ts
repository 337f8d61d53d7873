/** A path with slashes, as addresses have it; in a path that begins with one, a backslash is a letter like others. */
export function withSlashes(path: string): string {
  return path.startsWith('/') ? path : path.replaceAll('\\', '/');
}
