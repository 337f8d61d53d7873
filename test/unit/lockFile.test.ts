import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Entry {
  readonly version?: string;
  readonly integrity?: string;
  readonly resolved?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** The registry that the lock file was made with has only the program for Linux on x64: of these it knows nothing. */
const unrecorded = [
  'opencode-darwin-arm64@1.18.33',
  'opencode-darwin-x64@1.18.33',
  'opencode-darwin-x64-baseline@1.18.33',
  'opencode-linux-arm64@1.18.33',
  'opencode-linux-arm64-musl@1.18.33',
  'opencode-linux-x64-baseline-musl@1.18.33',
  'opencode-linux-x64-musl@1.18.33',
  'opencode-windows-arm64@1.18.33',
  'opencode-windows-x64@1.18.33',
  'opencode-windows-x64-baseline@1.18.33',
];

const text = readFileSync(join(import.meta.dirname, '..', '..', 'package-lock.json'), 'utf8');
const { packages } = JSON.parse(text) as { readonly packages: Readonly<Record<string, Entry>> };

describe('the lock file', () => {
  it('names the packages of every platform, so that npm ci takes it everywhere', () => {
    const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies).filter(
        (name) =>
          packages[`node_modules/${name}`] === undefined &&
          packages[`${path}/node_modules/${name}`] === undefined,
      ),
    );
    assert.deepEqual(missing, []);
  });

  it('says what each package consists of, so that no other is taken in its place', () => {
    const unknown = Object.entries(packages).filter(
      ([path, { integrity }]) => path !== '' && integrity === undefined,
    );
    assert.deepEqual(
      unknown.map(([path, { version }]) => `${path.replace(/^.*node_modules\//, '')}@${version}`),
      unrecorded,
    );
  });

  it('carries no download addresses', () => {
    const addressed = Object.entries(packages).filter(([, { resolved }]) => resolved !== undefined);
    assert.deepEqual(addressed, []);
  });
});
