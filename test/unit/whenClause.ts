/** The values of context keys; a key that is absent is unset. */
export type Keys = Readonly<Record<string, string | boolean | number | undefined>>;

/** Whether a `when` clause of package.json holds, as far as ours go: `&&` before `||`, `!`, `==`, `!=` and `=~`, no brackets. */
export function holds(when: string | undefined, keys: Keys): boolean {
  if (when === undefined) return true;
  return splitOutside(when, '||').some((some) =>
    splitOutside(some, '&&').every((term) => isTrue(term.trim(), keys)),
  );
}

/** Splits at a sign, but not within a regular expression. */
function splitOutside(text: string, sign: string): string[] {
  const pieces = [''];
  let isRegex = false;
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === '/' && text[at - 1] !== '\\') isRegex = !isRegex;
    if (!isRegex && text.startsWith(sign, at)) {
      pieces.push('');
      at += sign.length - 1;
    } else pieces.push(`${pieces.pop() ?? ''}${text[at] ?? ''}`);
  }
  return pieces;
}

function isTrue(term: string, keys: Keys): boolean {
  const [, key = '', operator = '', value = ''] = /^([\w.]+)\s*(==|!=|=~)\s*(.+)$/.exec(term) ?? [];
  const found = String(keys[key] ?? '');
  switch (operator) {
    case '==':
      return found === value.replaceAll("'", '');
    case '!=':
      return found !== value.replaceAll("'", '');
    case '=~':
      return new RegExp(value.slice(1, -1)).test(found);
    default:
      return term.startsWith('!') ? !isSet(keys[term.slice(1).trim()]) : isSet(keys[term]);
  }
}

function isSet(value: Keys[string]): boolean {
  return value !== undefined && value !== false && value !== '' && value !== 0;
}
