/** A path with slashes, as addresses have it; in a path that begins with one, a backslash is a letter like others. */
export function withSlashes(path: string): string {
  return path.startsWith('/') ? path : path.replaceAll('\\', '/');
}

/**
 * The rest of a path that lies in a folder, with slashes; undefined where it lies elsewhere. Both are absolute. What
 * begins with no slash is of Windows, where one name is written in capitals by one program and not by another.
 */
export function pathBelow(folder: string, path: string): string | undefined {
  const isWindows = !folder.startsWith('/');
  const root = `${withSlashes(folder).replace(/(?<!\/)\/+$/, '')}/`;
  const slashed = isWindows ? withSlashes(path) : path;
  const start = slashed.slice(0, root.length);
  const isBelow = isWindows ? start.toLowerCase() === root.toLowerCase() : start === root;
  return isBelow ? slashed.slice(root.length) : undefined;
}
