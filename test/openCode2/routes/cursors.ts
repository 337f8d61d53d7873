import { invalidRequest } from '../state/apiError.ts';

export interface Page<Item> {
  readonly data: readonly Item[];
  readonly cursor: { readonly previous: string | null; readonly next: string | null };
}

export type Order = 'asc' | 'desc';

export function makeCursor(fields: object): string {
  return Buffer.from(JSON.stringify(fields)).toString('base64url');
}

export function readCursor(text: string): Record<string, unknown> {
  try {
    const fields: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    if (typeof fields === 'object' && fields !== null) return fields as Record<string, unknown>;
  } catch {
    // Said below.
  }
  throw invalidRequest('The cursor is malformed.', 'cursor', 'Query');
}

export function readLimit(query: URLSearchParams, most: number): number {
  const text = query.get('limit');
  if (text === null) return 50;
  const limit = Number(text);
  if (Number.isInteger(limit) && limit >= 1 && limit <= most) return limit;
  throw invalidRequest(`A limit is from 1 to ${most}.`, 'limit', 'Query');
}

export function readOrder(text: unknown): Order {
  if (text === null || text === undefined) return 'desc';
  if (text === 'asc' || text === 'desc') return text;
  throw invalidRequest('An order is asc or desc.', 'order', 'Query');
}

/**
 * The page behind an item of a list in its order, or before it; one that is not there has an empty page. Every page that
 * is not empty has a next one.
 */
export function cutPage<Item extends { readonly id: string }>(
  ordered: readonly Item[],
  limit: number,
  at: { readonly id: unknown; readonly direction: unknown } | undefined,
  toCursor: (item: Item, direction: 'next' | 'previous') => string,
): Page<Item> {
  let page = ordered.slice(0, limit);
  if (at !== undefined) {
    const index = ordered.findIndex(({ id }) => id === at.id);
    if (index < 0) page = [];
    else if (at.direction === 'previous') page = ordered.slice(Math.max(index - limit, 0), index);
    else page = ordered.slice(index + 1, index + 1 + limit);
  }
  const [first, last] = [page.at(0), page.at(-1)];
  return {
    data: page,
    cursor: {
      previous: first === undefined ? null : toCursor(first, 'previous'),
      next: last === undefined ? null : toCursor(last, 'next'),
    },
  };
}
