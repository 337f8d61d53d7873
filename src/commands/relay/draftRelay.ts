import { relayBody } from '../../core/continuation/drafts/draftBody.ts';
import type { Session } from '../../protocol/records.ts';
import { gatherForVerb, type GatherForVerbDeps } from '../../flows/preparing/gatherForVerb.ts';

/** A line for the next agent, and whether the session holds messages after what the line is about. */
export interface DraftedLine {
  readonly text: string;
  readonly hasLater: boolean;
}

/** Drafts what the next agent should know as of a message, absent: the last one. */
export async function draftRelay(
  deps: GatherForVerbDeps,
  session: Session,
  agent: string,
  messageId?: string,
): Promise<DraftedLine> {
  const { gathered, template } = await gatherForVerb(deps, session, 'relay', {
    upTo: messageId,
    latest: true,
  });
  return { text: relayBody(gathered, agent, template), hasLater: gathered.hasLater };
}
