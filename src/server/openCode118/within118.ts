import { UnavailableProblem } from '../../core/errors.ts';
import { Emitter } from '../../core/event.ts';
import { l10n } from '../../core/l10n.ts';
import type { Log } from '../../core/log.ts';
import { isSign, type ServerEvent } from '../../protocol/events.ts';
import type { DialectPorts } from '../dialect/dialect.ts';
import type { Within } from '../dialect/within.ts';
import { Compactions } from './compactions.ts';
import { DirectorySet } from '../dialect/directories.ts';
import { EventParser } from './eventParser.ts';
import { createClientOver, OpenCode118, type SendRequest } from './openCode118.ts';
import { TurnEvents } from './turnEvents.ts';

export interface WithinOptions extends Pick<DialectPorts, 'kept' | 'wait'> {
  /** Of the requests; nothing has to listen there. */
  readonly baseUrl: string;
  /** Hands a request to the server, which need not listen to anybody else (OpenCode's terminal alone does not). */
  readonly fetch: (request: Request) => Promise<Response>;
  readonly directory: string;
  readonly log: Log;
}

/** OpenCode 1.18 as a plugin in its own process asks and hears it. */
export async function openWithin118({
  baseUrl,
  fetch,
  directory,
  log,
  ...ports
}: WithinOptions): Promise<Within> {
  const heard = new Emitter<ServerEvent>();
  const compactions = new Compactions({ ...ports, server: () => openCode, onDidHear: heard.event, log });
  const openCode = new OpenCode118(await createClientOver(baseUrl, sendBy(fetch)), compactions);
  const parser = new EventParser(log);
  const turns = new TurnEvents();
  const directories = new DirectorySet([directory]);
  turns.begin();
  return {
    openCode,
    tell: (text) => openCode.giveSign(directory, text),
    showToast: (toast) => openCode.showToast(directory, toast),
    onDidHear: heard.event,
    hear: (payload) => {
      const event = parser.read({ directory, payload: payload as { readonly type?: unknown } }, directories);
      if (event === undefined) return;
      const turn = isSign(event) ? undefined : turns.follow(event);
      const told = turn === undefined ? [event] : [event, turn];
      for (const each of told) heard.fire(each);
    },
  };
}

function sendBy(fetch: WithinOptions['fetch']): SendRequest {
  return async (request, url) => {
    try {
      return await fetch(new Request(url, request));
    } catch (cause) {
      throw new UnavailableProblem(l10n.t('OpenCode did not answer.'), { cause });
    }
  };
}
