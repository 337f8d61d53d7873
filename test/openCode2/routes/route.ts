import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';

/** A request that found its route, with what it says of itself. */
export interface Asked<Body> {
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** The folder that it names, else the one that the server was started in. */
  readonly directory: string;
  readonly body: Body;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** What is answered in place of JSON: a stream that the route writes itself. */
export const isStreaming = Symbol('streaming');

export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With its parameters as `{sessionID}`. */
  readonly path: string;
  readonly query: readonly string[];
  readonly body?: z.ZodType;
  /** Answers with JSON (200) or with nothing (204). */
  run(asked: Asked<unknown>): unknown;
}

/** A route without a body, e.g. `get('/api/info', …)`. */
export function route(
  line: `${Route['method']} /${string}`,
  query: readonly string[],
  run: (asked: Asked<unknown>) => unknown,
): Route {
  return { ...readLine(line), query, run };
}

/** A route whose body has these fields; others are passed over. */
export function routeWith<Shape extends z.ZodRawShape>(
  line: `${Route['method']} /${string}`,
  shape: Shape,
  run: (asked: Asked<z.output<z.ZodObject<Shape>>>) => unknown,
  query: readonly string[] = [],
): Route {
  const body = z.object(shape);
  return { ...readLine(line), query, body, run: (asked) => run({ ...asked, body: body.parse(asked.body) }) };
}

function readLine(line: string): Pick<Route, 'method' | 'path'> {
  const [method = '', path = ''] = line.split(' ');
  return { method: method as Route['method'], path };
}

/** What was asked for, with its parameters, or undefined. */
export function findRoute(
  routes: readonly Route[],
  method: string,
  path: string,
): { readonly route: Route; readonly params: Readonly<Record<string, string>> } | undefined {
  const pieces = path.split('/');
  for (const route of routes) {
    const wanted = route.path.split('/');
    if (route.method !== method || wanted.length !== pieces.length) continue;
    const params: Record<string, string> = {};
    const isMatch = wanted.every((piece, at) => {
      const name = /^\{(\w+)\}$/.exec(piece)?.[1];
      if (name === undefined) return piece === pieces[at];
      params[name] = decodeURIComponent(pieces[at] ?? '');
      return params[name] !== '';
    });
    if (isMatch) return { route, params };
  }
  return undefined;
}

/** Lists exactly the routes that there are, with the fields of their bodies. */
export function describeRoutes(routes: readonly Route[], version: string): unknown {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const { method, path, query, body } of routes) {
    const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({ name, in: 'path', required: true }));
    paths[path] = {
      ...paths[path],
      [method.toLowerCase()]: {
        operationId: `${method.toLowerCase()}${path.replaceAll(/[/{}]+/g, '.')}`,
        parameters: [...named, ...query.map((name) => ({ name, in: 'query' }))].map((parameter) => ({
          ...parameter,
          schema: { type: 'string' },
        })),
        ...(body === undefined
          ? {}
          : {
              requestBody: {
                content: { 'application/json': { schema: z.toJSONSchema(body, { io: 'input' }) } },
              },
            }),
        responses: { 200: { description: 'Success' } },
      },
    };
  }
  return { openapi: '3.1.0', info: { title: 'opencode', version }, paths };
}
