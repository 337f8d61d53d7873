import { type Cancellation, throwIfCancelled } from '../../core/cancellation.ts';
import { NotFoundProblem, Problem, UncertainProblem } from '../../core/errors.ts';
import { type ReadInfo, readImportedInfo } from '../../core/export/importedInfo.ts';
import { type ScannedFile, SessionFileScan } from '../../core/export/sessionFileScan.ts';
import { formatSize } from '../../core/figures.ts';
import { l10n } from '../../core/l10n.ts';
import type { OpenCode } from '../../core/ports/openCode.ts';
import type { ChosenFile } from '../../core/ports/readFile.ts';
import type { SessionProgram } from '../../core/ports/sessionProgram.ts';
import type { StoredSessions } from '../../core/ports/storedSessions.ts';
import type { WrittenFile } from '../../core/ports/writtenFile.ts';
import type { Session } from '../../protocol/records.ts';
import type { Watch } from './exportSessions.ts';
import { storedPagesBack } from './storedPages.ts';

export interface ImportPorts {
  readonly openCode: Pick<OpenCode, 'getSession' | 'deleteSession'> & StoredSessions;
  readonly program: SessionProgram;
  /** A file of ours, which is gone again once it is discarded. */
  readonly beginCopy: () => Promise<WrittenFile>;
}

/** A file that was looked at and may be taken in. */
export interface Importable {
  readonly file: ChosenFile;
  readonly info: ReadInfo;
  readonly scanned: Extract<ScannedFile, { kind: 'session' }>;
}

/** Bytes of a file at most: the program reads it as a whole, and takes many times that. */
const largest = 256_000_000;

/** Looks what a file is before anything is done with it. Throws a `Problem` where it is no session's. */
export async function inspectFile(file: ChosenFile, cancellation?: Cancellation): Promise<Importable> {
  if (file.size > largest) {
    throw new Problem(
      l10n.t(
        '{0} has {1}, and OpenCode would have to hold all of it several times: nothing was imported. “opencode import” in a terminal may still take it.',
        file.name,
        formatSize(file.size),
      ),
    );
  }
  const scan = new SessionFileScan();
  for await (const text of file.read()) {
    throwIfCancelled(cancellation);
    scan.push(text);
  }
  const scanned = scan.end();
  if (scanned.kind !== 'session') throw noSession(file, scanned.kind);
  const info = readImportedInfo(scanned.info);
  if (info === undefined) throw noSession(file, 'other');
  return { file, info, scanned };
}

function noSession({ name }: ChosenFile, kind: 'other' | 'truncated' | 'notJson'): Problem {
  switch (kind) {
    case 'notJson':
      return new Problem(
        l10n.t('{0} is no JSON, so nothing was imported. Choose a session that was exported as JSON.', name),
      );
    case 'truncated':
      return new Problem(
        l10n.t('{0} ends in the middle, so nothing was imported. Export the session again.', name),
      );
    case 'other':
      return new Problem(
        l10n.t(
          '{0} is JSON, but no session in a form that is known here, so nothing was imported. It may be something else, or come of a newer OpenCode.',
          name,
        ),
      );
  }
}

/**
 * Takes a session in through OpenCode's own program, into the project of that folder, and looks that all of it came. Nothing of
 * it acts by itself. What did not come whole is taken back; a session that is there already is left as it is.
 */
export async function importSession(
  ports: ImportPorts,
  { file, info, scanned }: Importable,
  directory: string,
  { cancellation, report }: Watch,
): Promise<Session> {
  const present = await findSession(ports, info.id);
  if (present !== undefined) throw isThere(present);
  const copy = await ports.beginCopy();
  let mayBeThere = false;
  try {
    report(l10n.t('Reading {0}', file.name));
    await writeDisarmed(copy, { file, info, scanned }, cancellation);
    report(l10n.t('OpenCode takes it in'));
    mayBeThere = true;
    await ports.program.importFile(copy.path, directory, cancellation);
    report(l10n.t('Looking whether all came'));
    return await requireWhole(ports, { info, scanned, file });
  } catch (error) {
    if (mayBeThere) await takeBack(ports, info);
    throw error;
  } finally {
    await copy.discard();
  }
}

async function writeDisarmed(
  copy: WrittenFile,
  { file, info, scanned: { start, end } }: Importable,
  cancellation: Cancellation | undefined,
): Promise<void> {
  let at = 0;
  for await (const text of file.read()) {
    throwIfCancelled(cancellation);
    const [from, to] = [start - at, end - at].map((place) => Math.min(Math.max(place, 0), text.length));
    // The record is put in where it begins.
    const begins = start >= at && start < at + text.length;
    await copy.write(text.slice(0, from) + (begins ? info.text : '') + text.slice(to));
    at += text.length;
  }
  await copy.flush();
}

async function requireWhole(ports: ImportPorts, { info, scanned, file }: Importable): Promise<Session> {
  const session = await findSession(ports, info.id);
  if (session === undefined) {
    throw new Problem(
      l10n.t(
        'OpenCode took {0} in, but not where this server keeps its sessions. Another OpenCode on this machine may have it.',
        file.name,
      ),
    );
  }
  let count = 0;
  for await (const page of storedPagesBack(ports.openCode, info.id, {})) {
    const { messages } = page;
    count += messages.length;
    page.measure(JSON.stringify(messages).length);
  }
  if (count === scanned.messages) return session;
  // Its messages keep their ids, and the server has each id once.
  throw new Problem(
    l10n.t(
      'Only {0} of the {1} messages came: the others stand in another session on this server, as of a copy of the same one. Nothing was imported.',
      count,
      scanned.messages,
    ),
  );
}

/** Nothing of it was there before. */
async function takeBack(ports: ImportPorts, { id, title }: ReadInfo): Promise<void> {
  try {
    if ((await findSession(ports, id)) !== undefined) await ports.openCode.deleteSession(id);
  } catch (cause) {
    throw new UncertainProblem(
      l10n.t(
        '“{0}” was not imported as a whole, and what of it is on the server could not be taken back. Look for it in the sessions, and delete it there.',
        title,
      ),
      { cause },
    );
  }
}

async function findSession({ openCode }: ImportPorts, id: string): Promise<Session | undefined> {
  try {
    return await openCode.getSession(id);
  } catch (error) {
    if (error instanceof NotFoundProblem) return undefined;
    throw error;
  }
}

function isThere(session: Session): Problem {
  return new Problem(
    l10n.t(
      '“{0}” is on this server already ({1}), so nothing was imported. To take the file in instead, delete that session first.',
      session.title,
      session.directory,
    ),
    {
      remedy: {
        title: l10n.t('Open Session'),
        command: 'opencodeSessions.session.open',
        arguments: [session.id],
      },
    },
  );
}
