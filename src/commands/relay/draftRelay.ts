import { relayBody } from '../../core/continuation/drafts/draftBody.ts';
import { type GoingTodos, goingTodos } from '../../core/continuation/drafts/goingTodos.ts';
import type { Session } from '../../protocol/records.ts';
import { gatherForVerb, type GatherForVerbDeps } from '../../flows/preparing/gatherForVerb.ts';

/** What the next agent is told. */
export interface DraftedRelay {
  /** All of it, with what a person wants of the agent; empty where nothing was said in the session. */
  readonly textFor: (prompt: string) => string;
  /** A template says what is wanted of it, so that nothing more need be said. */
  readonly isByTemplate: boolean;
  /** Whether the session holds messages after what the text is about. */
  readonly hasLater: boolean;
  /** What a line of the text may stand for. */
  readonly going: GoingTodos | undefined;
}

/** Drafts what the next agent should know as of a message, absent: the last one. */
export async function draftRelay(
  deps: GatherForVerbDeps,
  session: Session,
  agent: string,
  messageId?: string,
): Promise<DraftedRelay> {
  const { gathered, template } = await gatherForVerb(deps, session, 'relay', {
    upTo: messageId,
    latest: true,
  });
  return {
    textFor: (prompt) => relayBody(gathered, { agent, prompt }, template),
    isByTemplate: template !== undefined,
    hasLater: gathered.hasLater,
    going: goingTodos(gathered.todos),
  };
}
