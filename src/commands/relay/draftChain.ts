import { chainLegBody } from '../../core/continuation/drafts/draftBody.ts';
import { describeSource } from '../../core/continuation/drafts/draftOrder.ts';
import type { Drafts } from '../../core/continuation/drafts/drafts.ts';
import {
  checkAgentNames,
  type ChainLeg,
  printChain,
  printHeading,
} from '../../core/continuation/drafts/relayChain.ts';
import type { SavedLeg } from '../../core/continuation/drafts/savedChains.ts';
import { l10n } from '../../core/l10n.ts';
import type { Choice, Dialogs } from '../../core/ports/dialogs.ts';
import type { Sessions } from '../../core/sessions/sessionStore.ts';
import type { Agent, Session } from '../../protocol/records.ts';
import type { DraftedRelay } from './draftRelay.ts';
import { describeChoice } from './pickAgent.ts';

export interface PickLegsDeps {
  readonly sessions: Pick<Sessions, 'title'>;
  readonly dialogs: Pick<Dialogs, 'pickOne'>;
  readonly hopLimit: () => number;
}

export interface DraftChainDeps {
  readonly sessions: Pick<Sessions, 'title'>;
  readonly dialogs: Pick<Dialogs, 'inform'>;
  readonly drafts: Pick<Drafts, 'open'>;
  /** What the first agent should know as of that message (absent: the last one). */
  readonly draftRelay: (session: Session, agent: string, messageId?: string) => Promise<DraftedRelay>;
  /** The text of `.opencode/prompts/<name>.md` in the folder; undefined where there is none. */
  readonly readPrompt: (directory: string, name: string) => Promise<string | undefined>;
}

type Step = { readonly agent: string } | 'back' | 'done';

/** Lets a person pick one agent after the other; undefined: they left. */
export async function pickLegs(
  { sessions, dialogs, hopLimit }: PickLegsDeps,
  session: Session,
  agents: readonly Agent[],
): Promise<readonly SavedLeg[] | undefined> {
  const legs: SavedLeg[] = [];
  while (legs.length < hopLimit()) {
    const trail = [...legs.map(({ agent }) => agent), '…'].join(' → ');
    const step = await dialogs.pickOne<Step>(
      l10n.t('Chain in “{0}”: {1}', sessions.title(session), trail),
      offerSteps(session, agents, legs),
    );
    if (step === undefined) return undefined;
    if (step === 'done') break;
    if (step === 'back') legs.pop();
    else legs.push(step);
  }
  return legs;
}

/** Enter ends a chain of two or more; before that it takes the first agent. */
function offerSteps(
  session: Session,
  agents: readonly Agent[],
  legs: readonly SavedLeg[],
): readonly Choice<Step>[] {
  const last = legs.at(-1)?.agent ?? session.agent;
  const others = agents.toSorted((a, b) => Number(a.name === last) - Number(b.name === last));
  const done: Choice<Step> = {
    label: l10n.t('Done'),
    detail: legs.map(({ agent }) => agent).join(' → '),
    icon: 'check-all',
    value: 'done',
  };
  const back: Choice<Step> = {
    label: l10n.t('Take the Last One Back'),
    ...(last === undefined ? {} : { description: last }),
    icon: 'discard',
    value: 'back',
  };
  return [
    ...(legs.length >= 2 ? [done] : []),
    ...others.map((agent): Choice<Step> => ({
      ...describeChoice(agent, agent.name === last),
      value: { agent: agent.name },
    })),
    ...(legs.length > 0 ? [back] : []),
  ];
}

/**
 * Opens a chain as a draft with a heading for each leg, at the first place where something is to be written or is wrong.
 * It is always read first: a repository may bring chains, too, and what they say was perhaps written long ago.
 */
export async function draftChain(
  deps: DraftChainDeps,
  session: Session,
  wished: readonly SavedLeg[],
  agents: readonly Agent[],
  messageId?: string,
): Promise<void> {
  const first = wished[0]?.agent ?? '';
  const drafted = await deps.draftRelay(session, first, messageId);
  const context = drafted.textFor('');
  const blanks = new Set<string>();
  const legs: Omit<ChainLeg, 'line'>[] = [];
  const remarks: { readonly said: string; readonly heading: string }[] = [];
  const known = agents.map(({ name }) => name);
  for (const [index, leg] of wished.entries()) {
    const { agent, model, template } = leg;
    const read = template === undefined ? undefined : await deps.readPrompt(session.directory, template);
    const heading = `## ${printHeading(leg)}`;
    const stranger = checkAgentNames([agent], known);
    if (stranger !== undefined) remarks.push({ said: stranger, heading });
    if (template !== undefined && read === undefined) {
      const said = l10n.t('There is no template .opencode/prompts/{0}.md, so its place is empty.', template);
      remarks.push({ said, heading });
    }
    const blank = askFor(agent);
    const own =
      leg.prompt ?? (read && chainLegBody(session, { agent, before: wished[index - 1]?.agent }, read));
    if (own === undefined || own === '') blanks.add(blank);
    const text = own || blank;
    legs.push({
      agent,
      ...(model && { model }),
      prompt: withinLeg(index === 0 ? drafted.textFor(text) : text),
    });
  }
  await deps.drafts.open(
    {
      verb: 'chain',
      ...describeSource(deps.sessions, session),
      blanks: [...blanks],
      ...(drafted.going && { going: drafted.going }),
      ...(context !== '' && !drafted.isByTemplate && { context }),
    },
    { source: session.id, body: printChain(legs) },
    { line: remarks[0]?.heading },
  );
  const [remark] = remarks;
  if (remark !== undefined) deps.dialogs.inform(remark.said);
}

/** The question in the place of what an agent is to do. */
export function askFor(agent: string): string {
  return l10n.t('What should {0} do?', agent);
}

/** A heading of the level of the legs would be one. */
function withinLeg(text: string): string {
  return text.replaceAll(/^##(?=\s)/gm, '###');
}
