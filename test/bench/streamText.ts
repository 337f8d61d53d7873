import { createRandom, splitTokens, writeAnswer } from './answerText.ts';
import { ending } from './bigSessions.ts';

/** An answer of so many tokens, then the words that end it, in bold; the same for the same seed. */
export function writeStreamed(seed: number, tokens: number, words: string): string[] {
  const answer = splitTokens(writeAnswer(createRandom(seed * 7919), tokens * 5.5)).slice(0, tokens);
  // The cut may leave a code fence open, or a line that the end would belong to.
  const isInFence = (answer.join('').match(/^```/gm)?.length ?? 0) % 2 === 1;
  return [...answer, `\n${isInFence ? '```\n' : ''}\n**${ending(words)}**`];
}
