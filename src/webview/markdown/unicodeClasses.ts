// Stands in the bundle for `uc.micro`, of which markdown-it uses these two: the browser knows them itself.

/** Punctuation. */
export const P = /^\p{P}/u;
/** Symbols. */
export const S = /^\p{S}/u;
