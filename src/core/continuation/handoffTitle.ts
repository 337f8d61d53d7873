import { readMarkdown } from './digest/markdown.ts';
import { sayShort } from './digest/say.ts';
import { isUnnamed } from '../sessions/unnamed.ts';
import { shorten } from './shorten.ts';

const titleLength = 60;

/**
 * `Handoff: T`; of a session that is itself one, `Handoff 2: T`. A session that the server has not named yet
 * gets the first words of the summary.
 */
export function handoffTitle(sourceTitle: string, summary: string): string {
  const match = /^Handoff(?: (\d+))?: (.*)$/s.exec(sourceTitle.trim());
  const hop = match === null ? 1 : Number(match[1] ?? 1) + 1;
  const name = match?.[2]?.trim() ?? sourceTitle.trim();
  const shown = isUnnamed(name) ? firstWords(summary) : shorten(name, titleLength);
  return `Handoff${hop === 1 ? '' : ` ${hop}`}: ${shown}`;
}

function firstWords(summary: string): string {
  const words = sayShort(readMarkdown(summary), titleLength);
  return words === '' ? 'untitled session' : shorten(words, titleLength);
}
