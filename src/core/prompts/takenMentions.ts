import type { ComposerDraft, TakenMention } from '../../protocol/page/composer.ts';
import { type LocatedMention, locateMentions } from './promptText.ts';

/** How a session is mentioned: by its title, in quotes, which it therefore has none of. */
export function toSessionWord(title: string): string {
  return `@"${title.replaceAll('"', '”').replaceAll(/\s+/g, ' ').trim()}"`;
}

/** Those of the mentions whose words stand in a text, each once, in the order of the text. */
export function standingMentions(text: string, taken: readonly TakenMention[]): readonly TakenMention[] {
  const byKey = new Map(taken.map((mention) => [keyOf(mention), mention]));
  return [...new Set(locateMentions(text).flatMap(({ key }) => byKey.get(key) ?? []))];
}

/** Where the word of a mention stands in a text, with the blank behind it. */
export function placesOf(
  { word }: TakenMention,
  text: string,
): readonly Pick<LocatedMention, 'start' | 'end'>[] {
  const wanted = keyOf({ word });
  return locateMentions(text)
    .filter(({ key }) => key === wanted)
    .map(({ start, end }) => ({ start, end: text[end] === ' ' ? end + 1 : end }));
}

/** The text of a draft as it is sent: with the ids of sessions, which is how an agent can find them. */
export function withSessionIds({ text, mentions = [] }: Pick<ComposerDraft, 'text' | 'mentions'>): string {
  const sessions = new Map(
    mentions
      .filter(({ sessionId }) => sessionId !== undefined)
      .map((mention) => [keyOf(mention), `“${mention.label}” (${mention.sessionId})`]),
  );
  let rest = 0;
  let sent = '';
  for (const { key, start, end } of locateMentions(text)) {
    const words = sessions.get(key);
    if (words === undefined) continue;
    sent += `${text.slice(rest, start)}${words}`;
    rest = end;
  }
  return `${sent}${text.slice(rest)}`;
}

const keyOf = ({ word }: Pick<TakenMention, 'word'>): string | undefined => locateMentions(word)[0]?.key;
