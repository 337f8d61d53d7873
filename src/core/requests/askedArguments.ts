import type { PermissionRequest } from '../../protocol/records.ts';
import { toRelative } from '../continuation/filesTouched.ts';
import { canBeWritten } from '../entries/callArguments.ts';
import type { AskedCall } from './askedCalls.ts';

/**
 * What the kinds of permission of 1.18 name, by the argument of OpenCode's own tool that says it; undefined where none
 * says just that. All others have nothing to name, and ask for `*`.
 */
const subjects: ReadonlyMap<string, string | undefined> = new Map([
  ['bash', 'command'],
  ['edit', 'filePath'],
  ['read', 'filePath'],
  ['webfetch', 'url'],
  ['external_directory', undefined],
  ['task', 'subagent_type'],
  ['skill', 'name'],
  ['list', 'path'],
  ['glob', 'pattern'],
  ['grep', 'pattern'],
  ['websearch', 'query'],
  ['doom_loop', 'tool'],
]);

/** Subjects that are files or folders: a request names them by a shorter path than the call does (1.18). */
const paths: ReadonlySet<string> = new Set(['filePath', 'path']);

/** Tools of OpenCode that ask by another name than their own (1.18). */
const asksAs: ReadonlyMap<string, string> = new Map([
  ['write', 'edit'],
  ['multiedit', 'edit'],
  ['apply_patch', 'edit'],
]);

/** Arguments of OpenCode's own tools that change nothing of what is done (1.18). */
const harmless: ReadonlyMap<string, readonly string[]> = new Map([
  ['bash', ['description', 'timeout']],
  ['read', ['offset', 'limit']],
  ['task', ['description']],
  ['webfetch', ['format', 'timeout']],
]);

/** Whether a request names nothing beside its kind. */
export function namesNothing({ permission, patterns }: PermissionRequest): boolean {
  return !subjects.has(permission) && patterns.every((pattern) => pattern === '*');
}

/** What a request shows by itself; patterns are what rules are made of, and leave things out (1.18). */
export function readSubject(request: PermissionRequest): string {
  return readWritten(request) ?? request.patterns.join(', ');
}

/** The command or the address as it was written. */
function readWritten({ permission, metadata }: PermissionRequest): string | undefined {
  if (permission !== 'bash' && permission !== 'webfetch') return undefined;
  const written = metadata[permission === 'bash' ? 'command' : 'url'];
  return typeof written === 'string' ? written : undefined;
}

/** Whether the tool of OpenCode asks that a kind of permission is there for, so that its request says what it means. */
export function isAskedByItsTool({ permission }: PermissionRequest, call: AskedCall): boolean {
  return (
    call.kind === 'none' || (call.kind === 'known' && (asksAs.get(call.tool) ?? call.tool) === permission)
  );
}

/**
 * What a call was given beyond what its request tells anyway: undefined while that is not known. A request that names
 * no call tells all that there is to know. `directory` is the folder of its session, which shortens paths.
 */
export function untoldArguments(
  request: PermissionRequest,
  call: AskedCall,
  directory = '',
): Readonly<Record<string, unknown>> | undefined {
  if (call.kind === 'loading' || call.kind === 'unknown') return undefined;
  const given = call.kind === 'known' ? call.input : request.metadata;
  if (!canBeWritten(given)) return undefined;
  const ignored = call.kind === 'known' ? (harmless.get(call.tool) ?? []) : [];
  const told = isAskedByItsTool(request, call) ? subjects.get(request.permission) : undefined;
  return Object.fromEntries(
    Object.entries(given).filter(
      ([name, value]) =>
        !ignored.includes(name) && !(name === told && isSubject(request, name, value, directory)),
    ),
  );
}

/** Whether the argument is what the request shows: as it is, or the same path within the folder. */
function isSubject(request: PermissionRequest, name: string, value: unknown, directory: string): boolean {
  const { patterns } = request;
  const shown = readWritten(request) ?? (patterns.length === 1 ? patterns[0] : undefined);
  if (typeof value !== 'string' || shown === undefined) return false;
  return (
    value === shown || (paths.has(name) && toRelative(value, directory) === toRelative(shown, directory))
  );
}
