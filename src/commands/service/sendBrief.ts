import { briefTitle } from '../../core/continuation/drafts/briefBody.ts';
import type { Draft } from '../../core/continuation/drafts/draft.ts';
import type { BriefOrder } from '../../core/continuation/drafts/draftOrder.ts';
import { sentText } from '../../core/continuation/drafts/sentDraft.ts';
import { shorten } from '../../core/continuation/shorten.ts';
import type { BriefRequest } from '../../flows/startBrief.ts';
import type { ResolveTargetDeps } from '../../flows/preparing/target.ts';
import type { Session } from '../../protocol/records.ts';
import { sendRelay, type SendRelayDeps } from '../relay/sendRelay.ts';
import { type ChooseFolderDeps, findFolder } from './chooseFolder.ts';
import { findBriefTarget } from './draftBrief.ts';

export interface SendBriefDeps
  extends SendRelayDeps, ResolveTargetDeps, Pick<ChooseFolderDeps, 'locateFolder'> {
  readonly sessions: SendRelayDeps['sessions'] & ResolveTargetDeps['sessions'];
  readonly startBrief: (request: BriefRequest) => Promise<Session>;
  readonly followFolder: (directory: string) => Promise<void>;
  readonly openTranscript: (sessionId: string, how: 'pinned') => void;
}

/** Characters of a title that is taken from a heading. */
const titleLength = 80;

/**
 * Sends a brief: in a session that it begins, or to the one that it goes on in, after what goes on there has settled.
 * undefined: the person thought better of it.
 */
export async function sendBrief(
  deps: SendBriefDeps,
  session: Session | undefined,
  order: BriefOrder,
  draft: Draft,
): Promise<string | undefined> {
  const { agent, model, variant } = draft;
  const wished = model && { ...model, ...(variant === undefined ? {} : { variant }) };
  const text = sentText(order, draft.body);
  // The folder may be gone, or no more of the workspace, since the brief was begun.
  const { directory } = await findFolder(deps, session?.directory ?? order.directory);
  const target = await findBriefTarget(deps, directory, session, { agent, model: wished });
  if (session === undefined) {
    const heading = briefTitle(draft.body);
    const title = draft.title ?? (heading === undefined ? undefined : shorten(heading, titleLength));
    const made = await deps.startBrief({ ...target, directory, title, text });
    deps.openTranscript(made.id, 'pinned');
    return made.id;
  }
  await deps.followFolder(session.directory);
  if (!(await sendRelay(deps, session, [{ ...target, text }]))) return undefined;
  deps.openTranscript(session.id, 'pinned');
  return session.id;
}
