import { Emitter } from '../../../core/event.ts';
import type { Log } from '../../../core/log.ts';
import { signEventType } from '../../../protocol/companion.ts';
import type { ServerEvent } from '../../../protocol/events.ts';
import type { Todo } from '../../../protocol/records.ts';
import type { DialectPorts } from '../../dialect/dialect.ts';
import { DirectorySet } from '../../dialect/directories.ts';
import type { Within } from '../../dialect/within.ts';
import type { Endpoint } from '../../http/endpoint.ts';
import { Api } from '../api.ts';
import { readToldByCompanion } from '../channel/companionChannel.ts';
import { Fold } from '../fold.ts';
import { KnownSessions } from '../knownSessions.ts';
import { Messages2 } from '../messages2.ts';
import { abilities2, OpenCode2, type OpenCode2Ports } from '../openCode2.ts';
import { MessageOrder } from '../order.ts';
import { SeenEvents } from '../seenEvents.ts';
import { SentCommands } from '../sentCommands.ts';

export interface Within2Options extends Pick<DialectPorts, 'wait'> {
  readonly endpoint: Endpoint;
  /** Ends what is still under way. */
  readonly signal: AbortSignal;
  readonly directory: string;
  /** Todos as the companion keeps them, in the place of the server. */
  readonly listTodos: (sessionId: string) => Promise<Todo[]>;
  /** Has the server tell a text to all who listen to it. */
  readonly tell: (text: string) => Promise<void>;
  readonly log: Log;
}

/** OpenCode 2.x as the companion in its own process asks and hears it. */
export function openWithin2({
  endpoint,
  signal,
  directory,
  listTodos,
  tell,
  wait,
  log,
}: Within2Options): Within {
  const heard = new Emitter<ServerEvent>();
  const order = new MessageOrder();
  const known = new KnownSessions();
  const commands = new SentCommands();
  const api = new Api(endpoint, signal, { connection: () => 0 });
  const messages = new Messages2(api, order);
  const abilities = { ...abilities2, todos: true };
  const ports = { api, abilities, known, messages, commands, wait, log, onDidHear: heard.event };
  const openCode = new OpenCodeWithin2(ports, listTodos);
  const directories = new DirectorySet([directory], process.platform, () => true);
  const fold = new Fold({
    known,
    seen: new SeenEvents(),
    commands,
    order,
    log,
    messages: openCode.reading,
    getSession: (sessionId) => openCode.getSession(sessionId),
    onRefused: (sessionId) => openCode.cancelOurs(sessionId),
    directories: () => directories,
    tell: (event) => heard.fire(event),
  });
  return {
    openCode,
    tell,
    onDidHear: heard.event,
    // It has nothing by which others could show something at its terminal.
    showToast: () => Promise.resolve(),
    hear: (event) => {
      const { type, data } = event as { readonly type?: unknown; readonly data?: Record<string, unknown> };
      if (type === signEventType) {
        const said = readToldByCompanion(type, data ?? {}, directory);
        if (said !== undefined) heard.fire(said);
      } else if (typeof type === 'string' && !isPiece(type)) fold.take(JSON.stringify(event));
    },
  };
}

/** OpenCode 2.x, which keeps no todos: those of the companion stand for them. */
class OpenCodeWithin2 extends OpenCode2 {
  readonly #listTodos: Within2Options['listTodos'];

  constructor(ports: OpenCode2Ports, list: Within2Options['listTodos']) {
    super(ports);
    this.#listTodos = list;
  }

  override listTodos(sessionId: string): Promise<Todo[]> {
    return this.#listTodos(sessionId);
  }
}

/** Most events are pieces of answers, which are told once more when they end; and its own words come back to it. */
function isPiece(type: string): boolean {
  return type.endsWith('.delta') || type === 'session.tool.progress' || type.startsWith('rpc.');
}
