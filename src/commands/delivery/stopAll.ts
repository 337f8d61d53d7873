import { l10n } from '../../core/l10n.ts';
import type { Choice, Dialogs } from '../../core/ports/dialogs.ts';
import type { Notify } from '../../core/ports/notify.ts';
import type { OpenCode } from '../../core/ports/openCode.ts';
import { listNames } from '../../core/rows/names.ts';
import type { CompanionState } from '../../core/state/companions.ts';
import type { Proof } from '../../core/ports/proof.ts';
import { stopAllWords } from '../../protocol/companion.ts';
import type { StopAll } from '../../core/state/hold.ts';
import type { Command } from '../command.ts';

export interface StopAllDeps {
  readonly hold: StopAll;
  /** How much waits to be sent by itself. */
  readonly pending: { readonly count: number };
  /** The sessions that work. */
  readonly working: { readonly ids: ReadonlySet<string> };
  readonly openCode: Pick<OpenCode, 'abortSession'>;
  /** What is known of the companion of each directory of this window. */
  readonly companions: { readonly states: ReadonlyMap<string, CompanionState> };
  readonly proof: Pick<Proof, 'holds'>;
  readonly directoryName: (directory: string) => string;
  readonly showDeliveries: () => Promise<void>;
  readonly dialogs: Pick<Dialogs, 'pickOne'>;
  readonly notify: Notify;
}

type Wish = 'stop' | 'stopTurns' | 'release' | 'show';

/** Holds all that would be sent by itself, for all windows and companions, and stops the running turns where that is wished. */
export function stopAll(deps: StopAllDeps): Command {
  return async () => {
    const { hold, dialogs, pending, working } = deps;
    if (hold.isHeld()) {
      deps.notify({
        message: l10n.t('Stop All holds already. {0}', waitingWords(pending.count)),
        actions: [releaseAction(), showAction()],
      });
      return undefined;
    }
    const wish = await dialogs.pickOne(l10n.t('Stop All'), stopChoices(pending.count, working.ids.size));
    return wish === undefined ? undefined : act(deps, wish);
  };
}

/** Lets go on what Stop All holds, in its order. */
export function releaseAll(deps: StopAllDeps): Command {
  return async () => {
    const { hold, dialogs, pending } = deps;
    if (!hold.isHeld()) {
      deps.notify({ message: l10n.t('Nothing is held by Stop All.'), actions: [] });
      return undefined;
    }
    const wish =
      pending.count === 0
        ? 'release'
        : await dialogs.pickOne(l10n.t('Held by Stop All'), releaseChoices(pending.count));
    return wish === undefined ? undefined : act(deps, wish);
  };
}

async function act(deps: StopAllDeps, wish: Wish): Promise<string> {
  switch (wish) {
    case 'show':
      await deps.showDeliveries();
      break;
    case 'release':
      deps.hold.release();
      break;
    case 'stop':
      deps.hold.stop();
      tellHeld(deps);
      break;
    case 'stopTurns':
      await stopTurns(deps);
      break;
  }
  return wish;
}

/** The running turns are stopped also where Stop All cannot be kept, which is said afterwards. */
async function stopTurns(deps: StopAllDeps): Promise<void> {
  const ids = [...deps.working.ids];
  try {
    deps.hold.stop();
  } finally {
    await Promise.all(ids.map((id) => deps.openCode.abortSession(id)));
  }
  tellHeld(deps);
}

function tellHeld(deps: StopAllDeps): void {
  const { notify, pending } = deps;
  const others = companionsBeside(deps);
  if (others.length > 0) {
    notify({
      severity: 'warning',
      message: l10n.t(
        'Stop All does not reach the companion of {0}: it is an earlier one, or its server runs elsewhere. What agents send there goes on; restart OpenCode there so that it is reached.',
        listNames(others),
      ),
      actions: [{ title: l10n.t('Restart OpenCode'), command: 'opencodeSessions.server.restart' }],
    });
  }
  notify({
    message: l10n.t(
      'Stop All holds what is sent by itself, in all windows and also after a restart, until you release it. What you send yourself still goes. {0}',
      waitingWords(pending.count),
    ),
    actions: [releaseAction(), showAction()],
  });
}

/** The folders whose companion does not look at this Stop All. */
function companionsBeside({ companions, proof, directoryName }: StopAllDeps): readonly string[] {
  return [...companions.states].flatMap(([directory, state]) =>
    state.kind === 'running' && !proof.holds(stopAllWords(directory), state.stopAll)
      ? directoryName(directory)
      : [],
  );
}

function stopChoices(waiting: number, working: number): readonly Choice<Wish>[] {
  const stop: Choice<Wish> = {
    label: l10n.t('Hold What Is Sent by Itself'),
    description: waitingWords(waiting),
    detail: l10n.t(
      'Relays, queued prompts, automations and what agents send wait until you release them. Running turns go on.',
    ),
    icon: 'debug-pause',
    value: 'stop',
  };
  const stopRunning: Choice<Wish> = {
    label: l10n.t('Hold It, and Stop the Running Turns'),
    description: working === 1 ? l10n.t('1 session works') : l10n.t('{0} sessions work', working),
    detail: l10n.t('A relay that waits behind a turn that you stop is taken out, as with Stop.'),
    icon: 'debug-stop',
    value: 'stopTurns',
  };
  return [stop, ...(working === 0 ? [] : [stopRunning]), showChoice()];
}

function releaseChoices(waiting: number): readonly Choice<Wish>[] {
  const release: Choice<Wish> = {
    label: l10n.t('Release'),
    description: waitingWords(waiting),
    detail: l10n.t('What waits goes on in its order, each once.'),
    icon: 'debug-continue',
    value: 'release',
  };
  return [release, showChoice()];
}

function showChoice(): Choice<Wish> {
  return { label: l10n.t('Show Deliveries'), icon: 'list-unordered', value: 'show' };
}

function waitingWords(count: number): string {
  if (count === 0) return l10n.t('Nothing waits at this moment.');
  return count === 1 ? l10n.t('1 prompt waits.') : l10n.t('{0} prompts wait.', count);
}

function releaseAction() {
  return { title: l10n.t('Release'), command: 'opencodeSessions.deliveries.release' };
}

function showAction() {
  return { title: l10n.t('Show Deliveries'), command: 'opencodeSessions.deliveries.show' };
}
