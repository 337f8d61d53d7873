import { l10n } from '../../core/l10n.ts';
import { element, iconButton } from '../dom/element.ts';
import type { Message } from '../turns/entries.ts';

/** What the actions of a message need. */
export interface ActionSurroundings {
  readonly sessionId: string;
  /** Whether the host runs this command. */
  readonly isOffered: (command: string) => boolean;
  /** Runs a command on the session. */
  readonly command: (command: string, messageId?: string) => void;
}

interface Action {
  readonly label: () => string;
  readonly icon: string;
  readonly command: string;
  readonly testId: string;
  readonly for: 'user' | 'both' | 'reverted' | 'text';
}

const actions: readonly Action[] = [
  {
    label: () => l10n.t('Fork Session Here'),
    icon: 'repo-forked',
    command: 'opencodeSessions.session.fork',
    testId: 'fork',
    for: 'both',
  },
  {
    label: () => l10n.t('Edit and Resend'),
    icon: 'edit',
    command: 'opencodeSessions.message.editAndResend',
    testId: 'edit-and-resend',
    for: 'user',
  },
  {
    label: () => l10n.t('Revert to Message'),
    icon: 'discard',
    command: 'opencodeSessions.message.revert',
    testId: 'revert',
    for: 'user',
  },
  {
    label: () => l10n.t('Undo Revert'),
    icon: 'redo',
    command: 'opencodeSessions.session.unrevert',
    testId: 'undo-revert',
    for: 'reverted',
  },
  {
    label: () => l10n.t('Relay from Message…'),
    icon: 'arrow-swap',
    command: 'opencodeSessions.session.relay',
    testId: 'relay',
    for: 'both',
  },
  {
    label: () => l10n.t('Hand Off from Message…'),
    icon: 'export',
    command: 'opencodeSessions.session.handOff',
    testId: 'hand-off',
    for: 'both',
  },
  {
    label: () => l10n.t('Copy Link'),
    icon: 'link',
    command: 'opencodeSessions.message.copyLink',
    testId: 'copy-link',
    for: 'both',
  },
  {
    label: () => l10n.t('Copy as Markdown'),
    icon: 'copy',
    command: 'opencodeSessions.message.copy',
    testId: 'copy-message',
    for: 'text',
  },
];

/** The class of a button that a row shows only at times. */
const shownIf: Readonly<Partial<Record<Action['for'], string>>> = {
  reverted: 'if-reverted',
  text: 'if-text',
};

/** When a message has the reader's attention; a tap of a finger does not move. */
const occasions = ['pointermove', 'pointerdown', 'focusin'] as const;

/**
 * Gives a row the buttons of its message; they show when it is pointed at or has the focus. Until then only the
 * first one is there, for the keyboard to come to: a reader looks at many messages and acts on few. A row that is
 * scrolled below a pointer at rest is not pointed at.
 */
export function addMessageActions(
  row: HTMLElement,
  message: Message,
  surroundings: ActionSurroundings,
): void {
  const [first, ...others] = buttons(message, surroundings);
  const toolbar = element(
    'div',
    { class: 'message-actions', role: 'toolbar', 'aria-label': l10n.t('Actions of the message') },
    first?.(),
  );
  const fill = (): void => {
    for (const occasion of occasions) row.removeEventListener(occasion, fill);
    toolbar.append(...others.map((make) => make()));
    toolbar.classList.add('filled');
  };
  for (const occasion of occasions) row.addEventListener(occasion, fill);
  row.append(toolbar);
}

function buttons(message: Message, surroundings: ActionSurroundings): (() => HTMLElement)[] {
  const { id, role } = message.head;
  const { isOffered, command } = surroundings;
  const offered = actions.filter(
    (action) => (action.for !== 'user' || role === 'user') && isOffered(action.command),
  );
  return [
    ...offered.map((action) => () => {
      const run = (): void => command(action.command, id);
      return iconButton({ ...action, label: action.label(), class: shownIf[action.for], run });
    }),
    () => iconButton({ label: l10n.t('More Actions…'), icon: 'ellipsis', testId: 'more', run: openMenu }),
  ];
}

/** Opens the editor's own menu for what the button belongs to, as a right click does. */
function openMenu({ currentTarget }: MouseEvent): void {
  if (!(currentTarget instanceof Element)) return;
  const { left, bottom } = currentTarget.getBoundingClientRect();
  currentTarget.dispatchEvent(
    new MouseEvent('contextmenu', { bubbles: true, cancelable: true, clientX: left, clientY: bottom }),
  );
}
