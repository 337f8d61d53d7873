/** One thing that the scripted model does while it answers. */
export type Act =
  | { readonly kind: 'say' | 'think'; readonly text: string }
  | { readonly kind: 'repeat'; readonly times: number; readonly text: string }
  | { readonly kind: 'slow'; readonly tokensPerSecond: number }
  | { readonly kind: 'hold'; readonly name: string }
  | { readonly kind: 'fail'; readonly status: number; readonly times: number; readonly message: string }
  | { readonly kind: 'usage'; readonly input: number; readonly output: number }
  | { readonly kind: 'finish'; readonly reason: string }
  | { readonly kind: 'structured'; readonly value: unknown }
  | { readonly kind: 'tool'; readonly tool: string; readonly input: unknown };

/** What the model does in one step of the agent loop: it ends with its tool calls, or ends the turn. */
export type Step = readonly Act[];

const directive =
  /^\s*(say|think|repeat|slow|hold|fail|usage|finish|structured|tool|also)(?::[^\S\n]?|[^\S\n]*$)(.*)$/;

/**
 * Reads a prompt as a script of steps, or answers undefined for a prompt that has no directives in it.
 *
 * A directive stands at the beginning of a line, or behind ` ;; ` on the same line. Lines without a
 * directive go on with the text of the directive before them. `\n` in a text is a line break.
 *
 * - `say: text` and `think: text` stream an answer or reasoning
 * - `repeat: 200 text` streams the text so many times
 * - `slow: 20` streams what follows with so many tokens a second
 * - `hold: name` waits for `release(name)`
 * - `fail: 503 x2 text` answers so many requests with that error (without `x2`: one; `x*`: all), then goes on
 * - `usage: 9000 50` claims so many input and output tokens
 * - `finish: length` ends the step with that reason
 * - `tool: name {"json":1}` calls a tool and ends the step; `also: name {}` calls another one beside it
 * - `structured: {"json":1}` is the answer where a JSON schema is asked for
 */
export function parseScript(prompt: string): Step[] | undefined {
  const steps: Act[][] = [];
  let step: Act[] = [];
  let found = false;
  for (const [name, text] of readDirectives(prompt)) {
    found = true;
    if (name === 'also') {
      steps.at(-1)?.push(toToolAct(text));
      continue;
    }
    const act = toAct(name, text);
    step.push(act);
    if (act.kind !== 'tool') continue;
    steps.push(step);
    step = [];
  }
  if (!found) return undefined;
  if (step.length > 0) steps.push(step);
  return steps;
}

function readDirectives(prompt: string): [name: string, text: string][] {
  const directives: [string, string][] = [];
  for (const line of prompt.split(/\n|\s;;\s/)) {
    const [, name, text] = directive.exec(line) ?? [];
    const before = directives.at(-1);
    if (name !== undefined) directives.push([name, text ?? '']);
    else if (before !== undefined) before[1] += `\n${line}`;
  }
  return directives;
}

function toAct(name: string, text: string): Act {
  const [first = '', ...rest] = text.trim().split(' ');
  switch (name) {
    case 'say':
    case 'think':
      return { kind: name, text: unescape(text.trimEnd()) };
    case 'repeat':
      return { kind: 'repeat', times: Number(first), text: unescape(`${rest.join(' ')} `) };
    case 'slow':
      return { kind: 'slow', tokensPerSecond: Number(first) };
    case 'hold':
      return { kind: 'hold', name: first };
    case 'fail':
      return toFailAct(Number(first), rest);
    case 'usage':
      return { kind: 'usage', input: Number(first), output: Number(rest[0] ?? 10) };
    case 'finish':
      return { kind: 'finish', reason: first };
    case 'structured':
      return { kind: 'structured', value: parseJson(text) };
    default:
      return toToolAct(text);
  }
}

function toToolAct(text: string): Act {
  const [, tool = '', input = ''] = /^\s*(\S+)\s*([^]*)$/.exec(text) ?? [];
  return { kind: 'tool', tool, input: input.trim() === '' ? {} : parseJson(input) };
}

function toFailAct(status: number, words: readonly string[]): Act {
  const [, count] = /^x(\d+|\*)$/.exec(words[0] ?? '') ?? [];
  const times = count === '*' ? Infinity : Number(count ?? 1);
  const message = words.slice(count === undefined ? 0 : 1).join(' ');
  return { kind: 'fail', status, times, message: message || 'scripted failure' };
}

function unescape(text: string): string {
  return text.replaceAll('\\n', '\n');
}

/** A script with a typing error shall show itself in the answer, where its writer looks. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new SyntaxError(`The script holds no JSON: ${text.trim()}`, { cause: error });
  }
}
