import type { Metadata } from './tool.ts';

// The scripts of the tests call tools by their names of 1.18; this server records what it would be called with.

const names: Readonly<Record<string, string>> = { bash: 'shell', task: 'subagent', apply_patch: 'patch' };

const keys: Readonly<Record<string, string>> = {
  filePath: 'path',
  subagent_type: 'agent',
  task_id: 'sessionID',
};

export function toToolName(name: string): string {
  return names[name] ?? name;
}

/** Renames the arguments of a tool of this server's own; those of plugins are theirs. */
export function toToolInput(input: Metadata): Metadata {
  return Object.fromEntries(Object.entries(input).map(([key, value]) => [keys[key] ?? key, value]));
}
