import type { FileDiff, Message, MessageWithParts, Part, PartOf, Session } from '../../protocol/records.ts';
import { resolvePath, withoutSlash } from '../filePath.ts';
import { countPatchLines } from '../tools/patchLines.ts';
import type { Patch } from '../tools/tool.ts';
import { toolOf } from '../tools/toolOf.ts';
import { pathBelow, withSlashes } from '../withSlashes.ts';
import type { ChangedFile } from './changedFile.ts';
import { readPatchHeader } from './patchHeader.ts';
import { readWholeDiff } from './wholeDiff.ts';

/** Where the files of a session lie. */
export type Place = Pick<Session, 'directory' | 'path'>;

/** What is known of the changes of one turn. */
export interface ChangedTurn {
  /** The prompt that began it. */
  readonly messageId: string;
  readonly created: number;
  /** By the server's snapshots. */
  snapshot: readonly ChangedFile[];
  /** By the calls of the agent, by the id of each. */
  readonly told: Map<string, readonly ChangedFile[]>;
  /** Paths of files that the snapshots saw change. */
  readonly seen: Set<string>;
}

/** So many calls of a turn are read. */
const callLimit = 5_000;

/** The turns of a session whose messages these are, in the order of time. */
export function readTurns(place: Place, messages: readonly MessageWithParts[]): readonly ChangedTurn[] {
  const turns = new Map<string, ChangedTurn>();
  for (const { info, parts } of messages) {
    if (info.role === 'user') turns.set(info.id, beginTurn(place, info));
    const turn = turns.get(info.role === 'user' ? info.id : info.parentID);
    if (turn === undefined) continue;
    for (const part of parts) addPart(place, turn, part);
  }
  return [...turns.values()];
}

export function beginTurn(place: Place, info: Message & { readonly role: 'user' }): ChangedTurn {
  return {
    messageId: info.id,
    created: info.time.created,
    snapshot: readDiffs(place, info.summary?.diffs ?? []),
    told: new Map(),
    seen: new Set(),
  };
}

/** Takes what a part of the turn tells of files. Answers whether it told something. */
export function addPart(place: Place, turn: ChangedTurn, part: Part): boolean {
  if (part.type === 'patch') {
    for (const file of part.files) turn.seen.add(withSlashes(file));
    return part.files.length > 0;
  }
  if (part.type !== 'tool' || turn.told.size >= callLimit) return false;
  const told = readCall(place, part);
  if (told.length > 0) turn.told.set(part.id, told);
  return told.length > 0;
}

/** All that the turn changed; what no snapshot saw as its calls tell it. A file may come more than once. */
export function changesOf({ snapshot, told, seen }: ChangedTurn): readonly ChangedFile[] {
  const known = new Set([...snapshot.map(({ path }) => path), ...seen]);
  return [...snapshot, ...[...told.values()].flat().filter(({ path }) => !known.has(path))];
}

/** What the server's snapshots tell; a server names files from the root of the checkout on. */
export function readDiffs(place: Place, diffs: readonly FileDiff[]): readonly ChangedFile[] {
  const root = rootOf(place);
  return diffs
    .filter(({ file }) => file !== '')
    .map(({ file, additions, deletions, patch, ...told }) => {
      const header = readPatchHeader(patch);
      const status = told.status ?? header.status;
      return {
        path: withSlashes(resolvePath(root, file)),
        ...header,
        status,
        additions,
        deletions,
        ...readWholeDiff({ status, ...(patch !== undefined && { patch }) }),
      };
    });
}

/** The path of a file that a server names: from the session's folder on where it lies in that, else absolute. */
export function nameInFolder(place: Place, file: string): string {
  const path = resolvePath(rootOf(place), file);
  return pathBelow(place.directory, path) ?? path;
}

/** The folder of the checkout that the session's folder lies in. */
export function rootOf({ directory, path = '' }: Place): string {
  const below = path
    .replaceAll('\\', '/')
    .replace(/^\/+/, '')
    .replace(/(?<!\/)\/+$/, '');
  const slashed = withoutSlash(withSlashes(directory));
  return below !== '' && slashed.endsWith(`/${below}`)
    ? slashed.slice(0, -below.length - 1) || '/'
    : directory;
}

function readCall(place: Place, { tool, state }: PartOf<'tool'>): readonly ChangedFile[] {
  if (state.status !== 'completed') return [];
  const { kind, given, result } = toolOf(tool);
  const { patches } = result({ input: state.input, metadata: state.metadata });
  const named = patches.filter(({ file }) => file !== '');
  const changes = named.map((patch) => readPatch(place, patch));
  if (changes.length > 0 || (kind !== 'editFile' && kind !== 'writeFile')) return changes;
  const { path } = given(state.input);
  // It wrote the file, and kept no word of what stood there.
  return path === undefined ? [] : [{ ...toldOf(place, path), lacks: 'pieces' }];
}

function toldOf({ directory }: Place, path: string) {
  const status: ChangedFile['status'] = 'modified';
  return {
    path: withSlashes(resolvePath(directory, path)),
    status,
    additions: 0,
    deletions: 0,
    told: true as const,
  };
}

function readPatch(place: Place, { file, patch, change, additions, deletions }: Patch): ChangedFile {
  const counted = countPatchLines(patch);
  return {
    ...toldOf(place, file),
    status: change ?? 'modified',
    additions: additions ?? counted.additions,
    deletions: deletions ?? counted.deletions,
    // Of a file that came or went, all lines stand there; of another one perhaps those around the change.
    ...(change === 'added' || change === 'deleted'
      ? readWholeDiff({ patch, status: change })
      : { lacks: 'pieces', patches: [patch] }),
  };
}
