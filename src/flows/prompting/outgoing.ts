import type { OpenCode, Prompt } from '../../core/ports/openCode.ts';
import type { DeliveryEntry } from '../../core/prompts/delivery.ts';
import { partIdOf } from '../../core/turns/messageId.ts';
import type { PromptTarget } from '../../core/turns/promptTarget.ts';

/** What can be sent to a session. Its message id is ours and stays the same when it is sent again. */
export type Outgoing =
  | { readonly kind: 'prompt'; readonly prompt: Prompt & { readonly messageId: string } }
  | {
      readonly kind: 'command';
      readonly command: Parameters<OpenCode['runCommand']>[1] & { readonly messageId: string };
    }
  | {
      readonly kind: 'shell';
      readonly shell: Parameters<OpenCode['runShell']>[1] & { readonly messageId: string };
    };

/** One text for who is to answer it, under ids that stay the same when it is sent again. */
export function textPrompt(
  messageId: string,
  { agent, model, text }: PromptTarget & { readonly text: string },
): Outgoing {
  const parts = [{ type: 'text' as const, id: partIdOf(messageId), text }];
  return { kind: 'prompt', prompt: { messageId, agent, model, parts } };
}

/** So many characters of what is sent are kept with what is known of it. */
const textLimit = 200;

export function messageIdOf(outgoing: Outgoing): string {
  switch (outgoing.kind) {
    case 'prompt':
      return outgoing.prompt.messageId;
    case 'command':
      return outgoing.command.messageId;
    case 'shell':
      return outgoing.shell.messageId;
  }
}

export function wordsOf(outgoing: Outgoing): Pick<DeliveryEntry, 'agent' | 'text' | 'hasFiles'> {
  switch (outgoing.kind) {
    case 'prompt': {
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
