import * as z from 'zod/mini';
import type { Health } from '../../dialect/serving.ts';
import { authorizationHeader, type Endpoint } from '../../http/endpoint.ts';
import { readText, sendHttp } from '../../http/httpRequest.ts';

/** Where a server of 2.x says who it is. */
export const infoPath = '/api/info';

export const Info = z.object({ version: z.string(), pid: z.number() });

/** Milliseconds. */
const patience = 1_500;

/** What a server says of itself; undefined where it does not answer. Never rejects. */
export async function askInfo(endpoint: Endpoint): Promise<Health | undefined> {
  try {
    const response = await sendHttp({
      url: `${endpoint.url}${infoPath}`,
      headers: authorizationHeader(endpoint),
      signal: AbortSignal.timeout(patience),
    });
    const status = response.statusCode ?? 0;
    const text = await readText(response);
    return status === 200 ? { status, ...Info.safeParse(JSON.parse(text)).data } : { status };
  } catch {
    return undefined;
  }
}
