/**
 * About how many tokens a model makes of `text`: a quarter of its characters for Latin scripts, one for each
 * character of scripts without spaces. For a number beside a draft, not for accounts.
 */
export function estimateTokens(text: string): number {
  const dense = text.match(/[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]/g)?.length ?? 0;
  return Math.ceil((text.length - dense) / 4) + dense;
}
