import { NotFoundProblem } from '../../../src/core/errors.ts';
import type { KeptText, WrittenFile } from '../../../src/core/ports/writtenFile.ts';
import { secretlint } from '../../../src/editor/secretlint.ts';
import type { ExportOptions, ExportRequest } from '../../../src/flows/transfer/exportRequest.ts';
import type { ExportSessionsPorts } from '../../../src/flows/transfer/exportSessions.ts';
import type { MessageWithParts, Session } from '../../../src/protocol/records.ts';
import { aHistory } from '../core/builders.ts';
import { aStore } from '../core/stores.ts';

/** A file that a test holds; `failAt`: what is written then does not fit any more. */
export class HeldFile implements WrittenFile {
  readonly path = '/held/file.part';
  readonly #kept: string[] = [];
  readonly #onWrite: (text: string) => void;
  text = '';
  state: 'open' | 'finished' | 'discarded' = 'open';

  constructor(onWrite: (text: string) => void = () => undefined) {
    this.#onWrite = onWrite;
  }

  async write(text: string): Promise<void> {
    this.#onWrite(text);
    this.text += text;
  }

  async keep(text: string): Promise<KeptText> {
    return { start: this.#kept.push(text) - 1, length: text.length };
  }

  async read({ start }: KeptText): Promise<string> {
    return this.#kept[start] ?? '';
  }

  async flush(): Promise<void> {}

  async finish(): Promise<void> {
    this.state = 'finished';
  }

  async discard(): Promise<void> {
    if (this.state === 'open') this.state = 'discarded';
  }
}

export interface Held {
  readonly session: Session;
  readonly messages: readonly MessageWithParts[];
}

/** A server with these sessions, and a store that knows them; `gone` are not on the server any more. */
export function someExports(held: readonly Held[], gone: ReadonlySet<string> = new Set()) {
  const byId = new Map(held.map((one) => [one.session.id, one]));
  const find = (id: string): Held => {
    const found = gone.has(id) ? undefined : byId.get(id);
    if (found === undefined) throw new NotFoundProblem('This session is not on the server any more.');
    return found;
  };
  const history = aHistory((id) => find(id).messages);
  const pages: number[] = [];
  const sessions = aStore(held.map(({ session }) => session));
  const ports: ExportSessionsPorts = {
    openCode: {
      getSession: async (id) => find(id).session,
      getStored: async (id) => find(id).session,
      listStored: async (id, page) => {
        const found = await history.listMessages(id, page);
        pages.push(found.messages.length);
        return found;
      },
    },
    sessions,
    secrets: secretlint,
    person: { homes: ['/home/anna'], user: 'anna' },
    now: () => Date.UTC(2026, 10, 29, 12, 0),
  };
  return { ports, sessions, pages };
}

export const usualOptions: ExportOptions = { redact: true, reasoning: 'omit', calls: 'cut', pictures: false };

export function aRequest(
  sessions: readonly Session[],
  given: Partial<Omit<ExportRequest, 'options'>> & { readonly options?: Partial<ExportOptions> } = {},
): ExportRequest {
  const { options, ...rest } = given;
  return {
    format: 'markdown',
    sessions,
    scope: 'session',
    ...rest,
    options: { ...usualOptions, ...options },
  };
}

export const watch = { report: () => undefined };
