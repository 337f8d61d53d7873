import type { Attention, Waiting } from '../../core/sessions/attention.ts';
import type { Choice, Dialogs } from '../../core/ports/dialogs.ts';
import { NotFoundProblem, Problem } from '../../core/errors.ts';
import { l10n } from '../../core/l10n.ts';
import type { OpenCode } from '../../core/ports/openCode.ts';
import type { Sessions } from '../../core/sessions/sessionStore.ts';
import type { PermissionRequest, QuestionRequest } from '../../protocol/records.ts';
import { chooseSession, type ChooseSessionDeps } from '../choosing/chooseSession.ts';
import type { Command } from '../command.ts';
import type { AskedCalls } from '../../core/requests/askedCalls.ts';
import { describeAlways, describePermission } from '../../core/requests/permissionText.ts';
import { cutMiddle } from '../../core/plainText.ts';
import { questionLine, questionWords } from '../../core/requests/questionText.ts';
import type { OpenSessionDeps } from './openSession.ts';
import { parseSessionArgument, type SessionArgument } from '../choosing/sessionArgument.ts';

export interface AnswerRequestDeps extends ChooseSessionDeps, Pick<OpenSessionDeps, 'openTranscript'> {
  readonly sessions: Pick<Sessions, 'get' | 'all' | 'title'>;
  readonly attention: Pick<Attention, 'of'>;
  readonly calls: Pick<AskedCalls, 'load'>;
  readonly openCode: Pick<OpenCode, 'getSession' | 'replyPermission' | 'replyQuestion' | 'rejectQuestion'>;
  readonly dialogs: Pick<Dialogs, 'pickSession' | 'pickOne' | 'pickSeveral' | 'askText'>;
}

/** Answers what a session, or a subagent of it, waits for: a permission or questions. */
export function answerRequest(deps: AnswerRequestDeps): Command {
  return async (argument) => {
    const given = parseSessionArgument(argument);
    const session = await chooseSession(deps, argument, {
      title: l10n.t('Answer'),
      suits: ({ id, parentID }) => parentID === undefined && deps.attention.of(id).length > 0,
      none: l10n.t('No session waits for you.'),
    });
    if (session === undefined) return undefined;
    const waiting = findRequest(deps.attention.of(session.id), given, deps.sessions.title(session));
    const { directory } = deps.sessions.get(waiting.request.sessionID) ?? session;
    const title = deps.sessions.title(session);
    const answered =
      waiting.kind === 'permission'
        ? await answerPermission(deps, { directory, title }, waiting.request, given.reply)
        : await answerQuestions(deps, { directory, title }, waiting.request, given);
    return answered ? waiting.request.sessionID : undefined;
  };
}

/** A request may be answered meanwhile by another window or a terminal. */
function findRequest(
  open: readonly Waiting[],
  { requestId }: SessionArgument,
  sessionTitle: string,
): Waiting {
  const found = requestId === undefined ? open[0] : open.find(({ request }) => request.id === requestId);
  if (found !== undefined) return found;
  throw new NotFoundProblem(
    l10n.t(
      '“{0}” no longer waits for this answer: it was answered elsewhere, or the run ended.',
      sessionTitle,
    ),
  );
}

/** The folder in which a request is answered, and what the session is called that waits for it. */
interface Asking {
  readonly directory: string;
  readonly title: string;
}

/** What a session asks, with its name: a person may have many that ask. */
const titleOf = (title: string, asked: string): string => l10n.t('{0}: {1}', cutMiddle(title, 60), asked);

async function answerPermission(
  deps: Pick<AnswerRequestDeps, 'openCode' | 'dialogs' | 'calls' | 'openTranscript'>,
  asking: Asking,
  request: PermissionRequest,
  given: SessionArgument['reply'],
): Promise<boolean> {
  const { openCode, dialogs } = deps;
  const { directory } = asking;
  const reply = given ?? (await pickReply(deps, asking, request));
  if (reply === undefined) return false;
  if (reply === 'review') {
    deps.openTranscript(request.sessionID, 'preview');
    return false;
  }
  if (reply !== 'explain') {
    await openCode.replyPermission(directory, request, reply);
    return true;
  }
  const reason = await dialogs.askText({
    title: l10n.t('Reject: What Should the Agent Do Instead?'),
    prompt: l10n.t('The agent reads this and goes on.'),
  });
  if (reason === undefined) return false;
  await openCode.replyPermission(directory, request, 'reject', reason);
  return true;
}

type PermissionReply = 'once' | 'always' | 'reject' | 'explain' | 'review';

/**
 * What is not all shown can be reviewed or rejected, not allowed. The title of a pick is the one line of it that the editor
 * breaks where it is too long, so that all of it is seen (VS Code 1.139).
 */
async function pickReply(
  { dialogs, calls }: Pick<AnswerRequestDeps, 'dialogs' | 'calls'>,
  { directory, title }: Asking,
  request: PermissionRequest,
): Promise<PermissionReply | undefined> {
  const { text, isWhole } = describePermission(request, await calls.load(request), directory);
  return dialogs.pickOne<PermissionReply>(titleOf(title, text), [
    ...(isWhole ? allowChoices(request) : []),
    {
      label: l10n.t('Review…'),
      description: l10n.t('shows all of it in the session'),
      icon: 'eye',
      value: 'review',
    },
    { label: l10n.t('Reject'), description: l10n.t('ends the run'), icon: 'close', value: 'reject' },
    {
      label: l10n.t('Reject and Say Why…'),
      description: l10n.t('the agent goes on'),
      icon: 'comment',
      value: 'explain',
    },
  ]);
}

function allowChoices(request: PermissionRequest): readonly Choice<PermissionReply>[] {
  const once: Choice<PermissionReply> = { label: l10n.t('Allow Once'), icon: 'check', value: 'once' };
  const covered = describeAlways(request);
  if (request.always.length === 0 || !covered.isWhole) return [once];
  return [once, { label: l10n.t('Always Allow'), detail: covered.text, icon: 'check-all', value: 'always' }];
}

async function answerQuestions(
  { openCode, dialogs }: Pick<AnswerRequestDeps, 'openCode' | 'dialogs'>,
  { directory, title }: Asking,
  request: QuestionRequest,
  given: SessionArgument,
): Promise<boolean> {
  if (given.reply === 'reject') {
    await openCode.rejectQuestion(directory, request);
    return true;
  }
  if (given.text !== undefined && request.questions.length > 1) {
    throw new Problem(
      l10n.t('The session asks {0} questions; answer them one by one.', request.questions.length),
    );
  }
  const answers: (readonly string[])[] = [];
  for (const question of request.questions) {
    const answer = given.text === undefined ? await askQuestion(dialogs, title, question) : [given.text];
    if (answer === undefined) return false;
    answers.push(answer);
  }
  await openCode.replyQuestion(directory, request, answers);
  return true;
}

type Question = QuestionRequest['questions'][number];

async function askQuestion(
  dialogs: AnswerRequestDeps['dialogs'],
  title: string,
  question: Question,
): Promise<readonly string[] | undefined> {
  const asked = titleOf(title, questionWords(question.question));
  const own = l10n.t('Other answer…');
  const options = question.options.map(({ label, description }) => ({
    label: questionLine(label),
    detail: questionWords(description),
    value: label,
  }));
  if (options.length === 0) return askOwnAnswer(dialogs, question);
  const choices =
    question.custom === false ? options : [...options, { label: own, icon: 'edit', value: own }];
  const picked =
    question.multiple === true
      ? await dialogs.pickSeveral(asked, choices)
      : toList(await dialogs.pickOne(asked, choices));
  if (picked === undefined || !picked.includes(own)) return picked;
  const typed = await askOwnAnswer(dialogs, question);
  return typed && [...picked.filter((answer) => answer !== own), ...typed];
}

async function askOwnAnswer(
  dialogs: AnswerRequestDeps['dialogs'],
  { question, header }: Question,
): Promise<readonly string[] | undefined> {
  return toList(
    await dialogs.askText({
      title: header === '' ? l10n.t('Answer') : questionLine(header),
      prompt: questionWords(question),
    }),
  );
}

function toList(answer: string | undefined): readonly string[] | undefined {
  return answer === undefined ? undefined : [answer];
}
