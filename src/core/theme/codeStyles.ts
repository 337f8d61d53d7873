import type { CodeKind, CodeStyle, CodeStyles } from '../../protocol/page/codeStyles.ts';
import { styleOfScope, type TokenRule } from './tokenRules.ts';

/** What the editor's grammars call each kind of code; the first name that a theme colours counts. */
const scopes: Readonly<Record<CodeKind, readonly string[]>> = {
  comment: ['comment.line', 'comment.block'],
  keyword: ['keyword.other', 'keyword.control', 'storage.type'],
  control: ['keyword.control.flow', 'keyword.other', 'storage.type'],
  storage: ['storage.type', 'storage.modifier', 'keyword.other', 'keyword.control'],
  operator: ['keyword.operator'],
  literal: ['constant.language.boolean'],
  number: ['constant.numeric.decimal'],
  string: ['string.quoted.double', 'string.quoted.single'],
  regexp: ['string.regexp'],
  escape: ['constant.character.escape'],
  symbol: ['constant.other.symbol', 'constant.character.entity'],
  function: ['entity.name.function', 'support.function'],
  builtin: ['support.function.builtin', 'entity.name.function'],
  type: ['entity.name.type.class', 'entity.name.class', 'support.class', 'support.type'],
  variable: ['variable.other.readwrite'],
  constant: ['variable.other.constant'],
  self: ['variable.language.this'],
  parameter: ['variable.parameter'],
  property: ['variable.other.property', 'meta.property-name'],
  key: ['meta.object-literal.key', 'variable.other.property', 'support.type.property-name'],
  jsonKey: ['support.type.property-name.json'],
  cssProperty: ['support.type.property-name.css'],
  selector: ['entity.other.attribute-name.class.css'],
  tag: ['entity.name.tag'],
  tagMark: ['punctuation.definition.tag'],
  attribute: ['entity.other.attribute-name'],
  meta: ['meta.preprocessor', 'keyword.control.directive', 'entity.name.function.decorator'],
  heading: ['markup.heading', 'entity.name.section'],
  quote: ['markup.quote'],
  bullet: ['punctuation.definition.list.begin.markdown', 'markup.list'],
  inserted: ['markup.inserted.diff'],
  deleted: ['markup.deleted.diff'],
};

/** How a theme with these rules shows each kind of code. */
export function resolveCodeStyles(rules: readonly TokenRule[]): CodeStyles {
  const styles = Object.entries(scopes).map(([kind, names]) => [kind, resolveStyle(rules, names)]);
  return Object.fromEntries(styles) as CodeStyles;
}

function resolveStyle(rules: readonly TokenRule[], names: readonly string[]): CodeStyle {
  const styles = names.map((name) => styleOfScope(rules, name));
  const { colour, fontStyle = '' } = styles.find(({ colour }) => colour !== undefined) ?? styles[0] ?? {};
  return {
    italic: fontStyle.includes('italic'),
    bold: fontStyle.includes('bold'),
    ...(colour !== undefined && { colour }),
  };
}
