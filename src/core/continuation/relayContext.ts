import { shorten } from './shorten.ts';
import type { Gathered } from './gathered.ts';

/** One line for the next agent: who finished what, and which files it touched. Empty for a session in which nothing was said. */
export function buildRelayContext({ agent, conclusion, lastTurn }: Gathered): string {
  const { files } = lastTurn;
  const said = conclusion === undefined ? '' : ` finished: "${shorten(conclusion, 160)}"`;
  const shown = files.slice(0, 5);
  const more = files.length - shown.length;
  const touched = shown.length === 0 ? '' : `Files: ${shown.join(', ')}${more > 0 ? `, ${more} more` : ''}.`;
  if (said === '' && touched === '') return '';
  const who = said === '' ? '' : `The ${lastTurn.agent ?? agent ?? 'last'} agent${said}`;
  return [who, touched].filter((entry) => entry !== '').join(' ');
}
