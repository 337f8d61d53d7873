import type { Draft } from '../../core/continuation/drafts/draft.ts';
import type { PromptTarget } from '../../core/turns/promptTarget.ts';
import type { Session } from '../../protocol/records.ts';
import { resolveTarget, type ResolveTargetDeps } from './target.ts';

/** Who answers a draft: what its front matter says, else what the session uses; checked against the server. */
export async function resolveDraftTarget(
  deps: ResolveTargetDeps,
  session: Session,
  { agent, model, variant }: Draft,
): Promise<PromptTarget> {
  const wished = model && { ...model, ...(variant === undefined ? {} : { variant }) };
  const target = await resolveTarget(deps, session, { agent, model: wished });
  return model === undefined && variant !== undefined
    ? { ...target, model: { ...target.model, variant } }
    : target;
}

/** A target as the front matter of a draft says it. */
export function describeTarget({ agent, model }: PromptTarget): Pick<Draft, 'agent' | 'model' | 'variant'> {
  const { providerID, modelID, variant } = model;
  return {
    agent,
    model: { providerID, modelID },
    ...(variant === undefined || variant === 'default' ? {} : { variant }),
  };
}
