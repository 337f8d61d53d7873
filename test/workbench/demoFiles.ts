/** The paths of the demo's small shop that its scripts speak of. */
export const shop = {
  basket: 'src/basket.ts',
  readme: 'README.md',
  server: 'src/server.ts',
  signIn: 'src/signIn.ts',
} as const;

/** The files of the demo's workspace, by their paths. */
export const demoFiles: Readonly<Record<string, string>> = {
  'package.json': `{
  "name": "corner-shop",
  "private": true,
  "type": "module",
  "scripts": { "test": "node --test" }
}
`,
  [shop.readme]: `# Corner shop

A small web shop: a basket, a sign-in, a route table.

- \`src/basket.ts\` sums prices, in whole cents
- \`src/signIn.ts\` checks a name and a password
- \`src/server.ts\` says which route calls what
`,
  [shop.basket]: `export interface Line {
  readonly name: string;
  readonly cents: number;
  readonly count: number;
  /** As a fraction, e.g. 0.19. */
  readonly taxRate: number;
}

export function sum(lines: readonly Line[]): number {
  return lines.reduce((total, { cents, count }) => total + cents * count, 0);
}

export function tax(lines: readonly Line[]): number {
  return lines.reduce((total, { cents, count, taxRate }) => total + Math.round(cents * count * taxRate), 0);
}
`,
  [shop.signIn]: `import { timingSafeEqual } from 'node:crypto';

const people = new Map([['ada', 'lovelace']]);

export function signIn(name: string, password: string): boolean {
  const known = Buffer.from(people.get(name) ?? '');
  const given = Buffer.from(password);
  return known.length === given.length && known.length > 0 && timingSafeEqual(known, given);
}
`,
  [shop.server]: `import { createServer } from 'node:http';
import { sum } from './basket.ts';
import { signIn } from './signIn.ts';

const routes: Record<string, (query: URLSearchParams) => unknown> = {
  '/basket': () => ({ cents: sum([]) }),
  '/sign-in': (query) => ({ welcome: signIn(query.get('name') ?? '', query.get('password') ?? '') }),
};

export const server = createServer((request, response) => {
  const url = new URL(request.url ?? '/', 'http://shop.invalid');
  const route = routes[url.pathname];
  response.statusCode = route ? 200 : 404;
  response.end(JSON.stringify(route?.(url.searchParams) ?? {}));
});
`,
  'test/basket.test.ts': `import assert from 'node:assert/strict';
import test from 'node:test';
import { sum } from '../src/basket.ts';

test('sums whole cents', () => {
  assert.equal(sum([{ name: 'Tea', cents: 349, count: 2, taxRate: 0.07 }]), 698);
});
`,
};
