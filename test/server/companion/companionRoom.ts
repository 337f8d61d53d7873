import assert from 'node:assert/strict';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { withLineage } from '../../../src/protocol/lineage.ts';
import type { PermissionRequest, Session } from '../../../src/protocol/records.ts';
import { conversation, openRoom, type Room, useRoom, type Window } from '../continuation/room.ts';
import type { ScriptedModelOptions } from '../../workbench/scriptedModel.ts';
import { waitFor } from '../../workbench/waitFor.ts';

const companion = pathToFileURL(join(import.meta.dirname, '../../../dist/companion.js')).href;

/** A room whose server runs the companion, as it is built and with these options, and is configured so beside it. */
export function openCompanionRoom(
  configuration: Readonly<Record<string, unknown>> = {},
  {
    companion: options = {},
    model = {},
  }: { readonly companion?: Readonly<Record<string, unknown>>; readonly model?: ScriptedModelOptions } = {},
): Promise<Room> {
  const content = { ...configuration, plugin: [[companion, options]] };
  return openRoom({ OPENCODE_CONFIG_CONTENT: JSON.stringify(content) }, model);
}

/** Gives one such room, and a window on it, to all tests of a suite. */
export function useCompanionRoom(
  take: Parameters<typeof useRoom>[0],
  configuration?: Readonly<Record<string, unknown>>,
): void {
  useRoom(take, () => openCompanionRoom(configuration));
}

/** The line of a script in which the model calls a tool. */
export function call(tool: string, given: Readonly<Record<string, unknown>> = {}): string {
  return `tool: ${tool} ${JSON.stringify(given)}`;
}

/** What that tool answered in the session, in the order of the calls. */
export async function answersOf(window: Window, { id }: Session, tool: string): Promise<string[]> {
  const { messages } = await window.openCode.listMessages(id, { limit: 100 });
  return messages.flatMap(({ parts }) =>
    parts.flatMap((part) => {
      if (part.type !== 'tool' || part.tool !== tool) return [];
      const { state } = part;
      if (state.status === 'completed') return state.output;
      return state.status === 'error' ? state.error : state.status;
    }),
  );
}

/** Allows what the session asks for, which is to be this, and answers with the request. */
export async function allow(
  window: Window,
  { id, directory }: Session,
  permission: string,
): Promise<PermissionRequest> {
  const asked = await waitFor(
    async () => (await window.openCode.listPermissions(directory)).find(({ sessionID }) => sessionID === id),
    { what: 'a question' },
  );
  assert.equal(asked.permission, permission);
  await window.openCode.replyPermission(directory, asked, 'once');
  return asked;
}

/** A fork with all of its source, as ours are made. */
export async function forkOf({ openCode }: Window, source: Session, title: string): Promise<Session> {
  const { id } = await openCode.forkSession(source.id);
  const lineage = { of: id, kind: 'fork' as const, from: source.id, time: Date.now() };
  return openCode.updateSession(id, { title, metadata: withLineage(undefined, lineage) });
}

/** Who said what in the session, a line each. */
export async function linesOf(window: Window, { id }: Session): Promise<string[]> {
  return (await conversation(window, id)).map((line) => line.replaceAll('\n', ' '));
}
