/** How a text is typed that is to be sent as it stands: one that begins like a command has a blank in front. */
export function typedAsText(text: string): string {
  return /^ *[!/]/.test(text) ? ` ${text}` : text;
}

/** The word behind a slash that a text begins with, and what stands behind it. */
export function splitSlash(text: string): { readonly name: string; readonly rest: string } | undefined {
  const [, name, rest = ''] = /^\/(\S+)(?:\s+([\s\S]*))?$/.exec(text.trimEnd()) ?? [];
  return name === undefined ? undefined : { name, rest };
}
