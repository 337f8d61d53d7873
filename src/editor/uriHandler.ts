import { window } from 'vscode';
import { Problem } from '../core/errors.ts';
import type { Disposable } from '../core/event.ts';
import { l10n } from '../core/l10n.ts';
import { type LinkTarget, parseMessageLink } from '../core/transcript/messageLink.ts';

/** Opens what the addresses of `buildMessageLink` name. They come from outside, so they can open and nothing else. */
export function registerUriHandler(
  open: (target: LinkTarget) => Promise<unknown>,
  report: (error: unknown) => void,
): Disposable {
  return window.registerUriHandler({
    async handleUri({ path }) {
      try {
        const target = parseMessageLink(path);
        if (target === undefined) {
          throw new Problem(l10n.t('This link names no session. Copy it again with “Copy Link”.'));
        }
        await open(target);
      } catch (error) {
        report(error);
      }
    },
  });
}
