import type { MessageWithParts, Session } from '../../protocol/records.ts';
import type { OpenCode } from '../ports/openCode.ts';
import { splitForkTitle } from '../turns/fork.ts';
import type { Origin } from './sessionKind.ts';

/** How many sessions are looked into for one that something came from. */
const sources = 8;
/** Milliseconds from the beginning of a session in which a plugin gives it its first prompt. */
const firstMoments = 30_000;

type Reading = Pick<OpenCode, 'listMessages'>;

/** Whether the title is one that other clients and plugins give to what they fork or hand off. */
export function mayHaveOrigin({ title }: Pick<Session, 'title'>): boolean {
  return wayOf(title) !== undefined;
}

/**
 * Where a session came from that does not say so, as OpenCode's own clients fork and as known plugins fork, hand
 * off and begin sessions: by what the server holds, with a few small requests. undefined: nothing tells it.
 */
export async function inferOrigin(
  openCode: Reading,
  session: Session,
  all: readonly Session[],
): Promise<Origin | undefined> {
  const earlier = all
    .filter(({ id, directory, time }) => {
      return id !== session.id && directory === session.directory && time.created <= session.time.created;
    })
    .toSorted((a, b) => b.time.created - a.time.created);
  return await wayOf(session.title)?.(openCode, session, earlier);
}

type Way = (openCode: Reading, session: Session, earlier: readonly Session[]) => Promise<Origin | undefined>;

function wayOf(title: string): Way | undefined {
  if (splitForkTitle(title).count > 0) return findForked;
  if (/^Handoff(?: \d+)?: /.test(title)) return findHandedOff;
  return /^Session via \S|^New session$/.test(title) ? findCaller : undefined;
}

/** A fork has messages that are older than itself; its source has the same ones, and a title that counts one less. */
async function findForked(
  openCode: Reading,
  session: Session,
  earlier: readonly Session[],
): Promise<Origin | undefined> {
  const last = (await messagesBefore(openCode, session, session.time.created, 1)).at(-1);
  if (last === undefined) return undefined;
  const { base, count } = splitForkTitle(session.title);
  const related = earlier
    .filter(({ title }) => splitForkTitle(title).base === base)
    .toSorted((a, b) => distance(a, count - 1) - distance(b, count - 1));
  const { created } = last.info.time;
  for (const source of related.slice(0, sources)) {
    const same = (await messagesBefore(openCode, source, created + 1, 1)).at(-1);
    if (same?.info.time.created === created && same.info.role === last.info.role) {
      return { kind: 'fork', from: source.id, inferred: 'messages' };
    }
  }
  return undefined;
}

function distance({ title }: Session, count: number): number {
  return Math.abs(splitForkTitle(title).count - count);
}

/** The prompt of a hand off ends with the id of the session before it. */
async function findHandedOff(
  openCode: Reading,
  session: Session,
  earlier: readonly Session[],
): Promise<Origin | undefined> {
  const messages = await messagesBefore(openCode, session, session.time.created + firstMoments, 30);
  const prompt = messages.find(({ info }) => info.role === 'user');
  const text = prompt?.parts.flatMap((part) => (part.type === 'text' ? part.text : [])).join('\n') ?? '';
  const [, named] = /(?:^|\n)Previous: `(ses_\w+)`[^\n]*$/.exec(text.trimEnd()) ?? [];
  const source = earlier.find(({ id }) => id === named);
  return source && { kind: 'handoff', from: source.id, inferred: 'prompt' };
}

/** The call of a plugin's tool that began the session names it in its output; it stands right before it in time. */
async function findCaller(
  openCode: Reading,
  session: Session,
  earlier: readonly Session[],
): Promise<Origin | undefined> {
  const names = new RegExp(`\\bID: ${session.id}\\b`);
  const active = earlier.filter(({ time }) => time.updated >= session.time.created);
  for (const source of active.slice(0, sources)) {
    const messages = await messagesBefore(openCode, source, session.time.created + 1, 2);
    const outputs = messages.flatMap(({ parts }) => parts.map(outputOf));
    if (outputs.some((output) => names.test(output))) {
      return { kind: 'handoff', from: source.id, inferred: 'call' };
    }
  }
  return undefined;
}

function outputOf(part: MessageWithParts['parts'][number]): string {
  return part.type === 'tool' && part.state.status === 'completed' ? part.state.output : '';
}

/** The last messages of a session before that time, in milliseconds since 1970. */
async function messagesBefore(
  openCode: Reading,
  { id }: Pick<Session, 'id'>,
  time: number,
  limit: number,
): Promise<readonly MessageWithParts[]> {
  return (await openCode.listMessages(id, { limit, before: { time } })).messages;
}
