import type { Frames, Probe } from '../probeProtocol.ts';

// Runs before everything else in each page that is measured and answers what the benchmark asks: `probe.…`.

declare function acquireVsCodeApi(): { postMessage(message: unknown): void };

const recorded: Frames = { intervals: [], longTasks: [] };
let isRecording = false;
let lastFrame = 0;

new PerformanceObserver((list) => {
  if (!isRecording) return;
  for (const { duration } of list.getEntries()) recorded.longTasks.push(duration);
}).observe({ entryTypes: ['longtask'] });

function recordFrame(time: number): void {
  if (!isRecording) return;
  if (lastFrame > 0) recorded.intervals.push(time - lastFrame);
  lastFrame = time;
  requestAnimationFrame(recordFrame);
}

/** A text in bold that is wholly in view; bold, because raw Markdown does not count. */
function findInView(words: string): Element | undefined {
  return [...document.querySelectorAll('strong')].find((strong) => {
    if (strong.textContent !== words || !strong.checkVisibility({ opacityProperty: true })) return false;
    const { top, bottom, height } = strong.getBoundingClientRect();
    return height > 0 && top >= 0 && bottom <= innerHeight;
  });
}

function isMessageInView(messageId: string): boolean {
  const rows = document.querySelectorAll(`[data-message-id="${CSS.escape(messageId)}"]`);
  return [...rows].some((row) => {
    const { top, bottom } = row.getBoundingClientRect();
    return top >= -1 ? top < innerHeight - 100 : bottom > 200;
  });
}

/** Milliseconds after a change in which each frame is looked at; the page is then left in peace, but for a look now and then. */
const attention = 300;

/**
 * Resolves with the time at which the first frame was painted that shows it: the next task after the frame's own. A page
 * at rest is kept at rest: one that is made to draw frame after frame shows what comes half a frame later.
 */
function when(isSo: () => boolean): Promise<number> {
  return new Promise((resolve) => {
    let changed = 0;
    let isPlanned = false;
    const plan = (): void => {
      if (isPlanned) return;
      isPlanned = true;
      requestAnimationFrame(look);
    };
    const notice = (): void => {
      changed = performance.now();
      plan();
    };
    const { port1: shown, port2: frame } = new MessageChannel();
    const observer = new MutationObserver(notice);
    const now = setInterval(plan, attention);
    const look = (): void => {
      isPlanned = false;
      if (isSo()) frame.postMessage(undefined);
      else if (performance.now() - changed < attention) plan();
    };
    shown.addEventListener('message', () => {
      shown.close();
      observer.disconnect();
      document.removeEventListener('scroll', notice, true);
      clearInterval(now);
      resolve(performance.timeOrigin + performance.now());
    });
    shown.start();
    observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
    document.addEventListener('scroll', notice, true);
    plan();
  });
}

let scroller: Element | undefined;

/** The scrolling element that holds the transcript: the tallest one. */
function findScroller(): Element | undefined {
  if (scroller?.isConnected) return scroller;
  const scrollers = [...document.querySelectorAll('*')].filter((element) => {
    if (element.clientHeight < 200 || element.scrollHeight <= element.clientHeight + 1) return false;
    return /auto|scroll/.test(getComputedStyle(element).overflowY);
  });
  scroller = scrollers.sort((a, b) => b.scrollHeight - a.scrollHeight)[0];
  return scroller;
}

/** Whether these words stand at the beginning of the transcript, formatted or not, and it is in view. */
function isAtBeginning(words: string): boolean {
  if ((findScroller()?.scrollTop ?? 0) > 2000) return false;
  const texts = document.createTreeWalker(document, NodeFilter.SHOW_TEXT);
  while (texts.nextNode() !== null) {
    const { nodeValue, parentElement } = texts.currentNode;
    if (!nodeValue?.includes(words) || !parentElement) continue;
    const { bottom, height } = parentElement.getBoundingClientRect();
    if (height > 0 && bottom > 0) return true;
  }
  return false;
}

function countNodes(): number {
  const walker = document.createTreeWalker(document, NodeFilter.SHOW_ALL);
  let count = 1;
  while (walker.nextNode() !== null) count += 1;
  return count;
}

function nextFrames(count: number): Promise<void> {
  return new Promise((resolve) => {
    const step = (left: number): void => {
      if (left === 0) resolve();
      else requestAnimationFrame(() => step(left - 1));
    };
    step(count);
  });
}

/** What stands in the middle column of the view, from its top to its bottom. */
function samplePoints(scroller: Element): Element[] {
  const { left, top, width, height } = scroller.getBoundingClientRect();
  return [0.1, 0.3, 0.5, 0.7, 0.9].flatMap((share) => {
    return document.elementsFromPoint(left + width / 2, top + height * share)[0] ?? [];
  });
}

let followed: { readonly element: Element; readonly top: number } | undefined;

function isAtTop(): boolean {
  return (findScroller()?.scrollTop ?? 0) <= 0;
}

/** Pixels between where the message that was followed stands and where the wheel should have brought it. */
function jumpOf(distance: number): number {
  // At the upper end there is nowhere to go.
  if (!followed?.element.isConnected || isAtTop()) return 0;
  return Math.abs(followed.element.getBoundingClientRect().top - followed.top - distance);
}

const probe: Probe = {
  inView: (words) => when(() => findInView(words) !== undefined),

  messageInView: (messageId) => when(() => isMessageInView(messageId)),

  isAtBeginning,

  startFrames: () => {
    recorded.intervals.length = 0;
    recorded.longTasks.length = 0;
    isRecording = true;
    lastFrame = 0;
    requestAnimationFrame(recordFrame);
  },

  stopFrames: () => {
    isRecording = false;
    return recorded;
  },

  nodes: countNodes,

  place: () => {
    const { left, top, width, height } = (findScroller() ?? document.body).getBoundingClientRect();
    return { x: left + width / 2, y: top + height / 2 };
  },

  follow: () => {
    const edge = (findScroller() ?? document.body).getBoundingClientRect().top;
    const rows = [...document.querySelectorAll('[data-message-id]')];
    const element = rows.find((row) => row.getBoundingClientRect().bottom > edge + 1);
    followed = element && { element, top: element.getBoundingClientRect().top };
  },

  moved: async (distance) => {
    await nextFrames(2);
    // A busy browser may deliver the turn late; a message that really jumped stays where it is.
    if (jumpOf(distance) > 1) await nextFrames(20);
    const transcript = findScroller();
    const blank =
      transcript !== undefined &&
      samplePoints(transcript).every((found) => !found.closest('[data-message-id]'));
    return { jump: jumpOf(distance), blank, atTop: isAtTop(), nodes: countNodes() };
  },

  nextFrames,

  deliver: async (messages) => {
    for (const data of messages) {
      window.dispatchEvent(new MessageEvent('message', { data }));
      await nextFrames(1);
    }
  },

  tell: (message) => acquireVsCodeApi().postMessage(message),
};

Object.assign(globalThis, { probe });
