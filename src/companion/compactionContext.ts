import { kindName } from '../core/sessions/sessionRow.ts';
import type { RelayLeg } from '../protocol/pending.ts';
import type { MessageWithParts, Session, Todo } from '../protocol/records.ts';
import { findOrigin } from '../core/sessions/sessionKind.ts';
import { nameSession } from '../core/sessions/unnamed.ts';
import { userRequests } from '../core/continuation/conversation.ts';
import { keep, keepTodos } from '../core/continuation/compactGuidance.ts';

/** So many requests of the user are kept in their own words, the first and the latest ones. */
const requestLimit = 8;
/** Relatives of a kind that are named. */
const relativeLimit = 10;

/**
 * What the summary of a compaction must keep, for whoever writes it: where the session stands among others, what is open,
 * what the user asked for and ruled out, and what goes on next. Each a block of text; none where there is nothing.
 */
export function buildCompactionContext(given: {
  readonly session: Session;
  /** All that are known. */
  readonly sessions: readonly Session[];
  readonly messages: readonly MessageWithParts[];
  readonly todos: readonly Todo[];
  readonly pending: readonly RelayLeg[];
}): readonly string[] {
  const { session, sessions, messages, todos, pending } = given;
  return [
    keep('Keep in the summary where this session stands among others:', relatives(session, sessions)),
    keepTodos(todos),
    keep(
      'Keep what the user asked for and ruled out, with every constraint:',
      userRequests(messages, requestLimit),
    ),
    keep(
      'After the summary goes on, so keep what it needs:',
      pending.map(({ agent, text }) => `${agent}: ${oneLine(text)}`),
    ),
  ].filter((text) => text !== '');
}

function relatives(session: Session, sessions: readonly Session[]): readonly string[] {
  const byId = new Map(sessions.map((each) => [each.id, each]));
  const { from, kind } = findOrigin(session);
  const source = from === undefined ? undefined : byId.get(from);
  const children = sessions.filter((each) => findOrigin(each).from === session.id);
  const shown = children
    .slice(0, relativeLimit)
    .map((each) => `${kindName(findOrigin(each).kind)}: ${nameOf(each)}`);
  const more = children.length - shown.length;
  return [
    ...(from === undefined
      ? []
      : [`It came from ${source === undefined ? `\`${from}\`` : nameOf(source)} (${kindName(kind)}).`]),
    ...shown,
    ...(more > 0 ? [`${more} more sessions that came from it`] : []),
  ];
}

function nameOf(session: Session): string {
  return `"${nameSession(session, undefined)}" (\`${session.id}\`)`;
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}
