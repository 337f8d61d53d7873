import * as z from 'zod';
import { describeSource } from '../../core/continuation/drafts/draftOrder.ts';
import { forkBody } from '../../core/continuation/drafts/draftBody.ts';
import type { Review, ReviewedVerb } from '../../core/continuation/drafts/review.ts';
import type { Dialogs } from '../../core/ports/dialogs.ts';
import type { Drafts } from '../../core/continuation/drafts/drafts.ts';
import { forkTitle } from '../../core/turns/fork.ts';
import { l10n } from '../../core/l10n.ts';
import type { Session } from '../../protocol/records.ts';
import { chooseSession, type ChooseSessionDeps } from '../choosing/chooseSession.ts';
import type { Command } from '../command.ts';
import { describeTarget } from '../../flows/preparing/draftTarget.ts';
import { gatherForVerb, type GatherForVerbDeps } from '../../flows/preparing/gatherForVerb.ts';
import { resolveTarget } from '../../flows/preparing/target.ts';
import { sendFork, type SendForkDeps } from './sendFork.ts';
import { parseSessionArgument } from '../choosing/sessionArgument.ts';
import { siblingTitles } from '../../flows/preparing/siblingTitles.ts';

export interface ForkWithPromptDeps extends ChooseSessionDeps, SendForkDeps, GatherForVerbDeps {
  readonly sessions: ChooseSessionDeps['sessions'];
  readonly openCode: ChooseSessionDeps['openCode'] & SendForkDeps['openCode'];
  readonly dialogs: Pick<Dialogs, 'pickSession' | 'askText' | 'inform'>;
  readonly drafts: Pick<Drafts, 'open'>;
  readonly review: (verb: ReviewedVerb) => Review;
}

/** A row of the todo list: what is to be done becomes the prompt. */
const TodoRow = z.object({ todo: z.object({ content: z.string() }) });

/** Forks a session, whole or up to a message, and gives the fork a first prompt that carries the open todos. */
export function forkWithPrompt(deps: ForkWithPromptDeps): Command {
  return async (argument) => {
    const given = parseSessionArgument(argument);
    const source = await chooseSession(deps, argument, {
      title: l10n.t('Fork with Prompt'),
      none: l10n.t('There is no session to fork.'),
    });
    if (source === undefined) return undefined;
    const reviews = deps.review('fork') === 'always';
    const prompt = given.text ?? parseTodoRow(argument) ?? (reviews ? '' : await askPrompt(deps, source));
    if (prompt === undefined) return undefined;
    const { messageId } = given;
    const [{ gathered, template }, target] = await Promise.all([
      gatherForVerb(deps, source, 'fork', { upTo: messageId, latest: messageId === undefined }),
      resolveTarget(deps, source, given),
    ]);
    const order = {
      verb: 'fork',
      ...describeSource(source),
      ...(messageId === undefined ? {} : { messageId }),
    } as const;
    const draft = {
      ...describeTarget(target),
      title: given.title ?? forkTitle(source.title, siblingTitles(deps.sessions, source)),
      source: source.id,
      body: forkBody(gathered, { agent: target.agent, prompt }, template),
    };
    if (!reviews) return sendFork(deps, order, draft);
    await deps.drafts.open(order, draft);
    return source.id;
  };
}

function parseTodoRow(argument: unknown): string | undefined {
  return TodoRow.safeParse(argument).data?.todo.content;
}

function askPrompt({ dialogs, sessions }: Pick<ForkWithPromptDeps, 'dialogs' | 'sessions'>, source: Session) {
  return dialogs.askText({
    title: l10n.t('Fork “{0}” with Prompt', sessions.title(source)),
    placeholder: l10n.t('What should the fork do?'),
    validate: (text) => (text.trim() === '' ? l10n.t('Type a prompt, or press Escape.') : undefined),
  });
}
