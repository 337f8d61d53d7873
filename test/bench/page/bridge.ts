import { createSend, readFeed } from './hostLink.ts';

// Stands in for the webview's `acquireVsCodeApi`. As in VS Code, the page gets each message as a structured clone and
// nothing else of the way there runs on its main thread: a worker reads from the host and writes to it. It takes a while
// to start, though, which a webview's way to its host does not: with `&alone` in its address the page does without.

interface WebviewApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

function receive(message: unknown): void {
  window.dispatchEvent(new MessageEvent('message', { data: message }));
}

/** Returns what sends a message to the host. */
function linkByWorker(query: string): (message: unknown) => void {
  const worker = new Worker('/bridgeWorker.js', { name: query });
  worker.addEventListener('message', ({ data }: MessageEvent<unknown>) => receive(data));
  return (message) => worker.postMessage(message);
}

function linkAlone(query: string): (message: unknown) => void {
  void readFeed(query, receive);
  return createSend(query);
}

const { search } = location;
let state: unknown;

const api: WebviewApi = {
  postMessage: new URLSearchParams(search).has('alone') ? linkAlone(search) : linkByWorker(search),
  getState: () => state,
  setState: (value) => {
    state = value;
  },
};

Object.assign(globalThis, { acquireVsCodeApi: () => api });
