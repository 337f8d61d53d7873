import * as z from 'zod';
import { Emitter } from '../../core/event.ts';
import type { Abilities } from '../../core/ports/abilities.ts';
import type { ServerEvent } from '../../protocol/events.ts';
import type { ClientOptions, Dialect, DialectPorts, EventsOptions, StreamEnd } from '../dialect/dialect.ts';
import { DirectorySet, realDirectories } from '../dialect/directories.ts';
import { openEventStream } from '../http/eventStream.ts';
import { Api } from './api.ts';
import { Fold } from './fold.ts';
import { KnownSessions } from './knownSessions.ts';
import { Messages2 } from './messages2.ts';
import { abilities2, OpenCode2 } from './openCode2.ts';
import { MessageOrder } from './order.ts';
import { SeenEvents } from './seenEvents.ts';
import { SentCommands } from './sentCommands.ts';

const Info = z.object({ version: z.string(), pid: z.number() });

const eventPath = '/api/event';
/** The server sends a comment every 15 s (2.0.26); two and a half of them without a byte is a dead connection. */
const longestSilence = 37_500;

/** How OpenCode 2.x is spoken with. */
export function createDialect2({ wait, log }: DialectPorts): Dialect {
  // One for all clients and streams of the window: what was told once is told the same again.
  const order = new MessageOrder();
  const known = new KnownSessions();
  const seen = new SeenEvents();
  const commands = new SentCommands();
  // The companion keeps the todos, and says so itself: until it does in this connection, there are none.
  const abilities: { -readonly [Ability in keyof Abilities]: Abilities[Ability] } = { ...abilities2 };
  let connections = 0;
  const heard = new Emitter<ServerEvent>();
  const open = ({ endpoint, signal, onMissing }: ClientOptions): OpenCode2 => {
    const api = new Api(endpoint, signal, { onMissing, connection: () => connections });
    const messages = new Messages2(api, order);
    return new OpenCode2({ api, abilities, known, messages, commands, wait, log, onDidHear: heard.event });
  };
  return {
    name: '2.x',
    series: { generation: 2, oldest: 0, newest: 0 },
    installCommand: 'npm install -g opencode-ai@2',
    abilities,
    introduction: {
      path: '/api/info',
      read: (body, status) => (status === 200 ? Info.safeParse(body).data?.version : undefined),
    },
    guardedPath: eventPath,
    readOutput: (output) => ({ text: withoutSecrets(output), fault: undefined }),
    nameDirectories: realDirectories,
    openClient: async (options) => open(options),
    openEvents: (options) => openEvents(options),
  };

  async function openEvents(options: EventsOptions): Promise<{ readonly ended: Promise<StreamEnd> }> {
    const { endpoint, signal, directories, onEvent, silence = longestSilence } = options;
    connections += 1;
    abilities.todos = false;
    const openCode = open(options);
    const listening = Promise.withResolvers<void>();
    let set = toSet(directories());
    const fold = new Fold({
      known,
      seen,
      commands,
      order,
      log,
      messages: openCode.reading,
      getSession: (sessionId) => openCode.getSession(sessionId),
      onRefused: (sessionId) => openCode.cancelOurs(sessionId),
      directories: () => {
        if (set.all !== directories()) set = toSet(directories());
        return set;
      },
      tell: (event) => {
        if (event.type === 'server.connected') listening.resolve();
        if (event.type === 'companion.answered' && event.properties.todos === true) abilities.todos = true;
        onEvent(event);
        heard.fire(event);
      },
    });
    const { ended } = await openEventStream({
      endpoint,
      signal,
      path: eventPath,
      silence,
      onData: (data) => {
        if (!signal.aborted) fold.take(data);
      },
    });
    // Its first word is said once it listens to all that happens: nothing has to be proven.
    await Promise.race([listening.promise, ended]);
    return { ended };
  }
}

function toSet(directories: readonly string[]): DirectorySet {
  return new DirectorySet(directories, process.platform, () => true);
}

/** A server that was given no password prints the one that it made up. */
function withoutSecrets(output: string): string {
  return output.replaceAll(/(server password:? )\S+/g, '$1…');
}
