/**
 * What the palette, a menu, a key or another extension runs. `argument` is a tree row, a session id or an
 * object (`SessionArgument`); `selection` are all the selected rows where several are. It resolves to the
 * id of the session that it made or acted on.
 */
export type Command = (argument?: unknown, selection?: unknown) => Promise<unknown>;
