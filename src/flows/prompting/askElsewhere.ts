import { l10n } from '../../core/l10n.ts';

/** What a person is asked before a prompt begins a second run beside that of another process (1.18). */
export function askElsewhere(title: string): { message: string; detail: string; action: string } {
  return {
    message: l10n.t('“{0}” may still be at work in another OpenCode process.', title),
    detail: l10n.t(
      'Its last answer has no end, and this server did not write it. A prompt would begin a second run beside that one.',
    ),
    action: l10n.t('Send All the Same'),
  };
}
