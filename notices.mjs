import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What comes without its licence, by the package of the same authors that has it. */
const licensedWith = { '@opencode-ai/sdk': 'opencode-ai' };

/**
 * The licences of the packages of which anything is in these builds, as they want to be passed on. `copied`: packages
 * of which files are taken as they are. Throws for one that has no licence to be found.
 */
export async function collectNotices(metafiles, copied) {
  const inputs = metafiles
    .flatMap(({ outputs }) => Object.values(outputs))
    .flatMap((output) => Object.entries(output.inputs))
    .flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 0 ? [path] : []));
  const bundled = inputs.flatMap((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? []);
  const folders = new Set([...bundled, ...copied.map((name) => `node_modules/${name}`)]);
  const notices = await Promise.all([...folders].sort().map(noticeOf));
  const heading = 'The work of others in this extension, each with its licence. Its own is in LICENSE.txt.';
  return [heading, ...notices].join(`\n\n${'='.repeat(100)}\n\n`);
}

async function noticeOf(folder) {
  const { name, version, license } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  const source = licensedWith[name] === undefined ? folder : join('node_modules', licensedWith[name]);
  const files = (await readdir(source)).filter((file) => /^(?:licen[cs]e|notice|copying)/i.test(file)).sort();
  if (files.length === 0)
    throw new Error(`The package ${name} is bundled and has no licence to be passed on.`);
  const texts = await Promise.all(files.map((file) => readFile(join(source, file), 'utf8')));
  return [
    `${name} ${version} (${license})`,
    ...texts.map((text) =>
      text
        .replace(/^\uFEFF/, '')
        .replaceAll('\r\n', '\n')
        .trim(),
    ),
  ].join('\n\n');
}
