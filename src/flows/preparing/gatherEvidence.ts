import type { Log } from '../../core/log.ts';
import type { OpenCode } from '../../core/ports/openCode.ts';
import type { Proof } from '../../core/ports/proof.ts';
import type { ChangedSince, SessionEvidence } from '../../core/services/recommendation.ts';
import { isWithin } from '../../core/services/serviceFolders.ts';
import { countLatest } from '../../core/sessions/contextUses.ts';
import { readScratch } from '../../core/sessions/scratch.ts';
import { isArchived } from '../../core/sessions/sessionKind.ts';
import { contextUse, percentUsed } from '../../core/sessions/usage.ts';
import type { Offers } from '../../core/state/offers.ts';
import type { Session } from '../../protocol/records.ts';

export interface EvidencePorts {
  readonly openCode: Pick<
    OpenCode,
    | 'abilities'
    | 'listProject'
    | 'listStatuses'
    | 'listPermissions'
    | 'listQuestions'
    | 'listMessages'
    | 'listTodos'
  >;
  readonly offers: Pick<Offers, 'load'>;
  readonly proof: Proof;
  /** What others changed in the folder since then (milliseconds since 1970); undefined where that cannot be known. */
  readonly changedSince: (directory: string, since: number) => Promise<ChangedSince | undefined>;
  /** Resolves after so many milliseconds. */
  readonly wait: (milliseconds: number) => Promise<void>;
  readonly log: Log;
}

/** A session of a folder, with what speaks for it. */
export interface FolderSession {
  readonly session: Session;
  readonly evidence: SessionEvidence;
}

/** So many sessions, the latest, are looked at closely; of the others their records are all that is said. */
const closeLooks = 5;
/** So many are offered at most. */
const offered = 50;
/** What is not known after so many milliseconds is not waited for: somebody waits for the list. */
const patience = 3000;
/** Among so many of its newest messages a counted answer is looked for. */
const glanceSize = 4;

/**
 * The sessions that belong to a folder, its own and those of folders below it, the latest first, with what is known of each.
 * Throws what the server answers to the list; what it does not say of one session is not known.
 */
export async function gatherEvidence(
  ports: EvidencePorts,
  directory: string,
): Promise<readonly FolderSession[]> {
  const { openCode, proof } = ports;
  const [{ here, elsewhere }, statuses, permissions, questions] = await Promise.all([
    openCode.listProject(directory),
    openCode.listStatuses(directory),
    openCode.listPermissions(directory),
    openCode.listQuestions(directory),
  ]);
  const waiting = new Set([...permissions, ...questions].map(({ sessionID }) => sessionID));
  const own = [...here, ...elsewhere.filter((session) => isWithin(directory, session.directory))]
    .filter(({ parentID }) => parentID === undefined)
    .filter((session) => readScratch(proof, session) === undefined)
    .toSorted((a, b) => b.time.updated - a.time.updated)
    .slice(0, offered);
  const close = new Set(own.filter((session) => !isArchived(session)).slice(0, closeLooks));
  return Promise.all(
    own.map(async (session) => ({
      session,
      evidence: {
        sessionId: session.id,
        lastActive: session.time.updated,
        isBusy: (statuses[session.id]?.type ?? 'idle') !== 'idle',
        isWaiting: waiting.has(session.id),
        isArchived: isArchived(session),
        isEmpty: false,
        ...(close.has(session) ? await lookClosely(ports, session) : {}),
      },
    })),
  );
}

async function lookClosely(ports: EvidencePorts, session: Session): Promise<Partial<SessionEvidence>> {
  const { openCode, log, wait } = ports;
  const late = wait(patience).then(() => undefined);
  /** What cannot be known is left out: it speaks for nothing. */
  const orUnknown = async <T>(what: string, asked: Promise<T>): Promise<T | undefined> => {
    const known = asked.catch((error: unknown) => {
      log.debug(`The ${what} of a session is not known.`, session.id, error);
      return undefined;
    });
    return Promise.race([known, late]);
  };
  const [said, todos, changed] = await Promise.all([
    orUnknown('context', readContext(ports, session)),
    orUnknown(
      'list of todos',
      openCode.abilities.todos ? openCode.listTodos(session.id) : Promise.resolve(undefined),
    ),
    orUnknown('folder', ports.changedSince(session.directory, session.time.updated)),
  ]);
  const open = todos?.filter(({ status }) => status === 'pending' || status === 'in_progress').length;
  return { ...said, openTodos: open, todos: todos?.length, changed };
}

async function readContext(
  { openCode, offers }: EvidencePorts,
  { id, directory }: Session,
): Promise<Pick<SessionEvidence, 'isEmpty' | 'percentFull'>> {
  const [{ messages }, { providers }] = await Promise.all([
    openCode.listMessages(id, { limit: glanceSize }),
    offers.load(directory),
  ]);
  const answer = countLatest(messages);
  const percentFull = answer && percentUsed(contextUse(answer, providers));
  return { isEmpty: messages.length === 0, percentFull };
}
