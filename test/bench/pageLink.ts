import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';

/** One page that is open, as its host sees it: what `webview.postMessage` and `onDidReceiveMessage` are in VS Code. */
export interface PageLink {
  readonly sessionId: string;
  post(message: unknown): void;
  onAsk(listener: (message: unknown) => void): void;
  onClose(listener: () => void): void;
}

/** How much was posted to all pages. */
export interface Traffic {
  readonly messages: number;
  readonly bytes: number;
}

const contentTypes: Readonly<Record<string, string>> = {
  '.css': 'text/css',
  '.js': 'text/javascript',
  '.ttf': 'font/ttf',
};

interface PageEvents {
  readonly sent: (bytes: number) => void;
  readonly closed: () => void;
}

/** A page from the moment at which its HTML is asked for; what is posted before it listens waits for it. */
class OpenedPage implements PageLink {
  readonly sessionId: string;
  readonly #events: PageEvents;
  #response: ServerResponse | undefined;
  #waiting = '';
  #asked: ((message: unknown) => void) | undefined;
  #closed: (() => void) | undefined;

  constructor(sessionId: string, events: PageEvents) {
    this.sessionId = sessionId;
    this.#events = events;
  }

  post(message: unknown): void {
    const line = `${JSON.stringify(message)}\n`;
    this.#events.sent(Buffer.byteLength(line));
    if (this.#response === undefined) this.#waiting += line;
    else this.#response.write(line);
  }

  onAsk(listener: (message: unknown) => void): void {
    this.#asked = listener;
  }

  onClose(listener: () => void): void {
    this.#closed = listener;
  }

  asks(message: unknown): void {
    this.#asked?.(message);
  }

  attach(response: ServerResponse): void {
    this.#response = response;
    response.writeHead(200, { 'content-type': 'application/x-ndjson', 'cache-control': 'no-store' });
    response.flushHeaders();
    response.write(this.#waiting);
    response.once('close', () => {
      this.#events.closed();
      this.#closed?.();
    });
  }
}

/** Serves the built page on loopback, with the policy of the webview, and links each page that opens to its host. */
export class PageServer {
  readonly #folders: readonly string[];
  readonly #script: string;
  readonly #onPage: (link: PageLink) => void;
  readonly #pages = new Map<string, OpenedPage>();
  readonly #server = createServer((request, response) => {
    this.#answer(request, response).catch((error: unknown) => response.writeHead(500).end(String(error)));
  });
  #traffic: Traffic = { messages: 0, bytes: 0 };

  /** `folders` hold the files; `script` is the one of the page. */
  constructor(folders: readonly string[], script: string, onPage: (link: PageLink) => void) {
    this.#folders = folders;
    this.#script = script;
    this.#onPage = onPage;
  }

  get traffic(): Traffic {
    return this.#traffic;
  }

  /** Resolves with the address. */
  async listen(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://page.invalid');
    const page = searchParams.get('page') ?? '';
    if (pathname === '/') {
      // As a panel does, which knows its session before its page is there.
      this.#link(page, searchParams.get('session') ?? '');
      return this.#sendHtml(response);
    }
    if (pathname === '/feed') return this.#pages.get(page)?.attach(response);
    if (pathname === '/asked') {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      this.#pages.get(page)?.asks(JSON.parse(Buffer.concat(chunks).toString()));
      response.writeHead(204).end();
      return;
    }
    await this.#sendFile(pathname, response);
  }

  #link(page: string, sessionId: string): void {
    const opened = new OpenedPage(sessionId, {
      sent: (bytes) => {
        this.#traffic = { messages: this.#traffic.messages + 1, bytes: this.#traffic.bytes + bytes };
      },
      closed: () => this.#pages.delete(page),
    });
    this.#pages.set(page, opened);
    this.#onPage(opened);
  }

  #sendHtml(response: ServerResponse): void {
    const nonce = randomBytes(18).toString('base64url');
    const policy = [
      `default-src 'none'`,
      `script-src 'nonce-${nonce}'`,
      `style-src 'self'`,
      `font-src 'self'`,
      `img-src data:`,
      // For the bridge alone; a webview has neither.
      `worker-src 'self'`,
      `connect-src 'self'`,
    ].join('; ');
    response.writeHead(200, { 'content-type': 'text/html', 'content-security-policy': policy });
    response.end(`<!DOCTYPE html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <link rel="stylesheet" href="/transcript.css" />
    <link rel="stylesheet" href="/theme.css" />
    <script nonce="${nonce}" src="/bridge.js"></script>
  </head>
  <body class="vscode-dark">
    <div id="transcript"></div>
    <script type="module" nonce="${nonce}" src="/${this.#script}"></script>
  </body>
</html>
`);
  }

  async #sendFile(pathname: string, response: ServerResponse): Promise<void> {
    for (const folder of this.#folders) {
      const content = await readFile(join(folder, pathname)).catch(() => undefined);
      if (content === undefined) continue;
      const type = contentTypes[extname(pathname)] ?? 'application/octet-stream';
      // Loaded from the browser's cache when the page is opened again, as a webview's files are.
      response.writeHead(200, { 'content-type': type, 'cache-control': 'max-age=3600' }).end(content);
      return;
    }
    response.writeHead(404).end();
  }
}
