import type { KnownProvider } from '../ports/signIn.ts';

/** By how many people look for them, as OpenCode's own list has it. */
const popular = [
  'opencode',
  'anthropic',
  'openai',
  'github-copilot',
  'google',
  'openrouter',
  'xai',
  'amazon-bedrock',
  'azure',
];

/** Those that most people look for first, then by name. */
export function inOrderOfUse(providers: readonly KnownProvider[]): readonly KnownProvider[] {
  const rank = ({ id }: KnownProvider): number => {
    const index = popular.indexOf(id);
    return index === -1 ? popular.length : index;
  };
  return providers.toSorted((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name));
}
