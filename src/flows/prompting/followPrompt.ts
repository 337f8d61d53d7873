import type { Log } from '../../core/log.ts';
import type { OpenCode } from '../../core/ports/openCode.ts';
import type { Delivery, DeliveryEntry, PromptEnding } from '../../core/prompts/delivery.ts';
import type { FollowedPrompt } from '../../core/turns/followedPrompt.ts';
import { judgePrompt } from '../../core/turns/judgeMessages.ts';
import type { SettledTurns } from '../../core/turns/settledTurn.ts';
import type { AssistantMessage, Session } from '../../protocol/records.ts';
import type { Deliveries } from './deliveries.ts';
import { isBusy } from '../preparing/isBusy.ts';

export interface FollowPorts {
  readonly openCode: Pick<OpenCode, 'listMessages' | 'listStatuses'>;
  readonly turns: SettledTurns;
  readonly deliveries: Deliveries;
  readonly log: Log;
}

type Target = Pick<Session, 'id' | 'directory'>;

const readBackLimit = 20;

/** Follows a prompt that arrived to its end; what is known of it says when it is answered and how it ended. */
export function followPrompt(ports: FollowPorts, session: Target, followed: FollowedPrompt): Delivery {
  const { deliveries, log } = ports;
  const { messageId } = followed;
  const answering = Promise.withResolvers<AssistantMessage | undefined>();
  const onAnswer = (answer: AssistantMessage): void => {
    answering.resolve(answer);
    if (deliveries.get(messageId)?.state.kind === 'stored') deliveries.set(messageId, { kind: 'started' });
  };
  const ended = followToEnd(ports, session, followed, onAnswer);
  ended
    .then(
      ({ kind }) => deliveries.set(messageId, { kind: 'ended', how: kind }),
      (error: unknown) => log.debug('The end of a prompt was not seen.', messageId, error),
    )
    .finally(() => answering.resolve(undefined));
  return { messageId, answering: answering.promise, ended };
}

/** The same for a prompt whose arrival was not seen, nor what came of it until now. */
export function followStored(ports: FollowPorts, session: Target, messageId: string): Delivery {
  const followed = ports.turns.follow(session.id, messageId);
  followed.confirm();
  // What happened until now was not heard: its messages tell.
  followed.lose();
  return followPrompt(ports, session, followed);
}

/** Of a prompt that an earlier window, or an earlier connection, saw arrive: how does it end? */
export function followAgain(
  ports: FollowPorts,
  { messageId, sessionId, directory, cause, state }: DeliveryEntry,
): void {
  if (cause === 'tell') return;
  if (state.kind !== 'stored' && state.kind !== 'started') return;
  if (ports.turns.isFollowed(sessionId, messageId)) return;
  void followStored(ports, { id: sessionId, directory }, messageId);
}

async function followToEnd(
  ports: FollowPorts,
  session: Target,
  first: FollowedPrompt,
  onAnswer: (answer: AssistantMessage) => void,
): Promise<PromptEnding> {
  let followed = first;
  for (;;) {
    void followed.answering.then((answer) => answer && onAnswer(answer));
    const ending = await followed.ended;
    followed.dispose();
    // Who began to follow late may have missed the answer: its messages tell.
    const isMissed = ending.kind === 'superseded' && followed !== first;
    if (ending.kind !== 'unseen' && !isMissed) return ending;
    // It is followed before its messages are read, so that nothing happens between the two.
    followed = ports.turns.follow(session.id, first.messageId);
    followed.confirm();
    const read = await readEnding(ports, session, first.messageId).catch((error: unknown) => {
      followed.dispose();
      throw error;
    });
    if (read === undefined) continue;
    followed.dispose();
    if (read.kind === 'answered') onAnswer(read.answer);
    return read;
  }
}

/** What the messages say about the end of a prompt; undefined while the session still works. */
async function readEnding(
  { openCode }: FollowPorts,
  session: Target,
  messageId: string,
): Promise<PromptEnding | undefined> {
  if (await isBusy(openCode, session)) return undefined;
  const { messages } = await openCode.listMessages(session.id, { limit: readBackLimit });
  // Too much was said since: how it ended is not looked up that far back.
  if (!messages.some(({ info }) => info.id === messageId)) return { kind: 'unseen' };
  return judgePrompt(messages, messageId);
}
