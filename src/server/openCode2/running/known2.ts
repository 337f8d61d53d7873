import * as z from 'zod/mini';
import type { Dialect } from '../../dialect/dialect.ts';
import { askInfo, Info, infoPath } from './info.ts';
import { readService, serviceFile } from './serviceFile.ts';

const Locked = z.object({ _tag: z.literal('UnauthorizedError') });

/** How servers of 2.x are known and found, and which of them are spoken with: before one is asked for anything else. */
export const known2 = {
  name: '2.x',
  // Before 2.0.5 sessions have no metadata.
  series: { generation: 2, oldest: 0, oldestPatch: 5, newest: 0 },
  introduction: {
    path: infoPath,
    // Everything is refused in these words, this path too (2.0.26).
    asksForPassword: (body) => Locked.safeParse(body).success,
    read: (body, status) => (status === 200 ? Info.safeParse(body).data?.version : undefined),
  },
  guardedPath: '/api/session/active',
  service: {
    file: serviceFile,
    read: readService,
    identify: async (endpoint) => (await askInfo(endpoint))?.pid,
  },
} satisfies Pick<Dialect, 'name' | 'series' | 'introduction' | 'guardedPath' | 'service'>;
