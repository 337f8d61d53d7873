import * as z from 'zod';

// What an editor and the companions in a server's process say to each other, as texts that the server tells to all who listen to it.

const name = 'opencode-sessions';

/** Whatever we have a server tell to all begins so. */
export const signPrefix = `${name}.`;

/** Asks the companion of a directory who it is. */
export const companionQuestion = `${signPrefix}companion?`;

const answerPrefix = `${signPrefix}companion:`;

/** The hooks that a server calls of a companion while it loads it, unless the companion names others. */
export const calledAtOnce: readonly string[] = ['config', 'event'];

const Answer = z.object({
  version: z.string().max(100),
  /** The hooks that the server has called so far. */
  hooks: z.array(z.string().max(100)).max(100),
  /** Those that every server of its generation calls as soon as it lives; absent: `calledAtOnce`. */
  atOnce: z.array(z.string().max(100)).max(100).optional().catch(undefined),
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

/** How the companion is asked where the server passes that on to plugins: the id of the plugin, and its methods, which are the names of what it tells, too. */
export const companionRpc = {
  plugin: name,
  /** Given `{ text }`, and of whoever asks who it is `{ url, password }` of the server; it tells `{ text }` to all. */
  sign: 'sign',
  /** Given `{ sessionID }`, answers `{ todos }`; it tells `{ sessionID, todos }` whenever an agent wrote them. */
  todos: 'todos',
} as const;

/** The type of the events by which it tells signs. */
export const signEventType = `rpc.${companionRpc.plugin}.${companionRpc.sign}`;

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
