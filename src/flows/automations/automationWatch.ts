import { describeReason } from '../../core/automations/automationWords.ts';
import type { AutomationOrigin } from '../../core/automations/automation.ts';
import type { Happening, Happenings } from '../../core/automations/happenings.ts';
import { type AutomationFacts, filesMeant, judge, mayHold } from '../../core/automations/judge.ts';
import { NotFoundProblem, sentenceOf } from '../../core/errors.ts';
import type { Disposable, Event } from '../../core/event.ts';
import { l10n } from '../../core/l10n.ts';
import type { Log } from '../../core/log.ts';
import type { OpenCode } from '../../core/ports/openCode.ts';
import type { Proof } from '../../core/ports/proof.ts';
import { Retries } from '../../core/retries.ts';
import { readScratch } from '../../core/sessions/scratch.ts';
import type { Sessions } from '../../core/sessions/sessionStore.ts';
import { parseMark } from '../../protocol/lineage.ts';
import type { PartOf, Session } from '../../protocol/records.ts';
import type { AutomationList } from './automationList.ts';
import type { RunningEntry } from './automationPorts.ts';
import type { AutomationRuns } from './automationRuns.ts';
import { findChain } from './findChain.ts';
import { readHappening, type SeenTurns } from './readHappening.ts';

export interface AutomationWatchPorts {
  readonly happenings: Pick<Happenings, 'onDidHappen' | 'want'>;
  readonly list: Pick<AutomationList, 'live' | 'onDidChange' | 'isPaused' | 'note'>;
  readonly runs: Pick<AutomationRuns, 'run'>;
  readonly openCode: Pick<OpenCode, 'getSession' | 'listMessages' | 'getMessage'>;
  readonly sessions: Pick<Sessions, 'get' | 'origin' | 'title' | 'permissions' | 'questions'>;
  readonly proof: Proof;
  /** Whether this window runs what follows sessions in that directory. */
  readonly isOurs: (directory: string) => boolean;
  /** What keeps a session from having settled; `works`: it began anew, and will end once more. */
  readonly unrest: (sessionId: string) => 'works' | 'waits' | undefined;
  /** The connection is there, for the first time or again. */
  readonly onDidGoLive: Event<void>;
  /** The most automations that follow one another. */
  readonly chainLimit: () => number;
  readonly startTimer: (callback: () => void, milliseconds: number) => Disposable;
  readonly log: Log;
}

/** Something happened for an entry, and is looked at once nothing more has happened for a while. */
interface Candidate {
  readonly id: string;
  readonly entryId: string;
  readonly sessionId: string;
  readonly happening: Happening;
  /** Calls that came before that of the happening and were not looked at: it stands for them, too. */
  passed: readonly PartOf<'tool'>[];
  /** How often it was found to be half made. */
  halfMade: number;
}

/** Milliseconds between two looks at a session that has not settled, for as long as somebody waits for that. */
const unrestPause = 3000;
/** So often a session is looked at again that is being made; one whose making broke off stays as it is. */
const makingLooks = 20;
/** So many calls are kept until it is looked at them. */
const passedLimit = 200;

/** Finds out which automations are to be run, of what happens while this window listens. */
export class AutomationWatch implements Disposable {
  readonly #ports: AutomationWatchPorts;
  readonly #candidates = new Map<string, Candidate>();
  /** Looks that are to come: after the debounce, or once more. */
  readonly #looks: Retries;
  /** The turns that an entry looked at in a session, and the first that it did not: what changed since is what it is told. */
  readonly #seen = new Map<string, SeenTurns>();
  readonly #subscriptions: readonly Disposable[];

  constructor(ports: AutomationWatchPorts) {
    this.#ports = ports;
    this.#looks = new Retries({ ...ports, retry: (id) => void this.#look(id) });
    this.#subscriptions = [
      ports.happenings.onDidHappen((happening) => this.#happened(happening)),
      ports.list.onDidChange(() => this.#want()),
      ports.onDidGoLive(() => {
        for (const id of this.#candidates.keys()) this.#looks.reset(id);
        for (const id of this.#candidates.keys()) this.#looks.again(id, unrestPause);
      }),
    ];
    this.#want();
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#looks.dispose();
    this.#candidates.clear();
  }

  #want(): void {
    const { happenings, list } = this.#ports;
    const events = new Set(list.live().map(({ automation }) => automation.on));
    happenings.want(list.isPaused ? new Set() : events);
  }

  #happened(happening: Happening): void {
    const { list, sessions } = this.#ports;
    const { sessionId } = happening;
    const session = sessions.get(sessionId);
    if (session !== undefined && !this.#ports.isOurs(session.directory)) return;
    // Asked once for all entries: some happen many times a second.
    const facts = session && this.#factsOf(session, happening);
    for (const running of list.live()) {
      const { entry, automation } = running;
      if (automation.on !== happening.on) continue;
      if (facts !== undefined && !mayConcern(running, facts)) continue;
      // Of several that come soon after one another, the last stands for all.
      const id = `${entry.id} ${sessionId} ${apart(happening)}`;
      const passed = callsOf(this.#candidates.get(id)).slice(-passedLimit);
      this.#candidates.set(id, { id, entryId: entry.id, sessionId, happening, passed, halfMade: 0 });
      if (happening.on === 'settled') this.#noteFirst(`${entry.id} ${sessionId}`, happening.answer.parentID);
      this.#looks.again(id, automation.debounce);
    }
  }

  /** The turn of an end that is passed over for a later one belongs to that, too. */
  #noteFirst(key: string, promptId: string): void {
    const seen = this.#seen.get(key);
    if (seen?.last === undefined && seen?.first === undefined) this.#seen.set(key, { first: promptId });
  }

  #factsOf(session: Session, happening: Happening, agent = session.agent): AutomationFacts {
    const { sessions } = this.#ports;
    return {
      directory: session.directory,
      title: sessions.title(session),
      agent: happening.on === 'settled' ? happening.answer.agent : agent,
      lineage: sessions.origin(session).kind,
      tool: happening.on === 'toolCompleted' ? happening.call.tool : undefined,
    };
  }

  async #look(id: string): Promise<void> {
    const candidate = this.#candidates.get(id);
    if (candidate === undefined) return;
    try {
      const isOver = await this.#consider(candidate);
      const current = this.#candidates.get(id);
      // What happened meanwhile is looked at in its own time.
      if (current !== candidate) {
        const looked = new Set(isOver ? callsOf(candidate) : []);
        if (current !== undefined) current.passed = current.passed.filter((call) => !looked.has(call));
        return;
      }
      if (isOver) this.#drop(id);
      else this.#looks.again(id, unrestPause);
    } catch (error) {
      if (this.#candidates.get(id) !== candidate) return;
      if (error instanceof NotFoundProblem) return this.#drop(id);
      this.#ports.log.warn(
        'An automation could not be looked at, and is looked at again.',
        candidate.entryId,
        error,
      );
      this.#looks.later(id);
    }
  }

  #drop(id: string): void {
    this.#candidates.delete(id);
    this.#looks.reset(id);
  }

  /** False: it is to be looked at again. */
  async #consider(candidate: Candidate): Promise<boolean> {
    const { entryId, sessionId, happening } = candidate;
    const { list, sessions, openCode, proof } = this.#ports;
    const running = list.live().find(({ entry }) => entry.id === entryId);
    if (running === undefined || list.isPaused) return true;
    if (happening.on === 'settled' || happening.on === 'failed') {
      const unrest = this.#ports.unrest(sessionId);
      if (unrest !== undefined) return unrest === 'works';
    }
    const session = await openCode.getSession(sessionId);
    if (readScratch(proof, session) !== undefined) return true;
    // What it comes from is written a moment after it was made, and before anything is sent there; one that comes from none keeps its mark.
    const isBeingMade = happening.on === 'created' && parseMark(session) !== undefined;
    if (isBeingMade && (candidate.halfMade += 1) < makingLooks) return false;
    const { automation, entry } = running;
    const isOurs = this.#ports.isOurs(session.directory);
    if (!isOurs || !mayConcern(running, this.#factsOf(session, happening))) return true;
    const seenKey = `${entryId} ${sessionId}`;
    const seen = this.#seen.get(seenKey) ?? {};
    const { passed } = candidate;
    const read = await readHappening({ openCode, sessions }, session, happening, { ...seen, passed });
    if (read === undefined) return true;
    if (read.promptId !== undefined) this.#seen.set(seenKey, { last: read.promptId });
    const facts = { ...this.#factsOf(session, happening, read.agent), files: read.files };
    if (!judge(automation, facts).every(({ holds }) => holds)) return true;
    const chain = await findChain(openCode, session, read.promptId);
    const barrier = this.#chainBarrier(entry.name, chain);
    const reason = describeReason(happening.on, facts.title, {
      files: filesMeant(automation, read.files),
      what: read.what,
    });
    if (barrier !== undefined) list.note(entryId, `${reason} ${barrier}`);
    else this.#run(running, { session, on: happening.on, key: read.key, reason, chain });
    return true;
  }

  /** It is not waited for: a run may take as long as a person takes to answer. */
  #run(running: RunningEntry, cause: Parameters<AutomationRuns['run']>[1]): void {
    const { runs, list, log } = this.#ports;
    const { id } = running.entry;
    runs.run(running, cause).catch((error: unknown) => {
      log.error('An automation failed.', id, error);
      list.note(id, `${cause.reason} ${sentenceOf(error)}`);
    });
  }

  #chainBarrier(name: string, chain: readonly string[]): string | undefined {
    if (chain.includes(name)) return l10n.t('It is not started by what came of itself.');
    const limit = this.#ports.chainLimit();
    if (chain.length < limit) return undefined;
    return l10n.t('{0} automations led to it, and so many may follow one another: {1}.', chain.length, limit);
  }
}

function mayConcern({ entry, automation, except = [] }: RunningEntry, facts: AutomationFacts): boolean {
  const { origin } = entry;
  const isElsewhere = except.some((directory) => isIn({ kind: 'folder', directory }, facts.directory));
  return !isElsewhere && isIn(origin, facts.directory) && mayHold(automation, facts);
}

/** The calls that a candidate stands for. */
function callsOf(candidate: Candidate | undefined): readonly PartOf<'tool'>[] {
  if (candidate === undefined || !('call' in candidate.happening)) return [];
  return [...candidate.passed, candidate.happening.call];
}

/** Requests and sessions are each of them an affair of its own. */
function apart(happening: Happening): string {
  return happening.on === 'needsYou' ? happening.requestId : '';
}

/** The settings of a folder concern its sessions, and those below it. */
function isIn(origin: AutomationOrigin, directory: string): boolean {
  if (origin.kind !== 'folder') return true;
  return (
    directory === origin.directory ||
    directory.startsWith(`${origin.directory}/`) ||
    directory.startsWith(`${origin.directory}\\`)
  );
}
