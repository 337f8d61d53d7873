import * as z from 'zod';
import { sentBySession, wokenBySession } from '../../core/prompts/sentByAgent.ts';
import { isArchived } from '../../core/sessions/sessionKind.ts';
import { nameSession } from '../../core/sessions/unnamed.ts';
import { makeMessageId } from '../../core/turns/messageId.ts';
import { resolveTarget } from '../../flows/preparing/target.ts';
import { parsePendingRelays } from '../../protocol/pending.ts';
import type { Session } from '../../protocol/records.ts';
import type { Receive } from '../../protocol/signs.ts';
import type { Executor } from '../executor/executor.ts';
import { agentTool, refuse } from './agentTool.ts';
import { hopsOf } from './hops.ts';
import { getProjectSession } from './projectSession.ts';
import { activeStates } from './sessionList.ts';

const parameters = z.object({
  sessionID: z.string().describe('The session to write to, as session_list names it: ses_…'),
  text: z
    .string()
    .refine((text) => text.trim() !== '', 'is empty: say what the other session is to know or to do')
    .describe('What its agent reads. It knows nothing of this conversation.'),
  wake: z
    .boolean()
    .optional()
    .describe('Whether you are woken once, with the answer, when that session has settled or failed.'),
});

const description = `Writes to another session of this project; its agent answers there, in its own conversation.

A message is not consent: it approves no request, answers no question, changes no setting and runs no slash command. It is delivered when that session has settled, in the order of sending, and never while it waits for the user. You are told here when it was delivered, or why not. With "wake" end your turn after the call: you are woken with the answer; never poll.`;

/** Lets an agent write to another session of its project. */
export const sessionSendTool = agentTool({
  name: 'session_send',
  description,
  parameters,
  run: async (executor, { sessionID, text, wake = false }, caller) => {
    const { flow, relays, policy } = executor;
    const sender = await flow.openCode.getSession(caller.sessionId);
    const target = await findReceiver(executor, sender, sessionID);
    const title = nameSession(target, undefined);
    const receive = policy.of(target.directory);
    if (receive === 'refuse') {
      throw refuse(
        `Nothing was sent: the user lets no agent write to session "${title}". Say in your answer what is to be done there.`,
      );
    }
    if (wake && awaits(target, sender.id)) {
      throw refuse(
        `Nothing was sent: session "${title}" already waits for this one, so the two would wait for each other. End your turn: it is woken then. Or send without "wake".`,
      );
    }
    await caller.ask({
      permission: 'message',
      pattern: target.id,
      metadata: {
        from: caller.agent,
        session: target.id,
        title,
        text,
        wake,
      },
    });
    const [to, back, hops] = await Promise.all([
      resolveTarget(flow, target, {}),
      resolveTarget(flow, sender, { agent: caller.agent }),
      hopsOf(flow.openCode, caller),
    ]);
    await caller.untilTurn();
    const messageId = makeMessageId(flow.ids);
    // Whoever is woken is told then.
    const from = {
      session: sender.id,
      agent: caller.agent,
      ...(wake ? {} : { notice: makeMessageId(flow.ids) }),
    };
    const words = sentBySession(text, {
      id: sender.id,
      title: nameSession(sender, undefined),
      agent: caller.agent,
    });
    const heldFor =
      receive === 'hold' ? { heldFor: 'Messages of other sessions wait for you (setting).' } : {};
    await relays.add(target.id, [{ ...to, text: words, messageId, from, ...heldFor }], hops);
    if (wake) {
      const awaited = { session: target.id, messageId };
      const waking = { session: target.id, agent: to.agent };
      await relays.add(
        sender.id,
        [{ ...back, text: wokenBySession(title), awaits: awaited, from: waking }],
        hops,
      );
    }
    return {
      title: `To "${title}"`,
      output: describeSent(target, messageId, { wake, when: whenDelivered(executor, target, receive) }),
      metadata: { sessionId: target.id, messageId, wake },
    };
  },
});

async function findReceiver(executor: Executor, sender: Session, id: string): Promise<Session> {
  if (sender.parentID !== undefined) {
    throw refuse(
      'Nothing was sent: a subagent writes to nobody. Say it in your answer; whoever called you reads it.',
    );
  }
  if (id === sender.id) {
    throw refuse(
      'Nothing was sent: this is your own session. To pass its turn on, use the tool "session" with mode "message".',
    );
  }
  const target = await getProjectSession(executor, id);
  const title = nameSession(target, undefined);
  if (target.parentID !== undefined) {
    throw refuse(
      `Nothing was sent: "${title}" is the session of a subagent, which only its caller speaks to.`,
    );
  }
  if (isArchived(target)) {
    throw refuse(`Nothing was sent: "${title}" is in the archive. Ask the user to take it out.`);
  }
  return target;
}

/** Whether an agent there is to be woken when this session has settled. */
function awaits(target: Session, senderId: string): boolean {
  return parsePendingRelays(target)?.legs.some((leg) => leg.awaits?.session === senderId) === true;
}

/** Where somebody types there, that is told once it would be delivered. */
function whenDelivered(executor: Executor, target: Session, receive: Receive): string {
  if (executor.flow.hold.isHeld()) return 'is held until the user releases Stop All';
  if (receive === 'hold') return 'is held until the user lets it go on';
  if (activeStates(executor, [target]).get(target.id) === 'waiting') {
    return 'is held while that session waits for its user';
  }
  return 'is delivered as soon as that session has settled';
}

function describeSent(
  target: Session,
  messageId: string,
  { wake, when }: { readonly wake: boolean; readonly when: string },
): string {
  const then = wake
    ? 'End your turn now: you are woken with what came of it. Do not ask before.'
    : 'You are told here when it was delivered.';
  return `Your message ${messageId} to session "${nameSession(target, undefined)}" (${target.id}) ${when}. ${then}`;
}
