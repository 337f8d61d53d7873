import { toToolEntry } from '../../src/core/entries/toolEntry.ts';
import { entryLimits } from '../../src/core/entries/transcriptEntry.ts';
import { permissionTitle } from '../../src/core/requests/permissionText.ts';
import { permissionOf } from '../../src/core/tools/toolOf.ts';
import type { MessageEntry, PartEntry, ToolEntry } from '../../src/protocol/page/entries.ts';
import type { PermissionEntry } from '../../src/protocol/page/requests.ts';
import type { SessionHeader } from '../../src/protocol/page/header.ts';
import type { SessionPicture } from '../../src/protocol/page/toPage.ts';

const start = Date.UTC(2026, 10, 20, 9, 0, 0);

export function aHeader(header: Partial<SessionHeader> = {}): SessionHeader {
  return {
    sessionId: 'ses_1',
    title: 'Add a cart to the shop',
    directory: '/work/shop',
    archived: false,
    agent: 'build',
    model: { providerID: 'local', modelID: 'echo' },
    status: { type: 'idle' },
    to: [],
    cost: 0,
    costWithSubagents: 0,
    todos: [],
    ...header,
  };
}

export function aView(view: Partial<SessionPicture> = {}): SessionPicture {
  return {
    header: aHeader(),
    entries: [],
    hasOlder: false,
    permissions: [],
    questions: [],
    draft: { text: '' },
    queue: [],
    ...view,
  };
}

/** Another session than that of `aView`, with something typed. */
export function anotherSession(): SessionPicture {
  return aView({ header: aHeader({ sessionId: 'ses_2' }), draft: { text: 'Other' } });
}

/** Message `number` of a conversation: even ones by the person, odd ones by the model, a minute apart. */
export function aMessage(number: number, ...parts: readonly PartEntry[]): MessageEntry {
  const isUser = number % 2 === 0;
  const id = `msg_${String(number).padStart(6, '0')}`;
  return {
    id,
    role: isUser ? 'user' : 'assistant',
    created: start + number * 60_000,
    agent: 'build',
    model: { providerID: 'local', modelID: 'echo' },
    parts,
    ...(isUser ? {} : { finish: 'stop', completed: start + number * 60_000 + 12_300, cost: 0.0123 }),
    ...(isUser ? {} : { tokens: { input: 1200, output: 340, reasoning: 0, cached: 0 } }),
  };
}

export function aText(id: string, text: string): PartEntry {
  return { id, type: 'text', text, done: true };
}

/** A call as the host tells of it, with these facts. */
export function aTool({
  input = {},
  title = '',
  ...facts
}: Partial<ToolEntry> & { readonly tool: string }): ToolEntry {
  const { tool, id = `prt_${tool}`, error } = facts;
  const ids = { id, sessionID: 'ses_1', messageID: 'msg_1', callID: 'call_1' };
  const time = { start: 0, end: 0 };
  const state =
    error === undefined
      ? ({ status: 'running', input, title, time } as const)
      : ({ status: 'error', input, title, error: error.text, time } as const);
  const { start: _, end: __, ...entry } = toToolEntry({ ...ids, type: 'tool', tool, state }, entryLimits);
  return { ...entry, status: 'completed', ...facts };
}

/** What the host tells of a request for the permission of this name. */
export function askingFor(permission: string): Pick<PermissionEntry, 'kind' | 'title'> {
  return { kind: permissionOf(permission).kind, title: permissionTitle(permission) };
}
