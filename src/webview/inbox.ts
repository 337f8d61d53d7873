import type { MessageEntry } from '../protocol/page/entries.ts';
import type { ToPage } from '../protocol/page/toPage.ts';
import { composerParts, hasChips } from './composer/composerParts.ts';
import { queues } from './composer/queueSlot.ts';
import { host } from './dom/host.ts';
import type { Loadable } from './dom/late.ts';
import { hasNotice, headerParts, wantsParts } from './header/headerBar.ts';
import { rowExtras } from './messages/messageRow.ts';
import { turnRows } from './messages/sessionTurns.ts';
import { bodies } from './parts/bodies.ts';
import { opensByItself } from './parts/toolPart.ts';
import { cards } from './requests/cards.ts';

/** Milliseconds for which a session waits for what it is to be shown with; then it comes without. */
const longestWait = 1000;

/**
 * Hands what the host tells on in its order. A session that waits for an answer, has prompts that wait or calls that stand
 * open is shown together with those, and with its folded turns, lest they push it away a moment later: what makes them is
 * loaded first, where it is not there yet.
 */
export class Inbox {
  readonly #take: (message: ToPage) => void;
  #waiting: ToPage[] = [];
  #isHeld = false;

  constructor(take: (message: ToPage) => void) {
    this.#take = take;
  }

  receive(message: ToPage): void {
    this.#waiting.push(message);
    if (!this.#isHeld) this.#handOn();
  }

  #handOn(): void {
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      const missing = piecesOf(next).filter(({ piece }) => piece === undefined);
      if (missing.length > 0) return void this.#hold(missing);
      this.#waiting.shift();
      this.#take(next);
    }
  }

  async #hold(missing: readonly Loadable[]): Promise<void> {
    this.#isHeld = true;
    const late = new Promise((resolve) => setTimeout(resolve, longestWait));
    await Promise.race([late, Promise.all(missing.map((piece) => piece.load()))]);
    this.#isHeld = false;
    const next = this.#waiting.shift();
    if (next !== undefined) this.#take(next);
    this.#handOn();
  }
}

/** Whether something may be folded away beside a message: what was compacted, or an attempt that was cut. */
function hasFolds({ parts }: MessageEntry): boolean {
  const count = (wanted: string): number => parts.filter(({ type }) => type === wanted).length;
  return count('compaction') > 0 || count('step-start') > 1;
}

/** What a message is shown with, and is no part of the page's script. */
function piecesOf(message: ToPage): readonly Loadable[] {
  if (message.type === 'together') return message.messages.flatMap(piecesOf);
  if (message.type !== 'show' && message.type !== 'showAgain') return [];
  const { draft, header, isLent, permissions, questions, queue } = message.view;
  const place = host.state().positions?.[header.sessionId];
  const entries = message.type === 'show' ? message.view.entries : [];
  return [
    ...(permissions.length + questions.length > 0 ? [cards] : []),
    ...(queue.length > 0 ? [queues] : []),
    ...(hasChips(draft) || isLent === true ? [composerParts] : []),
    ...(wantsParts(header) || hasNotice(header) ? [headerParts] : []),
    ...(place?.folds === undefined ? [] : [turnRows]),
    ...(entries.some(hasFolds) ? [rowExtras] : []),
    ...(entries.some(standsOpen) ? [bodies] : []),
  ];
}

/** Whether a call of the message stands open, as far as that is known before it is shown. */
const standsOpen = ({ parts }: MessageEntry): boolean =>
  parts.some((part) => part.type === 'tool' && opensByItself(part, true));
