import { createSend, readFeed } from './hostLink.ts';

// The far end of `bridge.ts`.

/** The worker's own scope: its name is the page's query, and posting takes no origin, unlike `window.postMessage`. */
const page = globalThis as unknown as {
  readonly name: string;
  postMessage(message: unknown): void;
  addEventListener(type: 'message', listener: (event: MessageEvent<unknown>) => void): void;
};

const send = createSend(page.name);
page.addEventListener('message', ({ data }) => send(data));
void readFeed(page.name, (message) => page.postMessage(message));
