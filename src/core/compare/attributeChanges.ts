import type { MessageWithParts } from '../../protocol/records.ts';
import type { ChangedFile } from '../changes/changedFile.ts';
import { readCallEffect } from '../continuation/callEffect.ts';
import { toRelative } from '../continuation/filesTouched.ts';
import { overlap, type Span } from './figures.ts';

/** What a session is taken to have changed, where several may have worked in one folder at the same time. */
export interface Attributed {
  readonly changes: readonly ChangedFile[];
  /** Paths that its snapshots saw change while only the calls of others name them: they are theirs, and not among the changes. */
  readonly ofOthers: readonly string[];
  /** Paths of which nobody knows whether it or another one changed them last; they are among the changes. */
  readonly contested: readonly string[];
}

export interface AttributedInput {
  readonly directory: string;
  readonly changes: readonly ChangedFile[];
  /** Paths that its own calls changed, as `namedFiles` reads them. */
  readonly named: ReadonlySet<string>;
  /** Whether subagents worked for it, whose calls are not read. */
  readonly hasSubagents: boolean;
  readonly spans: readonly Span[];
}

/**
 * Tells apart whose changes are whose. A server's snapshots see what changed in the folder, and not by whom; sessions that
 * ran one after the other need no telling apart.
 */
export function attributeChanges(sessions: readonly AttributedInput[]): readonly Attributed[] {
  const paths = sessions.map(
    ({ directory, changes }) => new Set(changes.map(({ path }) => toRelative(path, directory))),
  );
  return sessions.map((session, index) => {
    const beside = sessions.flatMap((other, place) =>
      place !== index && other.directory === session.directory && overlap(session.spans, other.spans)
        ? { named: other.named, paths: paths[place] }
        : [],
    );
    const ofOthers: string[] = [];
    const contested: string[] = [];
    const changes = session.changes.filter((change) => {
      const path = toRelative(change.path, session.directory);
      const rivals = beside.filter((other) => other.paths?.has(path));
      if (rivals.length === 0) return true;
      const isOurs = session.named.has(path);
      const isTheirs = rivals.some((rival) => rival.named.has(path));
      if (!isOurs && isTheirs && !session.hasSubagents) {
        ofOthers.push(path);
        return false;
      }
      if (isOurs === isTheirs || session.hasSubagents) contested.push(path);
      return true;
    });
    return { changes, ofOthers, contested };
  });
}

/** The files that calls in these messages changed by name, from the folder on where they lie in it. */
export function namedFiles(messages: readonly MessageWithParts[], directory: string): ReadonlySet<string> {
  const calls = messages.flatMap(({ parts }) => parts.filter((part) => part.type === 'tool'));
  return new Set(
    calls.flatMap((call) => readCallEffect(call).changes.map(({ file }) => toRelative(file, directory))),
  );
}
