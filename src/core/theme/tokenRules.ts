import * as z from 'zod';

/** What a colour theme says of one scope, e.g. of `string.quoted`. */
export interface TokenRule extends TokenStyle {
  readonly scope: string;
}

/** Undefined is what is not said. */
export interface TokenStyle {
  /** `#` and 3, 4, 6 or 8 hexadecimal digits. */
  readonly colour?: string | undefined;
  /** Words as `italic bold`; an empty one takes those of a shorter scope away. */
  readonly fontStyle?: string | undefined;
}

const Settings = z.object({
  foreground: z
    .string()
    .regex(/^#(?:[\da-f]{3,4}|[\da-f]{6}|[\da-f]{8})$/i)
    .optional()
    .catch(undefined),
  fontStyle: z.string().optional().catch(undefined),
});
const Rule = z.object({
  scope: z.union([z.array(z.string()), z.string().transform((scopes) => scopes.split(','))]),
  settings: Settings,
});
const Customizations = z.record(z.string(), z.unknown());

/** What each of the setting's short names stands for, as in VS Code (1.139). */
const groups: Readonly<Record<string, readonly string[]>> = {
  comments: ['comment', 'punctuation.definition.comment'],
  strings: ['string', 'meta.embedded.assembly'],
  keywords: ['keyword.control', 'storage', 'storage.type'],
  numbers: ['constant.numeric'],
  types: ['entity.name.type', 'entity.name.class', 'support.type', 'support.class'],
  functions: ['entity.name.function', 'support.function'],
  variables: ['variable', 'entity.name.variable'],
};

/**
 * The rules in a theme's `tokenColors`; what is not a rule is left out, and so are selectors that ask for more than one
 * scope. A rule without a scope says nothing: the colour of plain code is `editor.foreground`.
 */
export function parseTokenRules(value: unknown): TokenRule[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((each: unknown) => {
    const { data } = Rule.safeParse(each);
    return data === undefined ? [] : toRules(data.scope, data.settings);
  });
}

/** The rules in the setting `editor.tokenColorCustomizations` for a theme; those that name it come last and so win. */
export function parseCustomRules(setting: unknown, theme: string): TokenRule[] {
  const { data } = Customizations.safeParse(setting);
  if (data === undefined) return [];
  const named = Object.keys(data).filter((key) => isAboutTheme(key, theme));
  return [data, ...named.map((key) => data[key])].flatMap(parseCustomization);
}

/** How what has this scope looks: of what is said of it and of its beginnings, the longest counts, of equals the last. */
export function styleOfScope(rules: readonly TokenRule[], scope: string): TokenStyle {
  const fitting = rules
    .filter((rule) => scope === rule.scope || scope.startsWith(`${rule.scope}.`))
    .sort((one, other) => one.scope.length - other.scope.length);
  return {
    colour: fitting.findLast(({ colour }) => colour !== undefined)?.colour,
    fontStyle: fitting.findLast(({ fontStyle }) => fontStyle !== undefined)?.fontStyle,
  };
}

function parseCustomization(part: unknown): TokenRule[] {
  const { data = {} } = Customizations.safeParse(part);
  const grouped = Object.entries(groups).flatMap(([name, scopes]) => {
    const value = data[name];
    const settings = Settings.safeParse(typeof value === 'string' ? { foreground: value } : value);
    return settings.success ? toRules(scopes, settings.data) : [];
  });
  return [...grouped, ...parseTokenRules(data['textMateRules'])];
}

function toRules(
  scopes: readonly string[],
  { foreground, fontStyle }: z.infer<typeof Settings>,
): TokenRule[] {
  return scopes
    .map((scope) => scope.trim())
    .filter((scope) => scope !== '' && !/[\s>]/.test(scope))
    .map((scope) => ({ scope, colour: foreground, fontStyle }));
}

/** Keys as `[Dark+]`, `[*Dark*]` or several of these. */
function isAboutTheme(key: string, theme: string): boolean {
  return [...key.matchAll(/\[([^[\]]+)\]/g)].some(([, name = '']) => fits(name, theme));
}

function fits(name: string, theme: string): boolean {
  const text = name.replace(/^\*/, '').replace(/\*$/, '');
  const [isEnd, isStart] = [name.startsWith('*'), name.endsWith('*')];
  if (isEnd && isStart) return theme.includes(text);
  if (isEnd) return theme.endsWith(text);
  return isStart ? theme.startsWith(text) : theme === name;
}
