/**
 * What a relay asks for, without the line that says whose words they are (`sentByAgent.ts`) or what was done last
 * (`relayContext.ts`) before it: where there is little room, that line would be all that is seen of each relay.
 */
export function relayOrder(text: string): string {
  const said = text.replace(/^\[(?:From the|Not from the user)[^\n]*\]\n\n(?=\S)/, '');
  return said.replace(/^The [^\n]{1,80}? agent finished[.:][^\n]*\n\n(?=\S)/, '');
}
