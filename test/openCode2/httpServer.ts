import { timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { ZodError } from 'zod';
import { ApiError } from './state/apiError.ts';
import { describeRoutes, findRoute, isStreaming, type Route } from './routes/route.ts';

interface Surroundings {
  readonly routes: readonly Route[];
  readonly version: string;
  readonly password: string;
  /** The folder of requests that name none. */
  readonly directory: string;
}

const page =
  '<!doctype html><html><head><title>OpenCode</title></head><body><div id="root"></div></body></html>';

const prefixes: Readonly<Record<string, string>> = {
  sessionID: 'ses_',
  messageID: 'msg_',
  inboxID: 'msg_',
  requestID: 'per_',
  formID: 'frm_',
};

/** The API over HTTP: who may ask, which route answers, and how what goes wrong is said. */
export function makeHttpServer(surroundings: Surroundings): Server {
  return createServer((request, response) => {
    answer(surroundings, request, response).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else sendError(response, error);
    });
  });
}

async function answer(
  { routes, version, password, directory }: Surroundings,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://localhost');
  const isApi = url.pathname === '/openapi.json' || /^\/api(\/|$)/.test(url.pathname);
  // The web page asks for the password itself.
  if (!isApi) return void response.writeHead(200, { 'content-type': 'text/html;charset=utf-8' }).end(page);
  if (!isAllowed(request, url, password)) throw new ApiError(401, 'UnauthorizedError', 'Unauthorized');
  if (url.pathname === '/openapi.json') return sendJson(response, 200, describeRoutes(routes, version));
  const found = findRoute(routes, request.method ?? 'GET', url.pathname);
  if (found === undefined) return void response.writeHead(404).end();
  checkIds(found.params);
  const body = found.route.method === 'GET' ? undefined : await readBody(request);
  const answered = await found.route.run({
    params: found.params,
    query: url.searchParams,
    directory: directoryOf(request, url) ?? directory,
    body,
    request,
    response,
  });
  if (answered === isStreaming) return;
  if (answered === undefined) response.writeHead(204).end();
  else sendJson(response, 200, answered);
}

function isAllowed(request: IncomingMessage, url: URL, password: string): boolean {
  const [, basic] = /^Basic (.+)$/i.exec(request.headers.authorization ?? '') ?? [];
  const given = Buffer.from(basic ?? url.searchParams.get('auth_token') ?? '', 'base64');
  const wanted = Buffer.from(`opencode:${password}`);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

function directoryOf(request: IncomingMessage, url: URL): string | undefined {
  const header = request.headers['x-opencode-directory'];
  return (
    url.searchParams.get('location[directory]') ??
    (typeof header === 'string' ? decodeURIComponent(header) : undefined)
  );
}

function checkIds(params: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(params)) {
    const prefix = prefixes[name];
    if (prefix === undefined || value.startsWith(prefix)) continue;
    throw new ApiError(400, 'InvalidRequestError', `Malformed: ${value}`, { kind: 'Params', field: name });
  }
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString('utf8');
  if (text === '') return {};
  try {
    return JSON.parse(text);
  } catch {
    throw new ApiError(400, 'InvalidRequestError', 'The body is not JSON.', { kind: 'Body' });
  }
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

function sendError(response: ServerResponse, error: unknown): void {
  if (error instanceof ApiError) {
    return sendJson(response, error.status, { _tag: error.tag, message: error.message, ...error.fields });
  }
  if (error instanceof ZodError) {
    const [issue] = error.issues;
    const field = issue?.path.join('.');
    return sendJson(response, 400, {
      _tag: 'InvalidRequestError',
      message: issue?.message,
      kind: 'Body',
      field,
    });
  }
  console.error(error);
  response.writeHead(500).end();
}
