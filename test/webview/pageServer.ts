import { createServer, type Server } from 'node:http';
import { readdir, readFile } from 'node:fs/promises';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { themeKinds, themeStyle, type ThemeKind } from './themes.ts';

const dist = join(import.meta.dirname, '..', '..', 'dist');
const files = ['transcript.js', 'transcript.css', 'codicon.ttf'];
const types: Readonly<Record<string, string>> = { js: 'text/javascript', css: 'text/css', ttf: 'font/ttf' };

interface Answer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string | Buffer;
}

/** The files that the page loads when they are wanted, or once it is idle. */
export async function readPieces(): Promise<readonly string[]> {
  const names = await readdir(join(dist, 'page'));
  return names.filter((name) => name.endsWith('.js')).map((name) => `page/${name}`);
}

/** Serves the built page as a webview does: with a nonce and the strict content security policy. */
export class PageServer {
  readonly #server: Server;
  /** What is served, by name: the built page and scripts of tests. */
  readonly #files: Map<string, string | Buffer>;

  private constructor(server: Server, served: Map<string, string | Buffer>) {
    this.#server = server;
    this.#files = served;
  }

  static async start(): Promise<PageServer> {
    const server = createServer();
    const built = [...files, ...(await readPieces())].map(async (name): Promise<[string, Buffer]> => [
      name,
      await readFile(join(dist, name)),
    ]);
    const made = new PageServer(server, new Map<string, string | Buffer>(await Promise.all(built)));
    server.on('request', (request, response) => {
      const { status, headers, body } = made.#answer(new URL(request.url ?? '/', 'http://page'));
      response.writeHead(status, headers).end(body);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return made;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The address of the page under a theme, with sentences in another language, or of an empty one that runs `script`. */
  address(
    theme: ThemeKind,
    {
      script = 'transcript.js',
      strings,
    }: { script?: string; strings?: Readonly<Record<string, string>> } = {},
  ): string {
    const said = strings === undefined ? '' : `&strings=${encodeURIComponent(JSON.stringify(strings))}`;
    return `${this.origin}/page?theme=${theme}&script=${script}${said}`;
  }

  addScript(name: string, text: string): void {
    this.#files.set(name, text);
  }

  async stop(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }

  #answer(url: URL): Answer {
    if (url.pathname === '/page') return this.#page(url);
    const theme = themeKinds.find((kind) => url.pathname === `/${kind}.css`);
    if (theme) return { status: 200, headers: { 'content-type': 'text/css' }, body: themeStyle(theme) };
    const name = url.pathname.slice(1);
    const type = types[name.split('.').at(-1) ?? ''] ?? 'text/plain';
    const body = this.#files.get(name);
    return { status: body === undefined ? 404 : 200, headers: { 'content-type': type }, body: body ?? '' };
  }

  #page(url: URL): Answer {
    const nonce = 'test-nonce';
    const theme = url.searchParams.get('theme') ?? 'vscode-dark';
    const script = url.searchParams.get('script') ?? 'transcript.js';
    const strings = url.searchParams.get('strings');
    const said = strings === null ? '' : `<script id="strings" type="application/json">${strings}</script>`;
    const policy = [
      "default-src 'none'",
      `script-src 'nonce-${nonce}'`,
      `style-src ${this.origin}`,
      `font-src ${this.origin}`,
      `img-src ${this.origin} data:`,
    ].join('; ');
    const body = `<!doctype html><html lang="en"><head><meta charset="utf-8"><link rel="icon" href="data:,"><title>Transcript</title>
<meta http-equiv="Content-Security-Policy" content="${policy}">
<link rel="stylesheet" href="/${theme}.css"><link rel="stylesheet" href="/transcript.css"></head>
<body class="${theme}"><div id="transcript"></div>${said}<script type="module" nonce="${nonce}" src="/${script}"></script></body></html>`;
    return { status: 200, headers: { 'content-type': 'text/html; charset=utf-8' }, body };
  }
}
