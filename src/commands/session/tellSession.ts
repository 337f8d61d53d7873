import type { Cancellation } from '../../core/cancellation.ts';
import type { Choice, Dialogs } from '../../core/ports/dialogs.ts';
import { Problem } from '../../core/errors.ts';
import { aboutTokens } from '../../core/continuation/drafts/draftOutline.ts';
import { l10n } from '../../core/l10n.ts';
import type { Notify } from '../../core/ports/notify.ts';
import type { PromptPart } from '../../core/ports/openCode.ts';
import type { RunWithProgress } from '../../core/ports/progress.ts';
import type { PromptTarget } from '../../core/turns/promptTarget.ts';
import type { CollectContext, ToldContext } from '../../core/ports/toldContext.ts';
import type { MaySend } from '../../flows/prompting/askElsewhere.ts';
import type { RelayRequest } from '../../flows/relaying/relayLegs.ts';
import type { Session } from '../../protocol/records.ts';
import { chooseSession, type ChooseSessionDeps } from '../choosing/chooseSession.ts';
import type { Command } from '../command.ts';
import type { UnsentPrompts } from './promptSession.ts';
import { resolveTarget, type ResolveTargetDeps } from '../../flows/preparing/target.ts';
import { parseSessionArgument } from '../choosing/sessionArgument.ts';

export interface TellSessionDeps extends ChooseSessionDeps, ResolveTargetDeps, MaySend {
  readonly sessions: ChooseSessionDeps['sessions'];
  readonly openCode: ChooseSessionDeps['openCode'] & ResolveTargetDeps['openCode'];
  readonly dialogs: Pick<Dialogs, 'pickSession' | 'pickOne' | 'askText'>;
  readonly unsent: UnsentPrompts;
  readonly collectContext: CollectContext;
  /** Waits until the session has settled; resolves with the id of the message. */
  readonly tell: (
    request: PromptTarget & { readonly session: Session; readonly parts: readonly PromptPart[] },
    cancellation: Cancellation,
  ) => Promise<string>;
  readonly isBusy: (sessionId: string) => boolean;
  readonly relays: { add(sessionId: string, told: readonly RelayRequest[]): Promise<unknown> };
  readonly runWithProgress: RunWithProgress;
  readonly notify: Notify;
}

/** Puts something into a session that its agent reads with the next turn, without a turn of its own. */
export function tellSession(deps: TellSessionDeps): Command {
  return async (argument) => {
    const given = parseSessionArgument(argument);
    const session = await chooseSession(deps, argument, {
      title: l10n.t('Tell Session'),
      none: l10n.t('There is no session to tell. Start one with “New Session…”.'),
    });
    if (session === undefined) return undefined;
    const text = given.text ?? (await askWhat(deps, session));
    if (text === undefined) return undefined;
    if (text.trim() === '') throw new Problem(l10n.t('There is nothing to tell: the text is empty.'));
    const key = unsentKey(session.id);
    deps.unsent.set(key, text);
    const target = await resolveTarget(deps, session, given);
    if (!(await deps.maySendTo(session))) return undefined;
    if (deps.isBusy(session.id)) {
      // It waits with the session, where it is seen, can be taken back, and stays if the window is closed.
      await deps.relays.add(session.id, [{ ...target, text, silent: true }]);
      deps.unsent.set(key, undefined);
      deps.notify({
        message: l10n.t(
          '“{0}” is working. It is told with its next step where the companion runs, else when the turn has settled.',
          deps.sessions.title(session),
        ),
        actions: [],
      });
      return session.id;
    }
    await deps.runWithProgress(l10n.t('Telling “{0}”', deps.sessions.title(session)), (cancellation) =>
      deps.tell({ ...target, session, parts: [{ type: 'text', text, synthetic: true }] }, cancellation),
    );
    deps.unsent.set(key, undefined);
    deps.notify({
      message: l10n.t(
        '“{0}” was told; {1} reads it with the next turn.',
        deps.sessions.title(session),
        target.agent,
      ),
      actions: [],
    });
    return session.id;
  };
}

type Wanted = { readonly kind: 'typed' } | { readonly kind: 'context'; readonly context: ToldContext };

async function askWhat(
  { sessions, dialogs, unsent, collectContext }: TellSessionDeps,
  session: Session,
): Promise<string | undefined> {
  const contexts = await collectContext(session.directory);
  const typed: Choice<Wanted> = { label: l10n.t('Type Text…'), icon: 'edit', value: { kind: 'typed' } };
  const wanted =
    contexts.length === 0
      ? typed.value
      : await dialogs.pickOne(l10n.t('Tell “{0}” What?', sessions.title(session)), [
          typed,
          ...contexts.map((context): Choice<Wanted> => ({
            label: describeKind(context.kind),
            description: context.label,
            ...(context.tokens === undefined ? {} : { detail: aboutTokens(context.tokens) }),
            icon: icons[context.kind],
            value: { kind: 'context', context },
          })),
        ]);
  if (wanted === undefined) return undefined;
  if (wanted.kind === 'context') return wanted.context.read();
  const key = unsentKey(session.id);
  const kept = unsent.get(key);
  return dialogs.askText({
    title: l10n.t('Tell “{0}”', sessions.title(session)),
    prompt: l10n.t('The agent reads it with the next turn and does not answer.'),
    ...(kept === undefined ? {} : { value: kept }),
    validate: (text) => (text.trim() === '' ? l10n.t('Type something, or press Escape.') : undefined),
    onLeave: (text) => unsent.set(key, text.trim() === '' ? undefined : text),
  });
}

const icons: Readonly<Record<ToldContext['kind'], string>> = {
  selection: 'selection',
  file: 'file',
  diagnostics: 'warning',
  diff: 'git-compare',
  terminal: 'terminal',
};

function describeKind(kind: ToldContext['kind']): string {
  switch (kind) {
    case 'selection':
      return l10n.t('Selection');
    case 'file':
      return l10n.t('File');
    case 'diagnostics':
      return l10n.t('Problems');
    case 'diff':
      return l10n.t('Changes in the Working Tree');
    case 'terminal':
      return l10n.t('Terminal Selection');
  }
}

/** Under this key stands what was typed to be told to a session. */
export function unsentKey(sessionId: string): string {
  return `tell:${sessionId}`;
}
