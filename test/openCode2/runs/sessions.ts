import { statSync } from 'node:fs';
import { projectOf } from '../places/git.ts';
import { ApiError, notFound } from '../state/apiError.ts';
import { makeId } from '../state/ids.ts';
import { type Message, noTokens, type Session } from '../state/records.ts';
import type { StoredSession } from '../state/store.ts';
import type { Rooms } from './rooms.ts';

type Givable = 'id' | 'parentID' | 'title' | 'agent' | 'model' | 'metadata' | 'permissions';

type Given = { readonly [Key in Givable]?: Session[Key] | undefined };

/** Makes a session, or answers with the one of that id. A child takes over what its parent has. */
export function createSession(
  { store, events }: Pick<Rooms, 'store' | 'events'>,
  given: Given & { readonly directory: string },
): StoredSession {
  const existing = given.id === undefined ? undefined : store.find(given.id);
  if (existing !== undefined) return existing;
  const parent = given.parentID === undefined ? undefined : store.find(given.parentID);
  if (given.parentID !== undefined && parent === undefined) throw notFound('Session', given.parentID);
  const directory = parent?.session.location.directory ?? given.directory;
  const now = Date.now();
  const { id = makeId('ses'), parentID, title, agent, model } = given;
  const stored = store.create({
    id,
    parentID,
    projectID: projectIn(directory),
    agent,
    model,
    cost: 0,
    tokens: noTokens,
    title,
    location: { directory },
    time: { created: now, updated: now },
    metadata: given.metadata ?? parent?.session.metadata,
    permissions: given.permissions ?? parent?.session.permissions,
  });
  events.durable(stored, 'session.created', { location: { directory }, title, agent, model, parentID });
  return stored;
}

/** Of a folder that does not exist: `global`. */
export function projectIn(directory: string): string {
  return statSync(directory, { throwIfNoEntry: false })?.isDirectory() === true
    ? projectOf(directory)
    : 'global';
}

export function requireSession({ store }: Pick<Rooms, 'store'>, id: string): StoredSession {
  const stored = store.find(id);
  if (stored === undefined) throw notFound('Session', id);
  return stored;
}

/** Moves a record to the top of the list. */
export function touch(stored: StoredSession, changes: Partial<Session> = {}): void {
  stored.change({ ...changes, time: { ...stored.session.time, updated: Date.now(), ...changes.time } });
}

/** Copies a session up to a message, which is not copied; without one all of it. */
export function forkSession(
  { store, events }: Pick<Rooms, 'store' | 'events'>,
  source: StoredSession,
  before: string | undefined,
): StoredSession {
  const all = source.messages;
  const last = all.at(-1);
  if (last === undefined)
    throw new ApiError(400, 'InvalidRequestError', 'The session is empty.', { kind: 'Body' });
  const end = before === undefined ? all.length : all.findIndex(({ id }) => id === before);
  if (end < 0) throw notFound('Message', before ?? '');
  const boundary =
    before === undefined
      ? ({ type: 'through', messageID: last.id } as const)
      : ({ type: 'before', messageID: before } as const);
  const now = Date.now();
  const { agent, model, metadata, permissions, projectID, location, title, id } = source.session;
  const stored = store.create(
    {
      id: makeId('ses'),
      fork: { sessionID: id, boundary },
      projectID,
      agent,
      model,
      cost: 0,
      tokens: noTokens,
      title: title === undefined ? undefined : forkTitle(title),
      location,
      time: { created: now, updated: now },
      metadata,
      permissions,
    },
    all
      .slice(0, end)
      .filter(isFinished)
      .map((message) => ({ ...message, id: makeId('msg') })),
  );
  events.durable(stored, 'session.forked', { parentID: id, boundary });
  return stored;
}

function isFinished(message: Message): boolean {
  return message.type !== 'assistant' || message.time.completed !== undefined;
}

function forkTitle(title: string): string {
  const [, name, count] = /^(.+) \(fork #(\d+)\)$/.exec(title) ?? [];
  return `${name ?? title} (fork #${Number(count ?? 0) + 1})`;
}

/** Changes agent, model, title, … with the record and the event that belong to it. */
export function selectAgent({ events }: Pick<Rooms, 'events'>, stored: StoredSession, agent: string): void {
  const previous = stored.session.agent;
  touch(stored, { agent });
  stored.put({
    id: makeId('msg'),
    type: 'agent-switched',
    time: { created: Date.now() },
    agent,
    ...(previous === undefined ? {} : { previous }),
  });
  events.durable(stored, 'session.agent.selected', { agent, previous });
}

export function selectModel(
  { events }: Pick<Rooms, 'events'>,
  stored: StoredSession,
  model: NonNullable<Session['model']>,
): void {
  const previous = stored.session.model;
  const isSame =
    previous?.id === model.id &&
    previous.providerID === model.providerID &&
    previous.variant === model.variant;
  if (isSame) return;
  touch(stored, { model });
  stored.put({
    id: makeId('msg'),
    type: 'model-switched',
    time: { created: Date.now() },
    model,
    ...(previous === undefined ? {} : { previous }),
  });
  events.durable(stored, 'session.model.selected', { model, previous });
}

export function rename({ events }: Pick<Rooms, 'events'>, stored: StoredSession, title: string): void {
  touch(stored, { title });
  events.durable(stored, 'session.renamed', { title });
}

export function moveSession(
  { events }: Pick<Rooms, 'events'>,
  stored: StoredSession,
  directory: string,
): void {
  const previous = stored.session.location.directory;
  const [location, projectID] = [{ directory }, projectIn(directory)];
  touch(stored, { location, projectID });
  stored.put({
    id: makeId('msg'),
    type: 'location-switched',
    time: { created: Date.now() },
    directory,
    previous,
  });
  events.durable(stored, 'session.moved', { location, projectID, subpath: undefined });
}
