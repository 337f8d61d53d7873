import type { PermissionRequest } from '../../protocol/records.ts';
import { toRelative } from '../continuation/filesTouched.ts';
import { canBeWritten } from '../entries/callArguments.ts';
import { permissionOf, toolOf } from '../tools/toolOf.ts';
import type { AskedCall } from './askedCalls.ts';

/** Whether a request names nothing beside its kind. */
export function namesNothing({ permission, patterns }: PermissionRequest): boolean {
  return !permissionOf(permission).isNamed && patterns.every((pattern) => pattern === '*');
}

/** What a request shows by itself; patterns are what rules are made of, and leave things out. */
export function readSubject(request: PermissionRequest, call: AskedCall): string {
  return readWritten(request, call) ?? request.patterns.join(', ');
}

/** The command or the address as it was written: the request says it, or else the call that it is about. */
export function readWritten(request: PermissionRequest, call: AskedCall): string | undefined {
  const { isWritten = false, arguments: names = [] } = permissionOf(request.permission);
  if (!isWritten) return undefined;
  const inCall = call.kind === 'known' && isAskedByItsTool(request, call) ? call.input : {};
  const written = [request.metadata, inCall].flatMap((given) => names.map((name) => given[name]));
  return written.find((one) => typeof one === 'string');
}

/** Whether the tool of OpenCode asks that a kind of permission is there for, so that its request says what it means. */
export function isAskedByItsTool({ permission }: PermissionRequest, call: AskedCall): boolean {
  if (call.kind !== 'known') return call.kind === 'none';
  return (toolOf(call.tool).permission ?? call.tool) === permission;
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
  const ignored = call.kind === 'known' ? (toolOf(call.tool).harmless ?? []) : [];
  const told = isAskedByItsTool(request, call) ? (permissionOf(request.permission).arguments ?? []) : [];
  return Object.fromEntries(
    Object.entries(given).filter(
      ([name, value]) =>
        !ignored.includes(name) && !(told.includes(name) && isSubject(request, call, value, directory)),
    ),
  );
}

/** Whether the argument is what the request shows: as it is, or the same path within the folder. */
function isSubject(request: PermissionRequest, call: AskedCall, value: unknown, directory: string): boolean {
  const { permission, patterns } = request;
  const shown = readWritten(request, call) ?? (patterns.length === 1 ? patterns[0] : undefined);
  if (typeof value !== 'string' || shown === undefined) return false;
  const { isPath = false } = permissionOf(permission);
  return value === shown || (isPath && toRelative(value, directory) === toRelative(shown, directory));
}
