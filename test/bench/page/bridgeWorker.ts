// The far end of `bridge.ts`: lines of JSON from the host become messages to the page, and the other way round.

/** The worker's own scope: its name is the page's query, and posting takes no origin, unlike `window.postMessage`. */
const page = globalThis as unknown as {
  readonly name: string;
  postMessage(message: unknown): void;
  addEventListener(type: 'message', listener: (event: MessageEvent<unknown>) => void): void;
};

async function read(): Promise<void> {
  const response = await fetch(`/feed${page.name}`);
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array<ArrayBuffer>>) {
    const complete = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = complete.pop() ?? '';
    for (const line of complete) page.postMessage(JSON.parse(line));
  }
}

// Messages of the page arrive in their order: each waits for the one before.
let sent: Promise<unknown> = Promise.resolve();

page.addEventListener('message', ({ data }) => {
  sent = sent.then(() => fetch(`/asked${page.name}`, { method: 'POST', body: JSON.stringify(data) }));
});

void read();
