import type { SessionPicture } from '../../src/protocol/page/toPage.ts';
import { aHeader, aMessage, aText, aTool, aView } from './builders.ts';
import { hostileMarkdown } from './hostileMarkdown.ts';

/** All hostile texts, ten to a session: as prompts, as answers, and as calls that failed. */
export function hostileViews(): readonly SessionPicture[] {
  return Array.from({ length: Math.ceil(hostileMarkdown.length / 10) }, (_, batch) =>
    hostileView(`ses_${batch}`, hostileMarkdown.slice(batch * 10, batch * 10 + 10)),
  );
}

function hostileView(sessionId: string, texts: readonly string[]): SessionPicture {
  const entries = texts.flatMap((text, index) => [
    aMessage(2 * index, aText(`prt_${index}a`, text)),
    aMessage(2 * index + 1, aText(`prt_${index}b`, text), failedCall(`prt_${index}c`, text)),
  ]);
  return aView({ header: aHeader({ sessionId, title: texts[0] ?? '' }), entries });
}

const failedCall = (id: string, text: string) =>
  aTool({ id, tool: 'bash', title: text, status: 'error', input: { command: text }, error: { text } });

/** What must never be in the page, looked for in it. */
export function findForbidden(): string[] {
  const root = document.querySelector('.rows');
  if (!root) return ['no rows'];
  const found: string[] = [];
  const forbidden =
    'script, style, iframe, object, embed, link, meta, base, form, svg, math, video, audio, template, details';
  for (const element of root.querySelectorAll(forbidden)) found.push(element.outerHTML.slice(0, 200));
  for (const element of root.querySelectorAll('*')) {
    for (const { name } of element.attributes)
      if (name.startsWith('on')) found.push(element.outerHTML.slice(0, 200));
  }
  for (const link of root.querySelectorAll('a')) {
    const href = link.getAttribute('href') ?? '';
    if (!/^https?:\/\//.test(href) && href !== '#') found.push(href);
  }
  for (const image of root.querySelectorAll('img'))
    if (!image.src.startsWith('data:image/')) found.push(image.src);
  if (document.documentElement.scrollWidth > window.innerWidth) found.push('wider than the window');
  const scroller = document.querySelector('.scroller');
  if (scroller && scroller.scrollWidth > scroller.clientWidth) found.push('wider than the transcript');
  return found;
}

/** Shows each view, brings each of its messages into the document and looks there. */
export async function findInEach(views: readonly SessionPicture[]): Promise<string[]> {
  const look = (globalThis as unknown as { findForbidden: () => string[] }).findForbidden;
  const taken = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));
  const found: string[] = [];
  for (const view of views) {
    window.postMessage({ type: 'show', view }, '*');
    for (const { id } of view.entries) {
      window.postMessage({ type: 'reveal', messageId: id }, '*');
      await taken();
      await taken();
      if (!document.querySelector(`[data-message-id="${id}"]`)) found.push(`${id} is not shown`);
      found.push(...look());
    }
  }
  return found;
}
