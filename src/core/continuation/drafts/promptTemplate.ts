/**
 * What a template may ask for, by name. A template is Markdown with `{{name}}` in it; a line that holds
 * nothing but placeholders with nothing in them is left out.
 */
const placeholders = {
  summary: 'The current state in 1 to 3 sentences',
  goal: 'What the next session is to reach',
  blocked: 'What blocks the work',
  todos: 'The todo list: done of total, in progress, pending',
  todoInstruction: 'The instruction to write the open todos first',
  files: 'The files touched, sources before tests and by the lines changed',
  decisions: 'Decisions with their reasons',
  failed: 'What was tried and did not work',
  next: 'The next steps',
  careful: 'What the answers warn of',
  open: 'The questions that are open',
  requests: "The user's own requests, quoted",
  git: 'Branch and size of the changes',
  conclusion: 'What the last answer said',
  title: 'The title of the source session',
  session: 'The id of the source session',
  agent: 'The agent that goes on',
  previousAgent: 'The agent that answered last',
  prompt: 'What the user typed',
  service: 'The name of the folder that a brief is for',
  folder: 'The path of that folder in its workspace folder',
} as const;

export type PlaceholderName = keyof typeof placeholders;
export type PlaceholderValues = Partial<Record<PlaceholderName, string>>;

/** Fills a template. An unknown placeholder stays as it is written, so that it is seen. */
export function fillTemplate(template: string, values: PlaceholderValues): string {
  return fillNames(template, values, isPlaceholder);
}

/** The same of a template that may ask for anything among the values. */
export function fillNames(
  template: string,
  values: Readonly<Record<string, string | undefined>>,
  isKnown = (name: string): boolean => Object.hasOwn(values, name),
): string {
  const lines = template.split(/\r?\n/).flatMap((line) => fillLine(line, values, isKnown));
  return lines
    .join('\n')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim();
}

/** Whether the text that a template makes may hold this. */
export function usesPlaceholder(template: string, wanted: PlaceholderName): boolean {
  return [...template.matchAll(pattern())].some(([, name]) => name === wanted);
}

function fillLine(
  line: string,
  values: Readonly<Record<string, string | undefined>>,
  isKnown: (name: string) => boolean,
): string[] {
  const names = [...line.matchAll(pattern())].map(([, name = '']) => name);
  const known = names.filter(isKnown);
  if (known.length > 0 && known.length === names.length && known.every((name) => !values[name])) return [];
  return [
    line.replaceAll(pattern(), (whole, name: string) => (isKnown(name) ? (values[name] ?? '') : whole)),
  ];
}

function isPlaceholder(name: string): boolean {
  return Object.hasOwn(placeholders, name);
}

/** A fresh one for each use: a global expression remembers where it stood. */
function pattern(): RegExp {
  return /\{\{\s*(\w+)\s*\}\}/g;
}
