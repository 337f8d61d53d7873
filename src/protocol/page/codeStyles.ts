/** What code is told apart by, beyond the words of highlight.js where colour themes know more. */
export type CodeKind =
  | 'comment'
  | 'keyword'
  /** Keywords as `return`, and those as `const`. */
  | 'control'
  | 'storage'
  | 'operator'
  | 'literal'
  | 'number'
  | 'string'
  | 'regexp'
  | 'escape'
  | 'symbol'
  | 'function'
  | 'builtin'
  | 'type'
  | 'variable'
  | 'constant'
  | 'self'
  | 'parameter'
  | 'property'
  | 'key'
  | 'jsonKey'
  | 'cssProperty'
  | 'selector'
  | 'tag'
  | 'tagMark'
  | 'attribute'
  | 'meta'
  | 'heading'
  | 'quote'
  | 'bullet'
  | 'inserted'
  | 'deleted';

export interface CodeStyle {
  /** `#` and hexadecimal digits; without one it has the colour of plain code. */
  readonly colour?: string;
  readonly italic: boolean;
  readonly bold: boolean;
}

export type CodeStyles = Readonly<Record<CodeKind, CodeStyle>>;
