// Stands in the bundle for `entities`, of which markdown-it uses this one: the browser knows the names itself.

const known = new Map<string, string>();

/** The characters that `entity`, e.g. `&amp;`, stands for; itself if there is no such name. */
export function decodeHTMLStrict(entity: string): string {
  const decoded = known.get(entity) ?? decode(entity);
  known.set(entity, decoded);
  return decoded;
}

/** Nothing but one name comes here, and what is made of it is read as text. */
function decode(entity: string): string {
  // White space alone would be dropped.
  const { body } = new DOMParser().parseFromString(`x${entity}`, 'text/html');
  const decoded = (body.textContent ?? '').slice(1);
  // Of a name that only begins like another the browser takes that beginning.
  return decoded.endsWith(';') && entity !== '&semi;' ? entity : decoded;
}
