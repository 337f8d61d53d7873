import * as z from 'zod';

/** Routes that are called otherwise in another patch version. */
export interface Variants {
  readonly inbox: 'inbox' | 'pending';
  /** What waits can be taken back. */
  readonly canCancel: boolean;
  readonly rename: 'PATCH' | 'rename';
  readonly unrevert: { readonly method: 'DELETE' | 'POST'; readonly path: string };
  readonly forms: '/api/form' | '/api/form/request';
  readonly rejectForm: { readonly method: 'DELETE' | 'POST'; readonly path: string };
  /** Before the routes of export and import. */
  readonly experimental: '/api/experimental' | '/api';
  readonly hasDiff: boolean;
}

const Description = z.object({ paths: z.record(z.string(), z.record(z.string(), z.unknown()).catch({})) });

/**
 * The variants by the server's own `/openapi.json`; without one, those of 2.0.26. Fields of bodies need none: the server
 * passes over what it does not know, so that both names of a field go together.
 */
export function readVariants(description: unknown): Variants {
  const { paths } = Description.safeParse(description).data ?? {};
  const known = new Map(
    Object.entries(paths ?? {}).map(([path, methods]) => [path.replaceAll(/\{[^{}]*\}/g, '*'), methods]),
  );
  const has = (path: string, method?: string): boolean => {
    if (paths === undefined) return true;
    const methods = known.get(path);
    return methods !== undefined && (method === undefined || method in methods);
  };
  const session = '/api/session/*';
  return {
    inbox: has(`${session}/inbox`) ? 'inbox' : 'pending',
    canCancel: has(`${session}/inbox/*`, 'delete'),
    rename: has(session, 'patch') ? 'PATCH' : 'rename',
    unrevert: has(`${session}/revert`, 'delete')
      ? { method: 'DELETE', path: 'revert' }
      : { method: 'POST', path: 'revert/clear' },
    forms: has('/api/form') ? '/api/form' : '/api/form/request',
    rejectForm: has(`${session}/form/*`, 'delete')
      ? { method: 'DELETE', path: '' }
      : { method: 'POST', path: '/cancel' },
    experimental: has('/api/experimental/session/*/export') ? '/api/experimental' : '/api',
    hasDiff: has(`${session}/diff`),
  };
}
