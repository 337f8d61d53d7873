import { build } from 'esbuild';
import { basename, join, resolve } from 'node:path';

/** Where the pieces of the page stand, from its script. */
const pieces = './page';
const isRelative = { filter: /^\.\.?\// };
const startName = 'start of the page';

/**
 * Makes `transcript.js` of `entry`, and of each file that it imports by `import()` a piece of its own in `page/`. A piece
 * takes what it shares with the script from the script itself: esbuild's own splitting puts what is shared in further
 * files, and the page would wait for those before it begins. What it takes from the file of another piece, it takes from
 * that piece. `metafiles` gets those of the pieces.
 */
export function splitPage(entry, metafiles) {
  return {
    name: 'split page',
    setup({ initialOptions, onResolve, onLoad }) {
      const { plugins, entryPoints, ...options } = initialOptions;
      onResolve({ filter: new RegExp(`^${startName}$`) }, () => ({ path: entry, namespace: startName }));
      const found = new Map();
      putApart(onResolve, found);
      onLoad({ filter: /./, namespace: startName }, async () => {
        const { inputs, names } = await readPieces(entry, options);
        const exported = await readShared(inputs, names, options);
        const { metafile } = await buildPieces(inputs, names, options);
        metafiles.push(metafile);
        refuseTwice(Object.values(metafile.outputs).flatMap((output) => Object.keys(output.inputs)));
        const exports = [...exported].map(([file, words]) => exportOf(file, [...words]));
        return {
          contents: [`import ${JSON.stringify(resolve(entry))};`, ...exports].join('\n'),
          resolveDir: process.cwd(),
          watchFiles: [...inputs, ...Object.keys(metafile.inputs).map((file) => resolve(file))],
        };
      });
    },
  };
}

/** What two pieces share belongs into the script: no state may exist twice. */
function refuseTwice(files) {
  const twice = files.find((file, at) => files.indexOf(file) < at);
  if (twice !== undefined) throw new Error(`Two pieces of the page have ${twice} in them.`);
}

const exportOf = (file, words) => `export { ${words.join(', ')} } from ${JSON.stringify(file)};`;

/** Leaves what is imported by `import()` out; `names` gets the files, by the names of their pieces. */
function putApart(onResolve, names) {
  onResolve(isRelative, ({ path, kind, resolveDir }) => {
    if (kind !== 'dynamic-import') return undefined;
    const file = join(resolveDir, path);
    const name = basename(file, '.ts');
    if ((names.get(name) ?? file) !== file) throw new Error(`Two pieces of the page are called "${name}".`);
    names.set(name, file);
    return { path: `${pieces}/${name}.js`, external: true };
  });
}

/** The files of the script itself, and those of its pieces by their names. */
async function readPieces(entry, options) {
  const names = new Map();
  const apart = { name: 'put apart', setup: ({ onResolve }) => putApart(onResolve, names) };
  const { metafile } = await build({ ...options, entryPoints: [entry], write: false, plugins: [apart] });
  return { inputs: new Set(Object.keys(metafile.inputs).map((file) => resolve(file))), names };
}

/** What the pieces take from the script, by file. */
async function readShared(inputs, names, options) {
  const files = [...inputs];
  const { outputFiles } = await buildPieces(
    inputs,
    names,
    { ...options, minify: false, sourcemap: false, write: false },
    (file) => `script:${files.indexOf(file)}`,
  );
  const shared = new Map();
  for (const { text } of outputFiles) {
    for (const [, words, index] of text.matchAll(/^(?:im|ex)port ([^;"]*)"script:(\d+)";$/gm)) {
      const file = files[index];
      const [, list] = /^\{([^}]*)\} from $/.exec(words) ?? [];
      if (list === undefined) throw new Error(`A piece of the page takes all of ${file}.`);
      const known = shared.get(file) ?? new Set();
      for (const word of list.split(',')) known.add(word.trim().split(' ', 1)[0]);
      shared.set(file, known);
    }
  }
  const all = [...shared.values()].flatMap((words) => [...words]);
  const twice = all.find((word, at) => all.indexOf(word) < at);
  if (twice !== undefined) throw new Error(`Pieces of the page take two things that are called "${twice}".`);
  return shared;
}

function buildPieces(inputs, names, options, placeOf = () => '../transcript.js') {
  const shared = {
    name: 'shared',
    setup({ onResolve }) {
      onResolve(isRelative, ({ path, resolveDir, kind }) => {
        const file = join(resolveDir, path);
        if (kind !== 'import-statement') return undefined;
        if (inputs.has(file)) return { path: placeOf(file), external: true, sideEffects: false };
        const name = basename(file, '.ts');
        return names.get(name) === file ? { path: `./${name}.js`, external: true } : undefined;
      });
    },
  };
  return build({
    ...options,
    entryPoints: Object.fromEntries(names),
    outdir: join(options.outdir, pieces),
    plugins: [shared],
  });
}
