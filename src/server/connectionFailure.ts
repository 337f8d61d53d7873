import type { ConnectionState, UnreadableFolder } from '../core/state/connectionState.ts';
import { ConfigurationProblem, Problem, UnauthorizedProblem, UnavailableProblem } from '../core/errors.ts';
import { l10n } from '../core/l10n.ts';
import { withoutUndefined } from '../core/withoutUndefined.ts';
import { backoff } from './backoff.ts';
import type { StreamEnd } from './dialect/dialect.ts';
import { StartingProblem } from './http/refusals.ts';
import { attachedAddress, type ServerSettings } from './source/chooseSource.ts';
import { NotInstalledProblem } from './source/findOpenCode.ts';
import type { FoundServer, ServerSource } from './source/serverSource.ts';
import { IncompatibleProblem, newestBefore } from './dialect/versions.ts';

/** How it is said that the server is away: one that was there, or one that was not there to begin with. */
export interface Absence {
  readonly kind: 'reconnecting' | 'unreachable';
  readonly since: number;
}

/** What a person has to do something about. */
const lasting = [IncompatibleProblem, NotInstalledProblem];

/** Whose server is asked for, and whether it is waited for. */
interface Asking {
  readonly isWaitedFor: boolean;
  readonly isManaged: boolean;
  /** It stands at an address that a person named, who has its password. */
  readonly isAttached: boolean;
}

/**
 * Whether it may be over by itself: the server may come, or someone who runs it may restart it. Where one is waited for,
 * something else may answer in its place for a while; where one is asked for, the address may be wrong.
 */
export function mayPass(problem: Problem, { isWaitedFor, isManaged, isAttached }: Asking): boolean {
  if (problem instanceof ConfigurationProblem) return !isManaged;
  if (problem instanceof UnauthorizedProblem) return !isAttached;
  if (lasting.some((kind) => problem instanceof kind)) return false;
  return isWaitedFor || problem instanceof UnavailableProblem || problem.mayHaveArrived;
}

export function toState(problem: Problem, url: string, managed: boolean): ConnectionState {
  if (problem instanceof UnauthorizedProblem) return { kind: 'unauthorised', url, message: problem.message };
  if (problem instanceof IncompatibleProblem) {
    return { kind: 'incompatible', version: problem.version, message: problem.message, managed };
  }
  if (problem instanceof NotInstalledProblem) return { kind: 'notInstalled', searched: problem.searched };
  const needsRestart = managed && problem instanceof ConfigurationProblem;
  return { kind: 'failed', ...toSaid(problem), ...(needsRestart ? { needsRestart } : {}) };
}

export function toSaid({ message, remedy }: Problem): Pick<UnreadableFolder, 'message' | 'remedy'> {
  return remedy === undefined ? { message } : { message, remedy };
}

/** What goes on when the same server is asked for again while it is away. */
export function absenceOf(state: ConnectionState): Absence | undefined {
  switch (state.kind) {
    case 'reconnecting':
    case 'unreachable':
      return { kind: state.kind, since: state.since };
    case 'awaited':
      return { kind: 'unreachable', since: state.since };
    case 'stale':
      return { kind: 'reconnecting', since: state.since };
    default:
      return undefined;
  }
}

export function toStarting(settings: ServerSettings): ConnectionState {
  const url = attachedAddress(settings);
  if (url !== undefined && url !== '') return { kind: 'starting', url };
  return settings.mode === 'service' ? { kind: 'starting', isService: true } : { kind: 'starting' };
}

/** What is said while the server is away and asked again; `attempt` counts from 1. */
export function toAbsence(absence: Absence, problem: Problem, attempt: number): ConnectionState {
  if (problem instanceof ConfigurationProblem) return { kind: 'failed', ...toSaid(problem) };
  const isStarting = absence.kind === 'unreachable' && problem instanceof StartingProblem;
  const kind = isStarting ? 'awaited' : absence.kind;
  return { kind, since: absence.since, attempt: Math.max(1, attempt), reason: problem.message };
}

/** Milliseconds until the next attempt: as a server wants it that says that it starts, else longer each time. */
export function pauseBefore(attempt: number, problem: Problem | undefined): number {
  if (problem instanceof StartingProblem) return problem.retryAfter;
  return attempt === 1 ? 0 : backoff(attempt - 1, Math.random());
}

interface LiveServer {
  readonly found: FoundServer;
  readonly unreadable: readonly UnreadableFolder[];
}

export function toLive(
  { found, unreadable }: LiveServer,
  { managed, meetsService }: Pick<ServerSource, 'managed' | 'meetsService'>,
): ConnectionState {
  const { endpoint, version, dialect, isService } = found;
  const newerThan = newestBefore(dialect, version);
  return {
    kind: 'live',
    url: endpoint.url,
    version,
    managed,
    ...withoutUndefined({ isService, newerThan }),
    ...(meetsService === true ? { meetsService } : {}),
    ...(unreadable.length === 0 ? {} : { unreadable }),
  };
}

export function brokenOff(end: StreamEnd, { managed }: Pick<ServerSource, 'managed'>): Problem {
  return new UnavailableProblem(howItBroke(end, managed));
}

function howItBroke(end: StreamEnd, managed: boolean): string {
  if (end === 'tooLarge') return l10n.t('The OpenCode server sent an event that is too large to be read.');
  // One of ours stands on this machine: nothing but its end closes the stream.
  return managed
    ? l10n.t('The OpenCode server ended or was restarted.')
    : l10n.t('The connection to the OpenCode server broke off.');
}

export function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  return new Problem(l10n.t('Something unexpected went wrong while connecting. The log has the detail.'), {
    cause: error,
    remedy: { title: l10n.t('Show Log'), command: 'opencodeSessions.log.show' },
  });
}
