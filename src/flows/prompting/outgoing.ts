import type { OpenCode, Prompt } from '../../core/ports/openCode.ts';
import type { DeliveryEntry } from '../../core/prompts/delivery.ts';
import type { PromptTarget } from '../../core/turns/promptTarget.ts';

type Identified = Prompt & { readonly messageId: string };

/** What can be sent to a session. Its message id is ours and stays the same when it is sent again. */
export type Outgoing =
  | { readonly kind: 'prompt'; readonly prompt: Identified }
  /** It is stored, and nobody answers it. */
  | { readonly kind: 'told'; readonly prompt: Identified }
  /** It is answered by the JSON schema that it names. */
  | {
      readonly kind: 'extraction';
      readonly prompt: Identified;
      readonly schema: Record<string, unknown>;
    }
  | {
      readonly kind: 'command';
      readonly command: Parameters<OpenCode['runCommand']>[1] & { readonly messageId: string };
    }
  | {
      readonly kind: 'shell';
      readonly shell: Parameters<OpenCode['runShell']>[1] & { readonly messageId: string };
    };

/** One text for who is to answer it, under an id that stays the same when it is sent again. */
export function textPrompt(
  messageId: string,
  { agent, model, text }: PromptTarget & { readonly text: string },
  metadata?: Record<string, unknown>,
): Outgoing {
  const part = { type: 'text' as const, text, ...(metadata === undefined ? {} : { metadata }) };
  return { kind: 'prompt', prompt: { messageId, agent, model, parts: [part] } };
}

/** So many characters of what is sent are kept with what is known of it. */
const textLimit = 200;

export function messageIdOf(outgoing: Outgoing): string {
  switch (outgoing.kind) {
    case 'prompt':
    case 'told':
    case 'extraction':
      return outgoing.prompt.messageId;
    case 'command':
      return outgoing.command.messageId;
    case 'shell':
      return outgoing.shell.messageId;
  }
}

export function wordsOf(outgoing: Outgoing): Pick<DeliveryEntry, 'agent' | 'text' | 'hasFiles'> {
  switch (outgoing.kind) {
    case 'prompt':
    case 'told':
    case 'extraction': {
      const { agent, parts } = outgoing.prompt;
      const text = parts.map((part) => (part.type === 'text' ? part.text : '')).join('');
      const words = { agent, text: text.slice(0, textLimit) };
      return parts.some(({ type }) => type === 'file') ? { ...words, hasFiles: true } : words;
    }
    case 'command': {
      const { agent, name, arguments: given } = outgoing.command;
      return { agent, text: `/${name} ${given}`.trim().slice(0, textLimit) };
    }
    case 'shell':
      return { agent: outgoing.shell.agent, text: `!${outgoing.shell.command}`.slice(0, textLimit) };
  }
}
