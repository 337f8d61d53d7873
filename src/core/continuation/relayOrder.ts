/**
 * What a relay asks for, without the line of what was done last that stands before it (`relayContext.ts`): where there is
 * little room, that line would be all that is seen of each relay.
 */
export function relayOrder(text: string): string {
  return text.replace(/^The [^\n]{1,80}? agent finished[.:][^\n]*\n\n(?=\S)/, '');
}
