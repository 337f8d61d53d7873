import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { HostConfig, HostOrder, HostOrders } from './hostOrders.ts';

/** A host process of the benchmark; see `hostProcess.ts`. */
export class HostClient {
  readonly #child: ChildProcess;
  readonly #url: string;
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>();
  #orders = 0;
  #pages = 0;

  constructor(child: ChildProcess, url: string) {
    this.#child = child;
    this.#url = url;
    child.on('message', ({ id, answer }: { id: number; answer: unknown }) => {
      this.#waiting.get(id)?.resolve(answer);
      this.#waiting.delete(id);
    });
    child.once('exit', () => {
      for (const { reject } of this.#waiting.values()) reject(new Error('A host process ended.'));
    });
  }

  /** The address of a page of its own that shows this session. */
  pageUrl(sessionId: string): string {
    return `${this.#url}/?session=${sessionId}&page=${(this.#pages += 1)}`;
  }

  order<Order extends HostOrder>(
    order: Order,
    asked: HostOrders[Order]['asked'],
  ): Promise<HostOrders[Order]['answer']> {
    const id = (this.#orders += 1);
    const answer = Promise.withResolvers<unknown>();
    this.#waiting.set(id, answer);
    this.#child.send({ id, order, asked });
    return answer.promise as Promise<HostOrders[Order]['answer']>;
  }

  async stop(): Promise<void> {
    if (!this.#child.connected) return;
    const ended = once(this.#child, 'exit');
    this.#child.disconnect();
    await ended;
  }
}

/** Starts a host process; resolves when it is connected to the server. */
export async function startHost(config: HostConfig): Promise<HostClient> {
  const child = fork(join(import.meta.dirname, 'hostProcess.ts'), [JSON.stringify(config)], {
    execArgv: ['--expose-gc'],
  });
  const ended = once(child, 'exit').then(() => {
    throw new Error(`The ${config.kind}'s host process ended before it listened.`);
  });
  const [{ url }] = (await Promise.race([once(child, 'message'), ended])) as [{ url: string }];
  return new HostClient(child, url);
}
