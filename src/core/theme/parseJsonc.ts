/** A text in quotes, which is kept, or what JSON does not know. */
const stringOrComment = /("(?:[^"\\]|\\[^])*"?)|\/\/[^\r\n]*|\/\*[^]*?(?:\*\/|$)/g;
const stringOrTrailingComma = /("(?:[^"\\]|\\[^])*"?)|,(?=\s*[}\]])/g;

/** Parses JSON as people write it for the editor: with comments and commas behind the last. Throws on other faults. */
export function parseJsonc(text: string): unknown {
  return JSON.parse(
    text
      .replace(/^\uFEFF/, '')
      .replaceAll(stringOrComment, '$1')
      .replaceAll(stringOrTrailingComma, '$1'),
  );
}
