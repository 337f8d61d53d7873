import { connectionPromises } from './connectionPromises.ts';
import type { PromiseOfPort } from './promise.ts';
import { requestPromises } from './requestPromises.ts';
import { sessionPromises } from './sessionPromises.ts';
import { turnPromises } from './turnPromises.ts';

/** All that the port promises, in the order in which the README lists it. */
export const promises: readonly PromiseOfPort[] = [
  ...sessionPromises,
  ...turnPromises,
  ...requestPromises,
  ...connectionPromises,
];
