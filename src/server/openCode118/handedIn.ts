import { pathToFileURL } from 'node:url';
import { addToList, type HandIn } from '../dialect/handedIn.ts';

/** Lists of plugins are joined by the server (1.18.33). */
export const handIn: HandIn = (content, { file, options }) =>
  addToList(content, 'plugin', [pathToFileURL(file).href, options]);
