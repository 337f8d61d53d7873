interface FilePatch {
  readonly path: string;
  /** What stands there afterwards, of what stood there before; undefined for no file. */
  readonly apply: (before: string | undefined) => string | undefined;
}

/** Reads `*** Begin Patch`, `*** Add File: path`, `*** Update File: path`, `*** Delete File: path` and their lines. */
export function parsePatch(text: string): FilePatch[] {
  const patches: FilePatch[] = [];
  let lines: string[] = [];
  for (const line of text.split('\n')) {
    const [, verb, path] = /^\*\*\* (Add|Update|Delete) File: (.+)$/.exec(line) ?? [];
    if (verb !== undefined && path !== undefined) {
      const body: string[] = [];
      lines = body;
      patches.push({ path, apply: (before) => applyLines(verb, path, body, before) });
    } else if (!line.startsWith('*** ')) lines.push(line);
  }
  if (patches.length === 0) throw new Error('The patch holds no file.');
  return patches;
}

function applyLines(
  verb: string,
  path: string,
  lines: readonly string[],
  before: string | undefined,
): string | undefined {
  if (verb === 'Delete') return undefined;
  if (verb === 'Add') return `${lines.map((line) => line.replace(/^\+/, '')).join('\n')}\n`;
  if (before === undefined) throw new Error(`File not found: ${path}`);
  let text = before;
  for (const hunk of lines.join('\n').split(/^@@.*\n?/m)) {
    const hunkLines = hunk.split('\n').filter((line) => line !== '');
    if (hunkLines.length === 0) continue;
    const side = (other: string): string =>
      hunkLines
        .filter((line) => !line.startsWith(other))
        .map((line) => line.slice(1))
        .join('\n');
    if (!text.includes(side('+'))) throw new Error(`The patch does not fit ${path}.`);
    text = text.replace(side('+'), () => side('-'));
  }
  return text;
}
