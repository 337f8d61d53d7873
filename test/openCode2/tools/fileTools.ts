import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync, globSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { diffFile } from '../places/fileDiff.ts';
import type { FileDiff } from '../state/records.ts';
import { parsePatch } from './patchText.ts';
import { schemaOf, textIn, textResult, type Tool, type ToolContext, type ToolResult } from './tool.ts';

/** Asks for what lies outside of the session's folder, and for the act itself. */
async function allowFile(
  context: ToolContext,
  action: string,
  file: string,
  diff?: FileDiff,
): Promise<string> {
  const path = relative(context.directory, file);
  if (path.startsWith('..')) {
    const save = [join(dirname(file), '*')];
    await context.allow({ action: 'external_directory', resources: save, save });
  }
  await context.allow({
    action,
    resources: [path],
    save: ['*'],
    ...(diff === undefined ? {} : { metadata: { files: [diff] } }),
  });
  return path;
}

function contentOf(file: string): string | undefined {
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat?.isFile() === true ? readFileSync(file, 'utf8') : undefined;
}

const read: Tool = {
  name: 'read',
  description: 'Reads a file or lists a folder.',
  input: schemaOf(['path'], ['offset', 'limit']),
  async run(input, context) {
    const file = resolve(context.directory, textIn(input, 'path'));
    await allowFile(context, 'read', file);
    const stat = statSync(file, { throwIfNoEntry: false });
    if (stat === undefined) throw new Error(`File not found: ${file}`);
    return textResult(stat.isDirectory() ? readdirSync(file).join('\n') : readFileSync(file, 'utf8'));
  },
};

async function change(
  context: ToolContext,
  file: string,
  toText: (before: string | undefined) => string | undefined,
): Promise<FileDiff | undefined> {
  const before = contentOf(file);
  const after = toText(before);
  const diff = diffFile(relative(context.directory, file), before, after);
  await allowFile(context, 'edit', file, diff);
  if (after === undefined) rmSync(file);
  else {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, after);
  }
  return diff;
}

const write: Tool = {
  name: 'write',
  description: 'Writes a file whole.',
  input: schemaOf(['path', 'content']),
  async run(input, context) {
    const file = resolve(context.directory, textIn(input, 'path'));
    const text = textIn(input, 'content');
    await change(context, file, () => text);
    return textResult(`Wrote ${relative(context.directory, file)}.`);
  },
};

const edit: Tool = {
  name: 'edit',
  description: 'Replaces a text in a file.',
  input: schemaOf(['path', 'oldString', 'newString'], ['replaceAll']),
  async run(input, context) {
    const file = resolve(context.directory, textIn(input, 'path'));
    const [old, fresh] = [textIn(input, 'oldString'), textIn(input, 'newString')];
    const diff = await change(context, file, (before) => {
      if (before === undefined) throw new Error(`File not found: ${file}`);
      if (!before.includes(old)) throw new Error('The text to replace is not in the file.');
      return input['replaceAll'] === true
        ? before.replaceAll(old, () => fresh)
        : before.replace(old, () => fresh);
    });
    return edited(diff === undefined ? [] : [diff]);
  },
};

const patch: Tool = {
  name: 'patch',
  description: 'Applies a patch to several files.',
  input: schemaOf(['patchText']),
  async run(input, context) {
    const diffs: FileDiff[] = [];
    for (const { path, apply } of parsePatch(textIn(input, 'patchText'))) {
      const diff = await change(context, resolve(context.directory, path), apply);
      if (diff !== undefined) diffs.push(diff);
    }
    return edited(diffs);
  },
};

function edited(files: readonly FileDiff[]): ToolResult {
  return textResult(`Edited ${files.map(({ file }) => file).join(', ') || 'nothing'}.`, { files });
}

const glob: Tool = {
  name: 'glob',
  description: 'Finds files by a pattern.',
  input: schemaOf(['pattern'], ['path']),
  async run(input, context) {
    const pattern = textIn(input, 'pattern');
    await context.allow({ action: 'glob', resources: [pattern], save: ['*'] });
    const cwd = resolve(context.directory, typeof input['path'] === 'string' ? input['path'] : '.');
    const found = globSync(pattern, { cwd, exclude: ['node_modules', '.git'] });
    return textResult(found.join('\n') || 'No files found', { count: found.length });
  },
};

const grep: Tool = {
  name: 'grep',
  description: 'Finds lines of files by a regular expression.',
  input: schemaOf(['pattern'], ['path', 'include']),
  async run(input, context) {
    const pattern = textIn(input, 'pattern');
    await context.allow({ action: 'grep', resources: [pattern], save: ['*'] });
    const cwd = resolve(context.directory, typeof input['path'] === 'string' ? input['path'] : '.');
    const include = typeof input['include'] === 'string' ? input['include'] : '*';
    const expression = new RegExp(pattern);
    const files = globSync(`**/${include}`, { cwd, exclude: ['node_modules', '.git', '**/node_modules'] });
    const matches = files.flatMap((file) =>
      (contentOf(join(cwd, file)) ?? '')
        .split('\n')
        .flatMap((line, at) => (expression.test(line) ? [`${file}:${at + 1}: ${line}`] : [])),
    );
    return textResult(matches.join('\n') || 'No matches', { matches: matches.length });
  },
};

export const fileTools: readonly Tool[] = [read, write, edit, patch, glob, grep];
