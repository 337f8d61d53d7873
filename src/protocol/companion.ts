import * as z from 'zod';

// What an editor and the companions in a server's process say to each other, as texts that the server tells to all who listen to it.

const name = 'opencode-sessions';

/** Whatever we have a server tell to all begins so. */
export const signPrefix = `${name}.`;

/** Asks the companion of a directory who it is. */
export const companionQuestion = `${signPrefix}companion?`;

const answerPrefix = `${signPrefix}companion:`;

const Answer = z.object({
  version: z.string().max(100),
  /** The hooks that the server has called so far. */
  hooks: z.array(z.string().max(100)).max(100),
  /** Whether it brings to agents what a person changed in their todos; an earlier one does not. */
  todos: z.literal(true).optional().catch(undefined),
  /** Proves, for `stopAllWords`, that it looks at the same Stop All as whoever can prove the same; an earlier one looks at none. */
  stopAll: z.string().max(200).optional().catch(undefined),
});
export type CompanionAnswer = z.infer<typeof Answer>;

/** What a companion of this directory proves about Stop All. */
export function stopAllWords(directory: string): readonly unknown[] {
  return ['stopAll', directory];
}

export function printCompanionAnswer(answer: CompanionAnswer): string {
  return `${answerPrefix}${JSON.stringify(answer)}`;
}

/** Undefined for every text that is no answer. */
export function parseCompanionAnswer(text: string): CompanionAnswer | undefined {
  if (!text.startsWith(answerPrefix)) return undefined;
  try {
    return Answer.safeParse(JSON.parse(text.slice(answerPrefix.length))).data;
  } catch {
    return undefined;
  }
}

/** What the companion is called where it stands among other plugins as a file. */
export const companionFileName = `${name}.js`;

/** By this option a companion is known that was handed to a server under another name. */
const handedInBy = name;

/** What a server of ours is handed as the companion's options. */
export function companionOptions(options: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return { ...options, handedInBy };
}

const Plugin = z.union([z.string(), z.tuple([z.string()], z.unknown())]);

/** Whether a plugin of a server's configuration is the companion. */
export function isCompanionPlugin(plugin: unknown): boolean {
  const named = Plugin.safeParse(plugin).data;
  if (named === undefined) return false;
  const [address, options] = typeof named === 'string' ? [named, undefined] : named;
  if (address.split(/[\\/]/).at(-1) === companionFileName) return true;
  return z.object({ handedInBy: z.literal(handedInBy) }).safeParse(options).success;
}

/** The commands that the companion adds for people at a terminal, and what they are described by. */
export const companionCommands = {
  handoff: 'Go on in a fresh session that knows what matters',
  relay: 'Pass the turn to another agent of this session: /relay <agent> <text>',
  fork: 'Go on in a copy of this session: /fork <text>',
  sessions: 'List the sessions of this project',
} as const;

/** Whether a command of a server is one of those: an editor has verbs of its own, which it would stand in the way of. */
export function isCompanionCommand({
  name,
  description,
}: {
  readonly name: string;
  readonly description?: string | undefined;
}): boolean {
  return Object.entries(companionCommands).some(([ours, words]) => ours === name && words === description);
}
