import { describeSource } from '../../core/continuation/drafts/draftOrder.ts';
import { goingTodos } from '../../core/continuation/drafts/goingTodos.ts';
import { parseApproaches, printApproaches } from '../../core/continuation/drafts/approaches.ts';
import type { Gathered } from '../../core/continuation/gathered.ts';
import type { Dialogs } from '../../core/ports/dialogs.ts';
import type { Drafts } from '../../core/continuation/drafts/drafts.ts';
import { l10n } from '../../core/l10n.ts';
import type { GatherWish } from '../../flows/preparing/gatherSession.ts';
import { chooseSession, type ChooseSessionDeps } from '../choosing/chooseSession.ts';
import type { Command } from '../command.ts';
import { describeTarget } from '../../flows/preparing/draftTarget.ts';
import { resolveTarget, type ResolveTargetDeps } from '../../flows/preparing/target.ts';
import { parseSessionArgument } from '../choosing/sessionArgument.ts';

export interface ForkManyDeps extends ChooseSessionDeps, ResolveTargetDeps {
  readonly sessions: ChooseSessionDeps['sessions'];
  readonly openCode: ChooseSessionDeps['openCode'] & ResolveTargetDeps['openCode'];
  readonly gather: (sessionId: string, wish?: GatherWish) => Promise<Gathered>;
  readonly dialogs: Pick<Dialogs, 'pickSession'>;
  readonly drafts: Pick<Drafts, 'open'>;
}

/** Opens a draft with a heading for each approach; sending it starts a fork for each, side by side. */
export function forkMany(deps: ForkManyDeps): Command {
  return async (argument) => {
    const given = parseSessionArgument(argument);
    const source = await chooseSession(deps, argument, {
      title: l10n.t('Fork into Approaches'),
      none: l10n.t('There is no session to fork.'),
    });
    if (source === undefined) return undefined;
    const [target, { todos }] = await Promise.all([
      resolveTarget(deps, source, given),
      deps.gather(source.id, { upTo: given.messageId, latest: given.messageId === undefined }),
    ]);
    const blank = l10n.t('What is to be tried here?');
    const approaches = printApproaches([
      { title: l10n.t('Approach A'), prompt: blank },
      { title: l10n.t('Approach B'), prompt: blank },
    ]);
    // What stands before the first heading goes into every fork.
    const going = goingTodos(todos);
    const own = [going?.line ?? '', approaches].filter((text) => text !== '').join('\n\n');
    await deps.drafts.open(
      {
        verb: 'forkMany',
        ...describeSource(deps.sessions, source),
        blanks: [blank],
        ...(going && { going }),
        ...(given.messageId === undefined ? {} : { messageId: given.messageId }),
      },
      {
        ...describeTarget(target),
        source: source.id,
        body: hasApproaches(given.text)
          ? given.text
          : [given.text ?? '', own].filter((text) => text !== '').join('\n\n'),
      },
      { hasOwnWords: (given.text ?? '').trim() !== '' },
    );
    return source.id;
  };
}

/** A text without a heading is no approach, but what all of them are to do. */
function hasApproaches(text: string | undefined): text is string {
  return text !== undefined && parseApproaches(text).length > 0;
}
