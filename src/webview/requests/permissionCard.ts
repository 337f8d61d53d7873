import { withoutIsolation } from '../../core/isolate.ts';
import { l10n } from '../../core/l10n.ts';
import { cutMiddle, plainWords, showGaps, showUnseen } from '../../core/plainText.ts';
import type { FromPage } from '../../protocol/page/fromPage.ts';
import type { PermissionEntry } from '../../protocol/page/requests.ts';
import { setAnswered } from './answered.ts';
import { diffView } from '../parts/partBodies.ts';
import { element, icon, textButton } from '../dom/element.ts';
import { wholeTextButton } from '../parts/showAllButton.ts';
import type { AskedPermission, RequestCard } from './requestCard.ts';
import { acceptKey, alwaysKey, nameKey, press, type RequestKey } from './requestKeys.ts';

type Reply = 'once' | 'always' | 'reject';

/** A request for permission: what is asked for, exactly, and the three answers. */
export class PermissionCard implements RequestCard, AskedPermission {
  readonly element: HTMLElement;
  readonly number = element('span', { class: 'request-number' });
  readonly refusal: HTMLInputElement;
  readonly #asked = element('div', { class: 'request-asked' });
  readonly #once: HTMLButtonElement;
  readonly #always: HTMLButtonElement;
  readonly #post: (message: FromPage) => void;
  #request: PermissionEntry;

  constructor(request: PermissionEntry, sessionId: string, post: (message: FromPage) => void) {
    this.#request = request;
    this.#post = post;
    this.refusal = feedbackField(() => this.#reject());
    this.#once = textButton({
      label: l10n.t('Allow Once'),
      class: 'primary',
      testId: 'permission-once',
      run: () => this.#answer('once'),
    });
    this.#always = textButton({
      label: l10n.t('Always Allow'),
      class: 'secondary',
      testId: 'permission-always',
      run: () => this.#answer('always'),
    });
    nameKey(this.#once, acceptKey);
    nameKey(this.#always, alwaysKey);
    const title = plainWords(request.title);
    this.element = element(
      'section',
      { class: 'request', 'data-testid': 'permission', 'data-request-id': request.id },
      element(
        'div',
        { class: 'request-title' },
        icon('shield'),
        element('span', { text: title }),
        this.number,
      ),
      origin(request, sessionId),
      this.#asked,
      element(
        'div',
        { class: 'request-buttons' },
        this.#once,
        this.#always,
        textButton({
          label: l10n.t('Reject'),
          class: 'secondary',
          testId: 'permission-reject',
          run: () => this.#reject(),
        }),
        this.refusal,
      ),
    );
    this.#show();
  }

  get permission(): this {
    return this;
  }

  get id(): string {
    return this.#request.id;
  }

  get kind(): PermissionEntry['kind'] {
    return this.#request.kind;
  }

  get subject(): string {
    return cutMiddle(showUnseen(subjectOf(this.#request)), 200);
  }

  get isOpen(): boolean {
    return !this.element.classList.contains('answered');
  }

  get isAllowable(): boolean {
    return !this.#once.hidden;
  }

  takes({ kind }: RequestKey): boolean {
    return (kind === 'accept' && press(this.#once)) || (kind === 'always' && press(this.#always));
  }

  allowOnce(): void {
    press(this.#once);
  }

  /** Shows what became known since; what was typed stays. */
  update(request: PermissionEntry): void {
    if (JSON.stringify(request) === JSON.stringify(this.#request)) return;
    this.#request = request;
    this.#show();
  }

  /** Nothing is allowed before all of it was shown, or can be known. */
  #show(): void {
    const { id, title } = this.#request;
    this.element.setAttribute('aria-label', [plainWords(title), this.subject].join(' ').trim());
    const hidden = new Set<string>();
    const reveal = (what: string): void => {
      hidden.delete(what);
      this.#offer(hidden.size === 0);
    };
    this.#asked.replaceChildren(
      ...details(this.#request, {
        hide: (what) => void hidden.add(what),
        reveal,
        openWhole: () => this.#post({ type: 'openPermission', requestId: id }),
      }),
      ...scope(this.#request),
    );
    if (this.#request.wasOpened === true) hidden.clear();
    this.#offer(hidden.size === 0);
  }

  #offer(isAllShown: boolean): void {
    const isOffered = isAllShown && this.#request.isCallUnknown !== true;
    this.#once.hidden = !isOffered;
    this.#always.hidden = !isOffered || this.#request.always.length === 0;
  }

  #reject(): void {
    this.#answer('reject', this.refusal.value.trim());
  }

  #answer(reply: Reply, message?: string): void {
    const { id, sessionId } = this.#request;
    setAnswered(this.element, true);
    this.#post({
      type: 'replyPermission',
      sessionId,
      requestId: id,
      reply,
      ...(message ? { message } : {}),
    });
  }
}

function feedbackField(reject: () => void): HTMLInputElement {
  const onKeydown = (event: KeyboardEvent): void => {
    if (event.key === 'Enter') reject();
  };
  return element('input', {
    type: 'text',
    class: 'feedback',
    placeholder: l10n.t('Reject and say what to do instead…'),
    'aria-label': l10n.t('What to do instead'),
    'data-testid': 'permission-feedback',
    on: { keydown: onKeydown },
  });
}

/** A command as it was written; of a change, its files. */
function subjectOf({ kind, patterns, detail, given }: PermissionEntry): string {
  const named = patterns.join(', ');
  return kind === 'command' || named === '' ? (detail?.text ?? (named || (given?.text ?? ''))) : named;
}

function origin(request: PermissionEntry, sessionId: string): HTMLElement | undefined {
  if (request.sessionId === sessionId || request.sessionTitle === undefined) return undefined;
  return element('div', {
    class: 'request-origin',
    text: l10n.t('Asked by the subagent “{0}”', request.sessionTitle),
  });
}

/** What is allowed for good: often more than what is asked for. */
function scope({ always }: PermissionEntry): HTMLElement[] {
  if (always.length === 0) return [];
  const covered = always.includes('*')
    ? l10n.t('Always Allow holds until the server stops, for all requests of this kind.')
    : l10n.t('Always Allow holds until the server stops, for: {0}', showUnseen(always.join(', ')));
  return [advice(covered, 'advice scope')];
}

interface Hiding {
  readonly hide: (what: string) => void;
  readonly reveal: (what: string) => void;
  readonly openWhole: () => void;
}

function details(request: PermissionEntry, { hide, reveal, openWhole }: Hiding): HTMLElement[] {
  const { detail, patterns, kind, tool, purpose, given, isCallUnknown, whole, wasOpened } = request;
  // A command that looks like a diff must not be shown as one: it would lose what stands outside of hunks.
  const isDiff = kind === 'editFile' && detail !== undefined && /^@@ /m.test(detail.text);
  // What a command names is written in it; other details say it only where they are the same.
  const named = patterns.join('\n');
  const isTold = named === '' || named === detail?.text || (kind === 'command' && detail !== undefined);
  const nodes = isTold ? [] : [plain(named)];
  if (isDiff) {
    const diff = diffView(showUnseen(detail.text), { onShowAll: () => reveal('lines') });
    if (diff.length > 1) hide('lines');
    // Nothing of a card scrolls by itself, so that nobody need stop there.
    for (const box of diff) if (box.hasAttribute('tabindex')) box.tabIndex = -1;
    nodes.push(...diff);
  } else if (detail) nodes.push(plain(detail.text));
  if (purpose !== undefined)
    nodes.push(advice(l10n.t('In the words of the agent: “{0}”', showUnseen(purpose))));
  if (tool !== undefined) nodes.push(advice(l10n.t('Asked for by the tool “{0}”', showUnseen(tool))));
  if (given) nodes.push(plain(given.text, l10n.t('Arguments')));
  if (isCallUnknown === true) nodes.push(advice(l10n.t('What the tool was given is not known yet.')));
  if (whole !== undefined) {
    hide('whole');
    const told =
      wasOpened === true
        ? l10n.t('Not all of it is shown here. It was opened in an editor.')
        : l10n.t('Not all of it is shown here.');
    nodes.push(advice(told), wholeTextButton(whole, openWhole));
  }
  return nodes;
}

/** Its letters are drawn as they are run, one behind the other. */
const advice = (text: string, name = 'advice'): HTMLElement =>
  element('div', { class: name, text: withoutIsolation(text) });

const plain = (text: string, label?: string): HTMLElement =>
  element('pre', {
    class: 'command',
    dir: 'ltr',
    'aria-label': label,
    text: showGaps(showUnseen(text)),
  });
