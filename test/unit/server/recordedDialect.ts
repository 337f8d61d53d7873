import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Dialect, EventsOptions } from '../../../src/server/dialect/dialect.ts';
import { liveOpenCode } from '../../../src/server/liveOpenCode.ts';
import { knownEventTypes, type SentEvent, ServerEvent } from '../../../src/protocol/events.ts';
import type { Message, MessageWithParts, Part, Session } from '../../../src/protocol/records.ts';
import { hearing } from '../core/hearing.ts';
import { allAbilities, aServer } from '../commands/commands.ts';

/** A dialect that no OpenCode speaks: its server says what was recorded of a real one, and can do less than that. */
export interface RecordedDialect {
  readonly dialect: Dialect;
  readonly session: Session;
  /** Has the server do what was recorded; from then on it answers with what came of it. */
  play(): void;
}

export function recordedDialect(name: string): RecordedDialect {
  const events = readRecording(name);
  const [session] = events.flatMap(({ type, properties }) =>
    type === 'session.updated' ? [properties.info] : [],
  );
  if (session === undefined) throw new Error(`${name} tells of no session`);
  const played: SentEvent[] = [];
  let listener: EventsOptions['onEvent'] = () => undefined;
  const abilities = { ...allAbilities, todos: false, archive: false };
  const recorded = aServer(
    {
      listProject: () => ({ here: [session], elsewhere: [] }),
      listStatuses: () => ({}),
      listPermissions: () => [],
      listQuestions: () => [],
      listMessages: () => ({ messages: messagesOf(played) }),
    },
    abilities,
  );
  const dialect: Dialect = {
    name: 'recorded',
    series: { generation: 7, oldest: 0, newest: 1 },
    installCommand: 'none',
    abilities,
    introduction: { path: '/who', read: (body) => (typeof body === 'string' ? body : undefined) },
    guardedPath: '/guarded',
    readOutput: (text) => ({ text, fault: undefined }),
    nameDirectories: async (directories) => [...directories],
    // The recorded one has all names, `then` among them.
    openClient: async () =>
      liveOpenCode(
        () => recorded.openCode,
        () => abilities,
      ),
    openEvents: async ({ onEvent, signal }) => {
      listener = onEvent;
      const ended = Promise.withResolvers<'closed'>();
      signal.addEventListener('abort', () => ended.resolve('closed'));
      return { ended: ended.promise };
    },
  };
  return {
    dialect,
    session,
    play: () => {
      const hear = hearing({ apply: (event) => listener(event) });
      for (const event of events) {
        played.push(event);
        hear(event);
      }
    },
  };
}

function readRecording(name: string): SentEvent[] {
  const text = readFileSync(join(import.meta.dirname, '..', 'recordings', `${name}.json`), 'utf8');
  const events = JSON.parse(text) as { type: string }[];
  return events.filter(({ type }) => knownEventTypes.has(type)).map((event) => ServerEvent.parse(event));
}

/** What a server holds that told these events. */
function messagesOf(events: readonly SentEvent[]): MessageWithParts[] {
  const infos = new Map<string, Message>();
  const parts = new Map<string, Part>();
  for (const { type, properties } of events) {
    if (type === 'message.updated') infos.set(properties.info.id, properties.info);
    if (type === 'message.removed') infos.delete(properties.messageID);
    if (type === 'message.part.updated') parts.set(properties.part.id, properties.part);
    if (type === 'message.part.removed') parts.delete(properties.partID);
  }
  return [...infos.values()]
    .toSorted((one, other) => (one.id < other.id ? -1 : 1))
    .map((info) => ({ info, parts: [...parts.values()].filter(({ messageID }) => messageID === info.id) }));
}
