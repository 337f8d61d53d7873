import * as z from 'zod/mini';
import type { Activity, WorkingSession } from '../../dialect/serving.ts';
import { authorizationHeader, type Endpoint } from '../../http/endpoint.ts';
import { readText, sendHttp } from '../../http/httpRequest.ts';

/** Milliseconds. */
const patience = { answer: 5_000, interrupting: 3_000 };

const Active = z.object({ data: z.record(z.string(), z.unknown()) });
const Titled = z.object({
  data: z.object({ title: z.optional(z.string()), parentID: z.optional(z.string()) }),
});

/** What one server works at: it lists the sessions of all folders that it runs (2.0.26). */
export class Activity2 implements Activity {
  readonly #endpoint: Endpoint;
  readonly #closing = new AbortController();

  constructor(endpoint: Endpoint) {
    this.#endpoint = endpoint;
  }

  async working(): Promise<readonly WorkingSession[] | undefined> {
    const active = Active.safeParse(await this.#ask('/api/session/active'));
    return active.success ? Object.keys(active.data.data).map((id) => ({ id })) : undefined;
  }

  async titleOf({ id }: WorkingSession): Promise<string | undefined> {
    const session = Titled.safeParse(await this.#ask(`/api/session/${id}`)).data?.data;
    if (session === undefined) return id;
    // One that has no title yet is named by its own window.
    return session.parentID === undefined ? (session.title ?? id) : undefined;
  }

  /** Interrupts all that runs, as a person would; never rejects. */
  async interrupt(): Promise<void> {
    const working = (await this.working()) ?? [];
    await Promise.all(
      working.map(({ id }) =>
        this.#ask(`/api/session/${id}/interrupt`, { method: 'POST', wait: patience.interrupting }),
      ),
    );
  }

  dispose(): void {
    this.#closing.abort();
  }

  /** Undefined where there is no answer, or none that can be read. */
  async #ask(path: string, { method = 'GET', wait = patience.answer } = {}): Promise<unknown> {
    try {
      const response = await sendHttp({
        url: `${this.#endpoint.url}${path}`,
        method,
        headers: authorizationHeader(this.#endpoint),
        signal: AbortSignal.any([this.#closing.signal, AbortSignal.timeout(wait)]),
      });
      return JSON.parse(await readText(response));
    } catch {
      return undefined;
    }
  }
}
