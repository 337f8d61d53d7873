import type { ComposerDraft } from '../../protocol/page/composer.ts';
import { withoutUndefined } from '../withoutUndefined.ts';

/** Whether nothing stands in the composer that could be lost. */
export function isEmptyDraft({ text, attachments = [] }: ComposerDraft): boolean {
  return text.trim() === '' && attachments.length === 0;
}

/** Two drafts of one composer as one, a blank line between their texts; of what was picked the later counts. */
export function joinDrafts(earlier: ComposerDraft, later: ComposerDraft): ComposerDraft {
  const mentions = [...(earlier.mentions ?? []), ...(later.mentions ?? [])];
  const attachments = [...(earlier.attachments ?? []), ...(later.attachments ?? [])];
  return withoutUndefined({
    text: [earlier.text, later.text].filter((text) => text.trim() !== '').join('\n\n'),
    agent: later.agent ?? earlier.agent,
    model: later.model ?? earlier.model,
    attachments: attachments.length > 0 ? attachments : undefined,
    mentions: mentions.length > 0 ? mentions : undefined,
  });
}
