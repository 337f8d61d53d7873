import { l10n } from '../core/l10n.ts';
import { permissionTitle } from '../core/transcript/permissionText.ts';
import type { FromPage, PermissionEntry } from '../protocol/page.ts';
import { setAnswered } from './answered.ts';
import { diffView } from './diffNodes.ts';
import { element, icon, textButton } from './element.ts';
import { wholeTextButton } from './showAllButton.ts';

type Reply = 'once' | 'always' | 'reject';

/** A request for permission: what is asked for, exactly, and the three answers. */
export function permissionCard(
  request: PermissionEntry,
  sessionId: string,
  post: (message: FromPage) => void,
): HTMLElement {
  const feedback = element('input', {
    type: 'text',
    class: 'feedback',
    placeholder: l10n.t('Reject and say what to do instead…'),
    'aria-label': l10n.t('What to do instead'),
    'data-testid': 'permission-feedback',
  });
  const answer = (reply: Reply, message?: string): void => {
    setAnswered(card, true);
    post({
      type: 'replyPermission',
      sessionId: request.sessionId,
      requestId: request.id,
      reply,
      ...(message ? { message } : {}),
    });
  };
  feedback.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && !event.isComposing) answer('reject', feedback.value.trim());
  });
  const card = element(
    'section',
    {
      class: 'request',
      'data-testid': 'permission',
      'data-request-id': request.id,
      'aria-label': permissionTitle(request.permission),
    },
    element(
      'div',
      { class: 'request-title' },
      icon('shield'),
      element('span', { text: permissionTitle(request.permission) }),
    ),
    origin(request, sessionId),
    ...details(request, post),
    scope(request),
    element(
      'div',
      { class: 'request-buttons' },
      textButton({
        label: l10n.t('Allow Once'),
        class: 'primary',
        testId: 'permission-once',
        run: () => answer('once'),
      }),
      textButton({
        label: l10n.t('Always Allow'),
        class: 'secondary',
        testId: 'permission-always',
        run: () => answer('always'),
      }),
      textButton({
        label: l10n.t('Reject'),
        class: 'secondary',
        testId: 'permission-reject',
        run: () => answer('reject', feedback.value.trim()),
      }),
      feedback,
    ),
  );
  return card;
}

function origin(request: PermissionEntry, sessionId: string): HTMLElement | undefined {
  if (request.sessionId === sessionId || request.sessionTitle === undefined) return undefined;
  return element('div', {
    class: 'request-origin',
    text: l10n.t('Asked by the subagent “{0}”', request.sessionTitle),
  });
}

/** What is allowed for good: often more than what is asked for. */
function scope({ always }: PermissionEntry): HTMLElement | undefined {
  if (always.length === 0) return undefined;
  const words = always.includes('*')
    ? l10n.t('Always Allow holds until the server stops, for all requests of this kind.')
    : l10n.t('Always Allow holds until the server stops, for: {0}', always.join(', '));
  return element('div', { class: 'advice', text: words });
}

function details(
  { id, detail, patterns, permission }: PermissionEntry,
  post: (message: FromPage) => void,
): HTMLElement[] {
  // A command that looks like a diff must not be shown as one: it would lose what stands outside of hunks.
  const isDiff = permission === 'edit' && detail !== undefined && /^@@ /m.test(detail.text);
  // The lines of a diff do not say of which files they are.
  const isTold =
    detail !== undefined &&
    (permission === 'bash' || (!isDiff && patterns.every((pattern) => detail.text.includes(pattern))));
  // Tools with nothing to name ask for `*` (1.18); of a search it is what is looked for.
  const isNamed = /^(?:glob|grep|websearch)$/.test(permission) || patterns.some((pattern) => pattern !== '*');
  const nodes = isTold || patterns.length === 0 || !isNamed ? [] : [plain(patterns.join('\n'))];
  if (isDiff) nodes.push(...diffView(detail.text));
  else if (detail) nodes.push(plain(detail.text));
  if (detail?.clamped !== undefined) {
    const words = l10n.t(
      'Only the beginning is shown ({0} of {1} characters).',
      detail.text.length,
      detail.clamped,
    );
    const showAll = wholeTextButton(detail.clamped, () => post({ type: 'openPermission', requestId: id }));
    nodes.push(element('div', { class: 'advice', text: words }), showAll);
  }
  return nodes;
}

const plain = (text: string): HTMLElement => element('pre', { class: 'command', tabindex: '0', text });
