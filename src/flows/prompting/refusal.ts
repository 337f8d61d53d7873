import { Problem } from '../../core/errors.ts';
import { l10n } from '../../core/l10n.ts';
import type { Prompt } from '../../core/ports/openCode.ts';
import type { RunError } from '../../protocol/records.ts';

/**
 * Whether an error of the session that came before the message of this prompt says that the message does not come. A
 * file that cannot be read is told in the same way, and its message comes all the same, perhaps only when a plugin is
 * done with it (1.18): where files are sent, the words have to name what makes the prompt impossible.
 */
export function isRefusal({ data }: RunError, { agent, parts }: Pick<Prompt, 'agent' | 'parts'>): boolean {
  const hasFiles = parts.some(({ type }) => type === 'file');
  return !hasFiles || data.message?.startsWith(`Agent not found: "${agent}"`) === true;
}

export function describeRefusal({ data, name }: RunError): Problem {
  return new Problem(l10n.t('OpenCode refused the prompt: {0}', data.message ?? name));
}
