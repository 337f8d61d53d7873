import { join } from 'node:path';
import { repository } from '../workbench/extensionCopy.ts';

/** The file of a picture of the README. */
export function picture(name: string): string {
  return join(repository, 'media', 'screenshots', `${name}.png`);
}
