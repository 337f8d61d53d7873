import * as z from 'zod';
import { UnavailableProblem } from '../../core/errors.ts';
import { Emitter } from '../../core/event.ts';
import { l10n } from '../../core/l10n.ts';
import type { Log } from '../../core/log.ts';
import { isSign, type ServerEvent } from '../../protocol/events.ts';
import type { ClientOptions, Dialect, DialectPorts, EventsOptions, StreamEnd } from '../dialect/dialect.ts';
import { Compactions } from './compactions.ts';
import { readConfigurationOutput, withoutQuotedFile } from './configurationFault.ts';
import { DirectorySet, realDirectories } from '../dialect/directories.ts';
import { EventParser } from './eventParser.ts';
import { openEventStream } from '../http/eventStream.ts';
import { Sign, untilListening } from './listening.ts';
import { stream118 } from './stream118.ts';
import { TurnEvents } from './turnEvents.ts';
import { abilities118, createClient, OpenCode118 } from './openCode118.ts';

const Health = z.object({ version: z.string() });

/** How OpenCode 1.18 and 1.19 are spoken with. */
export function createDialect118({ live, log, ...ports }: DialectPorts): Dialect {
  // One for all streams: what cannot be read is said once.
  const parser = new EventParser(log);
  const turns = new TurnEvents();
  const heard = new Emitter<ServerEvent>();
  const server = (): OpenCode118 => {
    const client = live();
    if (client instanceof OpenCode118) return client;
    throw new UnavailableProblem(l10n.t('The connection is to a server of another generation by now.'), {
      mayHaveArrived: false,
    });
  };
  const compactions = new Compactions({ ...ports, server, onDidHear: heard.event, log });
  const open = async ({ endpoint, signal, onMissing }: ClientOptions): Promise<OpenCode118> =>
    new OpenCode118(await createClient(endpoint, signal, onMissing), compactions);
  return {
    name: '1.18',
    series: { generation: 1, oldest: 18, newest: 19 },
    // Without a version, 2.x would come.
    installCommand: 'npm install -g opencode-ai@1',
    abilities: abilities118,
    introduction: {
      path: '/global/health',
      challenge: /^basic realm="secure area"$/i,
      read: (body, status) => (status === 200 ? Health.safeParse(body).data?.version : undefined),
    },
    // All stands behind the password, but gateways make exceptions for what only says whether a server is there.
    guardedPath: stream118.path,
    readOutput: (output) => ({ text: withoutQuotedFile(output), fault: readConfigurationOutput(output) }),
    nameDirectories: realDirectories,
    openClient: open,
    openEvents: async (options) => openEvents(options, await open(options), { parser, turns, heard }, log),
  };
}

interface Hearing {
  readonly parser: EventParser;
  readonly turns: TurnEvents;
  readonly heard: Emitter<ServerEvent>;
}

async function openEvents(
  { endpoint, signal, directories, onEvent, silence = stream118.silence }: EventsOptions,
  openCode: OpenCode118,
  { parser, turns, heard }: Hearing,
  log: Log,
): Promise<{ readonly ended: Promise<StreamEnd> }> {
  const tell = (event: ServerEvent): void => {
    onEvent(event);
    heard.fire(event);
  };
  const sign = new Sign();
  turns.begin();
  let set = new DirectorySet(directories());
  const { ended } = await openEventStream({
    endpoint,
    signal,
    path: stream118.path,
    silence,
    onData: (data) => {
      sign.hear(data);
      if (set.all !== directories()) set = new DirectorySet(directories());
      const event = parser.parse(data, set);
      if (event === undefined) return;
      tell(event);
      if (isSign(event)) return;
      const turn = turns.follow(event);
      if (turn !== undefined) tell(turn);
    },
  });
  await untilListening({ sign, ended, directories: directories(), openCode, signal, log });
  return { ended };
}
