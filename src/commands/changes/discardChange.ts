import type { ChangedFile } from '../../core/changes/changedFile.ts';
import { findBack, nameOf, planDiscard, type PutBack } from '../../core/changes/discard.ts';
import type { Discarded, Discards } from '../../core/changes/discards.ts';
import { NotFoundProblem, Problem } from '../../core/errors.ts';
import { l10n } from '../../core/l10n.ts';
import type { ChangesEditor } from '../../core/changes/changesEditor.ts';
import type { Dialogs } from '../../core/ports/dialogs.ts';
import type { Notify } from '../../core/ports/notify.ts';
import type { FileReplacement, FileState, WorkingFiles } from '../../core/ports/workingFiles.ts';
import type { Sessions } from '../../core/sessions/sessionStore.ts';
import { withSlashes } from '../../core/withSlashes.ts';
import type { Session } from '../../protocol/records.ts';
import { parseSessionArgument } from '../choosing/sessionArgument.ts';
import type { Command } from '../command.ts';
import { chooseChanges, sayNothing, type ShowChangesDeps } from './showChanges.ts';
import { describeChange } from './describeChange.ts';
import { requireIdle } from '../requireIdle.ts';

export interface DiscardPorts {
  readonly sessions: Pick<Sessions, 'status'>;
  readonly files: WorkingFiles;
  readonly discards: Discards;
  readonly changesEditor: Pick<ChangesEditor, 'showBecoming'>;
  readonly dialogs: Pick<Dialogs, 'pickOne' | 'inform'>;
  readonly notify: Notify;
}

export interface DiscardChangeDeps
  extends
    Omit<ShowChangesDeps, 'sessions' | 'changesEditor' | 'dialogs'>,
    Omit<DiscardPorts, 'sessions' | 'dialogs'> {
  readonly sessions: ShowChangesDeps['sessions'] & DiscardPorts['sessions'];
  readonly dialogs: ShowChangesDeps['dialogs'] & DiscardPorts['dialogs'];
}

/** Takes back what a session, or a turn of it, changed in one file: the one named, else the one that is picked. */
export function discardChange(deps: DiscardChangeDeps): Command {
  return async (argument) => {
    const chosen = await chooseChanges(deps, argument);
    if (chosen === undefined) return undefined;
    const { session, changes } = chosen;
    const { file } = parseSessionArgument(argument);
    if (changes.length === 0) {
      deps.dialogs.inform(sayNothing(chosen));
      return undefined;
    }
    const change =
      file === undefined
        ? await deps.dialogs.pickOne(
            l10n.t('Discard the Change of Which File?'),
            changes.map((each) => ({ ...describeChange(session, each), value: each })),
          )
        : changes.find(({ path }) => path === withSlashes(file));
    if (change === undefined && file !== undefined) {
      throw new NotFoundProblem(l10n.t('Nothing is known of a change of {0}.', file));
    }
    if (change !== undefined) await discard(deps, session, change);
    return session.id;
  };
}

/**
 * Takes one change back, at once where the file is as the session left it and nobody else's change is in it, and offers to
 * undo that.
 */
export async function discard(ports: DiscardPorts, session: Session, change: ChangedFile): Promise<void> {
  requireIdle(ports, session);
  const plan = planDiscard(change);
  const name = nameOf(change);
  const states = await Promise.all(plan.map(({ path }) => ports.files.read(session.directory, path)));
  refuseOneFile(plan, states);
  const steps = plan.map((step, index) => toReplacement(step, states, index));
  if (steps.every(({ from, to }) => textOf(from) === textOf(to))) {
    ports.dialogs.inform(l10n.t('{0} is as it was before already.', name));
    return;
  }
  const replaced = steps.map(({ path, from, to }) => ({ path, from, to }));
  const reasons = [
    change.mixed && changedBetween(name),
    steps.every(({ isAsLeft }) => isAsLeft) ? undefined : changedSince(name),
  ].filter((reason) => reason !== undefined);
  if (
    reasons.length > 0 &&
    !(await agreeTo(ports, replaced, { name, title: reasons.join(' '), label: l10n.t('Discard Anyway') }))
  ) {
    return;
  }
  requireIdle(ports, session);
  await ports.files.replace(session.directory, replaced);
  const discardId = ports.discards.keep({ directory: session.directory, name, replaced });
  ports.notify({
    message: steps.some(({ isGuessed }) => isGuessed)
      ? l10n.t(
          'Discarded the change of {0}. It is an ordinary file now: OpenCode does not tell whether it could be run, or was a link.',
          name,
        )
      : l10n.t('Discarded the change of {0}.', name),
    actions: [
      { title: l10n.t('Undo'), command: 'opencodeSessions.changes.undoDiscard', arguments: [{ discardId }] },
    ],
  });
}

/** Brings back what was discarded last, or what a notification names, as it stood there. */
export function undoDiscard(ports: Omit<DiscardPorts, 'sessions' | 'notify'>): Command {
  return async (argument) => {
    const found = ports.discards.find(parseSessionArgument(argument).discardId);
    if (found === undefined) {
      ports.dialogs.inform(l10n.t('Nothing that was discarded in this window is left to bring back.'));
      return;
    }
    const [id, discarded] = found;
    if (await bringBack(ports, discarded)) ports.discards.forget(id);
  };
}

async function bringBack(
  ports: Omit<DiscardPorts, 'sessions' | 'notify' | 'discards'>,
  { directory, name, replaced }: Discarded,
): Promise<boolean> {
  const back = await Promise.all(
    replaced.map(async ({ path, from, to }) => {
      const now = await ports.files.read(directory, path);
      return { path, from: now, to: from, isAsLeft: textOf(now) === textOf(to) };
    }),
  );
  const replacements = back.map(({ path, from, to }) => ({ path, from, to }));
  const isAsLeft = back.every((each) => each.isAsLeft);
  const question = { name, title: changedSince(name), label: l10n.t('Bring It Back Anyway') };
  if (!isAsLeft && !(await agreeTo(ports, replacements, question))) return false;
  await ports.files.replace(directory, replacements);
  return true;
}

interface Step extends FileReplacement {
  readonly isAsLeft: boolean;
  /** A file is made whose mode nobody knows. */
  readonly isGuessed: boolean;
}

/** A renamed file keeps the mode that it has under its new name. */
function toReplacement(step: PutBack, states: readonly FileState[], index: number): Step {
  const from = states[index] ?? { kind: 'absent' };
  const found = findBack(step, textOf(from));
  const back = found === undefined ? step.back : found.back;
  const standing = from.kind === 'text' ? from : states.find((state) => state.kind === 'text');
  const mode = standing?.mode ?? step.mode;
  const to: FileState =
    back === null ? { kind: 'absent' } : { kind: 'text', text: back, mode: mode ?? 0o644 };
  const isGuessed = back !== null && mode === undefined;
  return { path: step.path, from, to, isAsLeft: found !== undefined, isGuessed };
}

/** Where a disk takes no notice of capitals, what is put back under one name would be removed under the other. */
function refuseOneFile(plan: readonly PutBack[], states: readonly FileState[]): void {
  const inodes = states.map((state) => (state.kind === 'text' ? state.inode : undefined));
  const [one, other] = inodes;
  if (one === undefined || one !== other) return;
  const [old = '', current = ''] = plan.map(nameOf);
  throw new Problem(
    l10n.t('{0} and {1} are one file on this disk, so that it is not renamed back from here.', old, current),
  );
}

function changedSince(name: string): string {
  return l10n.t('{0} was changed since. All that was changed since goes, too.', name);
}

function changedBetween(name: string): string {
  return l10n.t('Somebody else changed {0} between the turns. What they changed goes, too.', name);
}

interface DiscardQuestion {
  readonly name: string;
  readonly title: string;
  readonly label: string;
}

/** More goes than the session changed: what would become of the file is shown first. */
async function agreeTo(
  { changesEditor, dialogs }: Pick<DiscardPorts, 'changesEditor' | 'dialogs'>,
  replacements: readonly FileReplacement[],
  { name, title, label }: DiscardQuestion,
): Promise<boolean> {
  await changesEditor.showBecoming(
    l10n.t('{0}: as it is, and as it would become', name),
    replacements.map(({ path, from, to }) => ({ path, current: textOf(from), next: textOf(to) })),
  );
  const choice = await dialogs.pickOne(title, [
    { label: l10n.t('Keep It as It Is'), icon: 'close', value: 'keep' as const },
    { label, icon: 'discard', value: 'go' as const },
  ]);
  return choice === 'go';
}

function textOf(state: FileState): string | null {
  return state.kind === 'absent' ? null : state.text;
}
