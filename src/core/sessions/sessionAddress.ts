/** Under it the editor's decorations, and what is dragged, know a session. Nothing can be opened under it. */
export const sessionScheme = 'opencode-session';

/** The sessions among addresses, of which one stands in each line. */
export function sessionsAmong(addresses: string): readonly string[] {
  const prefix = `${sessionScheme}:/`;
  const lines = addresses.split(/\r?\n/).filter((line) => line.startsWith(prefix));
  return lines.map((line) => line.slice(prefix.length));
}
