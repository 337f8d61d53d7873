import assert from 'node:assert/strict';
import type { Notice } from '../../../src/core/ports/notify.ts';
import { ServerToasts } from '../../../src/views/told/serverToasts.ts';

describe('what a server shows for a moment', () => {
  it('is a notification where something went wrong, and else stands in the log', () => {
    const notices: Notice[] = [];
    const logged: unknown[][] = [];
    const toasts = new ServerToasts({
      notify: (notice) => void notices.push(notice),
      log: { info: (...said) => void logged.push(said) },
    });
    const show = (variant: 'error' | 'warning' | 'info' | 'success', title?: string): void =>
      toasts.apply({
        type: 'tui.toast.show',
        properties: { message: 'Session operation failed', variant, ...(title !== undefined && { title }) },
      });
    show('error');
    show('warning', 'Sessions');
    show('success');
    show('info');
    assert.deepEqual(
      notices.map(({ message, severity }) => [message, severity]),
      [
        ['OpenCode: Session operation failed', 'error'],
        ['OpenCode: Sessions: Session operation failed', 'warning'],
      ],
    );
    assert.equal(logged.length, 2);
  });
});
