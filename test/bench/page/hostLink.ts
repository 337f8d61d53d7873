/** Gives `take` each line of JSON that the host sends to the page of this query. */
export async function readFeed(query: string, take: (message: unknown) => void): Promise<void> {
  const response = await fetch(`/feed${query}`);
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array<ArrayBuffer>>) {
    const complete = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = complete.pop() ?? '';
    for (const line of complete) take(JSON.parse(line));
  }
}

/** Makes what sends messages to the host; they arrive in their order: each waits for the one before. */
export function createSend(query: string): (message: unknown) => void {
  let sent: Promise<unknown> = Promise.resolve();
  return (message) => {
    sent = sent.then(() => fetch(`/asked${query}`, { method: 'POST', body: JSON.stringify(message) }));
  };
}
