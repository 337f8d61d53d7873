import * as z from 'zod';
import { describeSource } from '../../core/continuation/drafts/draftOrder.ts';
import { forkBody } from '../../core/continuation/drafts/draftBody.ts';
import { goingTodos } from '../../core/continuation/drafts/goingTodos.ts';
import type { Review, ReviewedVerb } from '../../core/continuation/drafts/review.ts';
import { attachTodos } from '../../core/continuation/drafts/todosAttachment.ts';
import type { Dialogs } from '../../core/ports/dialogs.ts';
import type { Drafts } from '../../core/continuation/drafts/drafts.ts';
import { l10n } from '../../core/l10n.ts';
import type { Session } from '../../protocol/records.ts';
import { chooseSession, type ChooseSessionDeps } from '../choosing/chooseSession.ts';
import type { Command } from '../command.ts';
import { describeTarget } from '../../flows/preparing/draftTarget.ts';
import { gatherForVerb, type GatherForVerbDeps } from '../../flows/preparing/gatherForVerb.ts';
import { resolveTarget } from '../../flows/preparing/target.ts';
import type { InsertIntoComposer } from '../session/addSelection.ts';
import { forkAndOpen, type ForkOrder, sendFork, type SendForkDeps } from './sendFork.ts';
import { parseSessionArgument, type SessionArgument } from '../choosing/sessionArgument.ts';
import { nextForkTitle } from '../../flows/preparing/forkTitles.ts';

export interface ForkWithPromptDeps extends ChooseSessionDeps, SendForkDeps, GatherForVerbDeps {
  readonly sessions: ChooseSessionDeps['sessions'];
  readonly openCode: ChooseSessionDeps['openCode'] & SendForkDeps['openCode'];
  readonly dialogs: Pick<Dialogs, 'pickSession' | 'askText' | 'inform'>;
  readonly drafts: Pick<Drafts, 'open'>;
  readonly review: (verb: ReviewedVerb) => Review;
  readonly insertIntoComposer: InsertIntoComposer;
}

/** A row of the todo list: what is to be done becomes the prompt. */
const TodoRow = z.object({ todo: z.object({ content: z.string() }) });

/**
 * Forks a session, whole or up to a message, for a first prompt that carries the open todos. It is written in the fork's own
 * composer, unless it is given or a template makes it.
 */
export function forkWithPrompt(deps: ForkWithPromptDeps): Command {
  return async (argument) => {
    const given = parseSessionArgument(argument);
    const source = await chooseSession(deps, argument, {
      title: l10n.t('Fork with Prompt'),
      none: l10n.t('There is no session to fork.'),
    });
    if (source === undefined) return undefined;
    const text = parseTodoRow(argument);
    const isSaid = [given.text, given.agent, given.model].some((said) => said !== undefined);
    if (isSaid || (await deps.template(source.directory, 'fork')) !== undefined) {
      return forkByText(deps, source, given, given.text ?? text);
    }
    return composeInFork(deps, source, given, text ?? '');
  };
}

async function composeInFork(
  deps: ForkWithPromptDeps,
  source: Session,
  { messageId, title = nextForkTitle(deps.sessions, source) }: SessionArgument,
  text: string,
): Promise<string> {
  const { todos } = await deps.gather(source.id, { upTo: messageId, latest: messageId === undefined });
  const forkId = await forkAndOpen(deps, source, messageId, { title });
  deps.insertIntoComposer(forkId, text, attachTodos(todos));
  return forkId;
}

async function forkByText(
  deps: ForkWithPromptDeps,
  source: Session,
  given: SessionArgument,
  text: string | undefined,
): Promise<string | undefined> {
  const isReviewed = deps.review('fork') === 'always';
  const blank = promptQuestion();
  const prompt = text ?? (isReviewed ? blank : await askPrompt(deps, source));
  if (prompt === undefined) return undefined;
  const { messageId } = given;
  const [{ gathered, template }, target] = await Promise.all([
    gatherForVerb(deps, source, 'fork', { upTo: messageId, latest: messageId === undefined }),
    resolveTarget(deps, source, given),
  ]);
  const going = goingTodos(gathered.todos);
  const order = {
    verb: 'fork' as const,
    ...describeSource(deps.sessions, source),
    blanks: [blank],
    ...(going && { going }),
    ...(messageId === undefined ? {} : { messageId }),
  } satisfies ForkOrder;
  const draft = {
    ...describeTarget(target),
    title: given.title ?? nextForkTitle(deps.sessions, source),
    source: source.id,
    body: forkBody(gathered, { agent: target.agent, prompt }, template),
  };
  if (!isReviewed) return sendFork(deps, source, order, draft);
  await deps.drafts.open(order, draft, { hasOwnWords: (given.text ?? '').trim() !== '' });
  return source.id;
}

function parseTodoRow(argument: unknown): string | undefined {
  return TodoRow.safeParse(argument).data?.todo.content;
}

function promptQuestion(): string {
  return l10n.t('What should the fork do?');
}

function askPrompt({ dialogs, sessions }: Pick<ForkWithPromptDeps, 'dialogs' | 'sessions'>, source: Session) {
  return dialogs.askText({
    title: l10n.t('Fork “{0}” with Prompt', sessions.title(source)),
    placeholder: promptQuestion(),
    validate: (text) => (text.trim() === '' ? l10n.t('Type a prompt, or press Escape.') : undefined),
  });
}
