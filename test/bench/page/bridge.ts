// Stands in for the webview's `acquireVsCodeApi`. As in VS Code, the page gets each message as a structured clone and
// nothing else of the way there runs on its main thread: a worker reads from the host and writes to it.

interface WebviewApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

const worker = new Worker('/bridgeWorker.js', { name: location.search });
let state: unknown;

worker.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
  window.dispatchEvent(new MessageEvent('message', { data }));
});

const api: WebviewApi = {
  postMessage: (message) => worker.postMessage(message),
  getState: () => state,
  setState: (value) => {
    state = value;
  },
};

Object.assign(globalThis, { acquireVsCodeApi: () => api });
