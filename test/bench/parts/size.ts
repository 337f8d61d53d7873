import { glob, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Bed } from '../bed.ts';
import { atMost, type Figure } from '../figure.ts';

/** What is shipped. */
export async function measureSize(bed: Bed): Promise<Figure[]> {
  const extension = await bed.extension;
  const kilobytes = async (file: string): Promise<number> => (await stat(file)).size / 1000;
  const script = await kilobytes(join(extension.dist, 'transcript.js'));
  const sum = async (...pattern: string[]): Promise<number> => {
    let total = 0;
    for await (const file of glob(join(extension.dist, ...pattern))) total += await kilobytes(file);
    return total;
  };
  const highlighter = await kilobytes(join(extension.dist, 'page', 'highlight.js'));
  const pieces = (await sum('page', '*.js')) - highlighter;
  const web = await measureWebScripts((await bed.server).url);
  const figure = (name: string, value: number, limit?: number): Figure => {
    return {
      part: 'size',
      name,
      unit: 'kB',
      values: [value],
      ...(limit !== undefined && { target: atMost(limit) }),
    };
  };
  return [
    figure("The page's script", script, 180),
    figure('What the page loads once it is idle', pieces),
    figure('Its highlighter, loaded on demand', highlighter),
    figure('All scripts of the page', script + pieces + highlighter),
    {
      part: 'size',
      name: "The page's script / those that the web UI begins with",
      unit: 'x',
      values: [script / web],
      target: atMost(1 / 15),
      note: `${script.toFixed(0)} / ${web.toFixed(0)} kB`,
    },
    figure('The extension, loaded at activation', await kilobytes(join(extension.dist, 'extension.cjs'))),
    figure('The rest of it, loaded when it is wanted', await sum('extension', '*.cjs')),
    // All that agents may do, with the flows and the schemas behind it: 420 kB, and room for as much as one more tool needs.
    figure('The companion, loaded by OpenCode', await kilobytes(join(extension.dist, 'companion.js')), 450),
    figure('The packed extension (.vsix)', await kilobytes(await extension.package()), 1000),
  ];
}

/** Kilobytes of the scripts that the web UI's first page names. */
async function measureWebScripts(url: string): Promise<number> {
  const html = await (await fetch(url, { headers: { accept: 'text/html' } })).text();
  const addresses = [...html.matchAll(/<script[^>]+src="([^"]+)"/g)].map(
    ([, address = '']) => new URL(address, url),
  );
  const scripts = await Promise.all(addresses.map(async (address) => (await fetch(address)).arrayBuffer()));
  return scripts.reduce((sum, script) => sum + script.byteLength, 0) / 1000;
}
