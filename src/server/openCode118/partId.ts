/** The id of a text of a message of ours, after those of the texts that stand before it: the server sorts parts by their ids. */
export function partIdOf(messageId: string, index = 0): string {
  const first = messageId.replace(/^msg_/, 'prt_');
  return index === 0 ? first : `${first}${String(index).padStart(3, '0')}`;
}

/** The id of a text that is put behind all others of a message, whoever made those. */
export function partIdAfter(messageId: string, ids: readonly string[]): string {
  const last = ids.toSorted().at(-1);
  return last === undefined ? partIdOf(messageId) : `${last}z`;
}
