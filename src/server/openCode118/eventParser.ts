import type { Log } from '../../core/log.ts';
import * as z from 'zod';
import { signPrefix } from '../../protocol/companion.ts';
import { type SignEvent, knownEventTypes, type SentEvent, ServerEvent } from '../../protocol/events.ts';
import type { DirectorySet } from '../dialect/directories.ts';
import { readSign } from '../dialect/readSign.ts';

interface Envelope {
  readonly directory?: unknown;
  readonly payload?: { readonly type?: unknown };
}

const toldType = 'tui.command.execute';

/** By which any client, and a plugin, may have the server tell a text to all (1.18.33). */
const Told = z.object({
  type: z.literal(toldType),
  properties: z.object({ command: z.string() }),
});

const payload = '"payload":{';
/** The server repeats its durable events in another form, with the payload's type first (1.18). */
const syncType = '"type":"sync"';

/**
 * Reads the data of `/global/event`. What is not ours, not known or not well-formed becomes undefined: an
 * event of another window's directory, a type that we do not act on, and, logged once for each kind, what does
 * not fit its type.
 */
export class EventParser {
  readonly #log: Log;
  readonly #complained = new Set<string>();

  constructor(log: Log) {
    this.#log = log;
  }

  parse(data: string, directories: DirectorySet): SentEvent | SignEvent | undefined {
    if (isSync(data)) return undefined;
    return this.read(this.#parseJson(data), directories);
  }

  /** The same for an event that was not sent as a text. */
  read(envelope: Envelope | undefined, directories: DirectorySet): SentEvent | SignEvent | undefined {
    const type = envelope?.payload?.type;
    if (envelope === undefined || typeof type !== 'string' || !knownEventTypes.has(type)) return undefined;
    const sign = findSign(envelope);
    if (sign !== undefined) return readSaid(sign, envelope, directories);
    if (!isOurs(envelope.directory, directories)) return undefined;
    const event = ServerEvent.safeParse(envelope.payload);
    if (event.success) {
      return isAboutAnother(event.data, directories) ? undefined : withDirectory(event.data, envelope);
    }
    this.#complain(type, event.error.issues[0]);
    return undefined;
  }

  #parseJson(data: string): Envelope | undefined {
    try {
      const value: unknown = JSON.parse(data);
      return typeof value === 'object' && value !== null ? value : undefined;
    } catch (error) {
      this.#complain('json', error);
      return undefined;
    }
  }

  #complain(kind: string, detail: unknown): void {
    if (this.#complained.has(kind)) return;
    this.#complained.add(kind);
    this.#log.warn(`Event of kind ${kind} could not be read; further ones are passed over silently`, detail);
  }
}

/** A text of ours that the server was made to tell to all; it is no wish of anybody. Most events are pieces of answers, and come by the hundred. */
function findSign(envelope: Envelope): string | undefined {
  if (envelope.payload?.type !== toldType) return undefined;
  const command = Told.safeParse(envelope.payload).data?.properties.command;
  return command?.startsWith(signPrefix) === true ? command : undefined;
}

/** What a sign says to this window. */
function readSaid(sign: string, envelope: Envelope, directories: DirectorySet): SignEvent | undefined {
  const directory = typeof envelope.directory === 'string' ? directories.find(envelope.directory) : undefined;
  return directory === undefined ? undefined : readSign(sign, directory);
}

/** Looks where the payload begins and no further: in a text its quotes would be escaped, so the first one is it. */
function isSync(data: string): boolean {
  const at = data.indexOf(payload);
  return at !== -1 && data.startsWith(syncType, at + payload.length);
}

/** The server runs a session of a folder `a%41b` in its neighbour `aAb`, and tells of it as if it were there (1.18). */
function isAboutAnother({ type, properties }: SentEvent, directories: DirectorySet): boolean {
  if (type !== 'session.created' && type !== 'session.updated') return false;
  return !directories.has(properties.info.directory);
}

/** What is said to the prompt of a folder names none: the stream does. */
function withDirectory(event: SentEvent, envelope: Envelope | undefined): SentEvent {
  if (event.type !== 'tui.prompt.append') return event;
  const { text } = event.properties;
  const { directory } = envelope ?? {};
  return { ...event, properties: typeof directory === 'string' ? { text, directory } : { text } };
}

/** Events of the server itself have no directory, or `global`. */
function isOurs(directory: unknown, directories: DirectorySet): boolean {
  if (directory === undefined || directory === 'global') return true;
  return typeof directory === 'string' && directories.has(directory);
}
