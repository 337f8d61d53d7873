import { get } from 'node:http';
import type { FloorChange, FloorMessage, FloorPart, FromFloor, ToFloor } from './floorProtocol.ts';
import type { PageLink } from './pageLink.ts';

interface Part {
  readonly id: string;
  readonly messageID: string;
  readonly type: string;
  readonly text?: string;
  readonly tool?: string;
  readonly state?: { readonly title?: string; readonly output?: string };
}

interface Message {
  readonly info: { readonly id: string; readonly role: string };
  readonly parts: readonly Part[];
}

interface FloorEvent {
  readonly payload: { readonly type: string; readonly properties: Record<string, unknown> };
}

const frame = 16;

/**
 * The floor: the least that a host can do. It reads the events, folds deltas by part and tells each page once a frame;
 * no schemas, no stores, no resync, no requests, no header.
 */
export class FloorHost {
  readonly #url: string;
  readonly #directory: string;
  readonly #feeds = new Set<FloorFeed>();

  constructor(url: string, directory: string) {
    this.#url = url;
    this.#directory = directory;
  }

  connect(): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    get(`${this.#url}/global/event`, (response) => {
      resolve();
      let rest = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        const complete = (rest + chunk).split('\n\n');
        rest = complete.pop() ?? '';
        for (const block of complete) this.#apply(block);
      });
    }).on('error', reject);
    return promise;
  }

  feed(link: PageLink): void {
    const feed = new FloorFeed(this.#url, this.#directory, link);
    this.#feeds.add(feed);
    link.onClose(() => this.#feeds.delete(feed));
  }

  forget(): void {
    // It keeps nothing.
  }

  #apply(block: string): void {
    const { payload } = JSON.parse(block.slice(block.indexOf('{'))) as FloorEvent;
    // The server repeats its durable events in a form of its own (1.18).
    if (payload.type === 'sync') return;
    for (const feed of this.#feeds) feed.apply(payload);
  }
}

class FloorFeed {
  readonly #link: PageLink;
  readonly #messagesUrl: string;
  #before: string | undefined;
  #changes: FloorChange[] = [];
  #lastAppend: Extract<FloorChange, { kind: 'append' }> | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(url: string, directory: string, link: PageLink) {
    this.#link = link;
    this.#messagesUrl = `${url}/session/${link.sessionId}/message?directory=${encodeURIComponent(directory)}`;
    link.onAsk((message) => {
      const { type } = message as FromFloor;
      void this.#load(type === 'ready' ? 'show' : 'older');
    });
  }

  apply({ type, properties }: FloorEvent['payload']): void {
    const { info, part, sessionID, messageID, partID, delta } = properties as {
      info?: Message['info'] & { sessionID?: string };
      part?: Part & { sessionID: string };
      sessionID?: string;
      messageID?: string;
      partID?: string;
      delta?: string;
    };
    const { sessionId } = this.#link;
    if (type === 'message.part.delta' && sessionID === sessionId) {
      this.#append(messageID ?? '', partID ?? '', delta ?? '');
    } else if (type === 'message.part.updated' && part?.sessionID === sessionId) {
      this.#add({ kind: 'part', messageId: part.messageID, part: toFloorPart(part) });
    } else if (type === 'message.updated' && info?.sessionID === sessionId) {
      this.#add({ kind: 'message', id: info.id, role: info.role });
    }
  }

  async #load(type: 'show' | 'older'): Promise<void> {
    if (type === 'older' && this.#before === undefined) return;
    const page = type === 'show' ? 'limit=40' : `limit=200&before=${encodeURIComponent(this.#before ?? '')}`;
    const response = await fetch(`${this.#messagesUrl}&${page}`, {
      headers: { 'accept-encoding': 'identity' },
    });
    const messages = (await response.json()) as Message[];
    this.#before = response.headers.get('x-next-cursor') ?? undefined;
    this.#post({ type, messages: messages.map(toFloorMessage) });
  }

  #append(messageId: string, partId: string, text: string): void {
    if (this.#lastAppend?.partId === partId) {
      this.#lastAppend.text += text;
      return;
    }
    const append = { kind: 'append' as const, messageId, partId, text };
    this.#add(append);
    this.#lastAppend = append;
  }

  #add(change: FloorChange): void {
    this.#lastAppend = undefined;
    this.#changes.push(change);
    if (this.#timer === undefined) this.#timer = setTimeout(() => this.#flush(), frame);
  }

  #flush(): void {
    this.#timer = undefined;
    const changes = this.#changes;
    this.#changes = [];
    this.#lastAppend = undefined;
    this.#post({ type: 'changes', changes });
  }

  #post(message: ToFloor): void {
    this.#link.post(message);
  }
}

function toFloorMessage({ info, parts }: Message): FloorMessage {
  return { id: info.id, role: info.role, parts: parts.map(toFloorPart) };
}

function toFloorPart({ id, type, text, tool, state }: Part): FloorPart {
  if (type !== 'tool') return { id, type, text: text ?? '' };
  const title = `${tool ?? ''} ${state?.title ?? ''}`;
  return { id, type, text: title, detail: (state?.output ?? '').slice(0, 2000) };
}
