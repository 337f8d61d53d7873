import { Problem } from '../../core/errors.ts';
import { parseChain, printHeading } from '../../core/continuation/drafts/relayChain.ts';
import { parseDraft } from '../../core/continuation/drafts/draft.ts';
import type { Drafts } from '../../core/continuation/drafts/drafts.ts';
import type { SavedChain, SavedLeg } from '../../core/continuation/drafts/savedChains.ts';
import { l10n } from '../../core/l10n.ts';
import type { Dialogs } from '../../core/ports/dialogs.ts';
import { choosableAgents } from '../../core/turns/promptTarget.ts';
import type { Offers } from '../../core/state/offers.ts';
import { chooseSession, type ChooseSessionDeps } from '../choosing/chooseSession.ts';
import { parseSessionArgument } from '../choosing/sessionArgument.ts';
import type { Command } from '../command.ts';
import { draftChain, type DraftChainDeps } from './draftChain.ts';
import { describeChain } from './pickAgent.ts';

export interface RunChainDeps extends ChooseSessionDeps, DraftChainDeps {
  readonly sessions: ChooseSessionDeps['sessions'];
  readonly dialogs: ChooseSessionDeps['dialogs'] & DraftChainDeps['dialogs'] & Pick<Dialogs, 'pickOne'>;
  readonly offers: Pick<Offers, 'load'>;
  readonly savedChains: () => readonly SavedChain[];
}

export interface SaveChainDeps {
  readonly drafts: Pick<Drafts, 'find'>;
  readonly dialogs: Pick<Dialogs, 'askText' | 'confirm' | 'inform'>;
  readonly savedChains: () => readonly SavedChain[];
  /** Keeps a chain in the settings of the person. */
  readonly saveChain: (name: string, legs: readonly SavedLeg[]) => Promise<void>;
}

/** Opens a saved chain as a draft for a session. `title` of the argument names the chain. */
export function runChain(deps: RunChainDeps): Command {
  return async (argument) => {
    const { title, messageId } = parseSessionArgument(argument);
    const session = await chooseSession(deps, argument, {
      title: l10n.t('Run Relay Chain'),
      none: l10n.t('There is no session to relay. Start one with “New Session…”.'),
    });
    if (session === undefined) return undefined;
    const chains = deps.savedChains();
    if (chains.length === 0) {
      throw new Problem(
        l10n.t(
          'No chain is saved yet. Put one together with “Relay to Agent…”, and save it from its draft with “Save Relay Chain As…”.',
        ),
      );
    }
    const chain =
      chains.find(({ name }) => name === title) ??
      (await deps.dialogs.pickOne(
        l10n.t('Run Which Chain in “{0}”?', deps.sessions.title(session)),
        chains.map((saved) => ({ ...describeChain(saved), value: saved })),
      ));
    if (chain === undefined) return undefined;
    const { agents } = await deps.offers.load(session.directory);
    await draftChain(deps, session, legsOf(chain), choosableAgents(agents), messageId);
    return session.id;
  };
}

/** The legs of a saved chain. Throws a `Problem` that says what is wrong with it. */
export function legsOf({ legs, fault }: SavedChain): readonly SavedLeg[] {
  if (fault === undefined) return legs;
  throw new Problem(fault, {
    remedy: {
      title: l10n.t('Open Settings'),
      command: 'workbench.action.openSettings',
      arguments: ['opencodeSessions.continuation.chains'],
    },
  });
}

/** Keeps the chain of a draft by a name, without what was done last, which is said anew each time. */
export function saveChain(deps: SaveChainDeps): Command {
  return async (argument) => {
    const written = await deps.drafts.find(argument);
    if (written?.order.verb !== 'chain') {
      throw new Problem(
        l10n.t('Only the draft of a chain can be saved as one. Open one with “Relay to Agent…”.'),
      );
    }
    const { order, text } = written;
    const wished = parseChain(parseDraft(text).draft.body);
    if (wished.length < 2)
      throw new Problem(l10n.t('A chain has at least two agents. Write another one first.'));
    const legs = wished.map((leg) => toSaved(leg, order));
    const name = (
      await deps.dialogs.askText({
        title: l10n.t('Save Relay Chain As'),
        placeholder: l10n.t('Name, for example: implement → review → fix'),
        suggestion: Promise.resolve(wished.map(printHeading).join(' → ')),
        validate: (typed) => (typed.trim() === '' ? l10n.t('Type a name, or press Escape.') : undefined),
      })
    )?.trim();
    if (name === undefined) return undefined;
    if (deps.savedChains().some((saved) => saved.name === name) && !(await confirmOver(deps, name))) {
      return undefined;
    }
    await deps.saveChain(name, legs);
    deps.dialogs.inform(
      l10n.t(
        'The chain “{0}” is in your settings. Run it with “Relay to Agent…” or “Run Relay Chain…”.',
        name,
      ),
    );
    return order.sessionId;
  };
}

function confirmOver({ dialogs }: Pick<SaveChainDeps, 'dialogs'>, name: string): Promise<boolean> {
  return dialogs.confirm({
    message: l10n.t('Replace the chain “{0}”?', name),
    detail: l10n.t('What it says in your settings is lost.'),
    action: l10n.t('Replace'),
  });
}

/** What is still asked for in the draft is asked for each time. */
function toSaved(
  { agent, model, prompt }: ReturnType<typeof parseChain>[number],
  {
    blanks = [],
    context = '',
  }: { readonly blanks?: readonly string[] | undefined; readonly context?: string | undefined },
): SavedLeg {
  const own = context !== '' && prompt.startsWith(context) ? prompt.slice(context.length) : prompt;
  const said = blanks.reduce((text, blank) => text.replaceAll(blank, ''), own).trim();
  return { agent, ...(model && { model }), ...(said === '' ? {} : { prompt: said }) };
}
