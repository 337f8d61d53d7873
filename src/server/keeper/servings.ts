import type { Serving } from '../dialect/serving.ts';
import { serving118 } from '../openCode118/serving118.ts';
import { serving2 } from '../openCode2/running/serving2.ts';

/** How programs are run, by the names of their dialects. */
const servings: Readonly<Record<string, Serving>> = { '1.18': serving118, '2.x': serving2 };

/** How a program is run that speaks the dialect of this name. */
export function servingOf(dialect: string): Serving {
  const serving = servings[dialect];
  if (serving === undefined) throw new Error(`no dialect is called ${dialect}`);
  return serving;
}
