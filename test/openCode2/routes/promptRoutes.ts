import { z } from 'zod';
import type { Command } from '../places/config.ts';
import { askModel, findModel } from '../runs/askModel.ts';
import { admit, cancelInboxItem, changeDelivery, readFiles } from '../runs/inbox.ts';
import { contextOf, systemOf, toChatMessages } from '../runs/modelMessages.ts';
import { requireSession, selectAgent, selectModel, touch } from '../runs/sessions.ts';
import { notFound, unavailable } from '../state/apiError.ts';
import { makeId } from '../state/ids.ts';
import type { ShellMessage } from '../state/records.ts';
import type { StoredSession } from '../state/store.ts';
import { runShell } from '../tools/shell.ts';
import { type House, namesOf } from './house.ts';
import { type Asked, type Route, route, routeWith } from './route.ts';
import * as shapes from './shapes.ts';

const admission = {
  id: z.string().startsWith('msg_').optional(),
  delivery: shapes.delivery.optional(),
  resume: z.boolean().optional(),
};

/** What is asked of a session: prompts and what else waits in its inbox, shells, interrupts, single answers. */
export function promptRoutes(house: House): Route[] {
  const { executions } = house;
  const find = ({ params }: Asked<unknown>): StoredSession =>
    requireSession(house, params['sessionID'] ?? '');
  const { resume } = namesOf(house.version);
  return [
    routeWith('POST /api/session/{sessionID}/prompt', promptBody, async (asked) => {
      const stored = find(asked);
      const { place } = await surroundings(house, stored);
      const hooked = { sessionID: stored.session.id, ...asked.body };
      await place.plugins.run('session.prompt', hooked);
      return { data: prompt(house, stored, hooked) };
    }),
    routeWith(
      'POST /api/session/{sessionID}/synthetic',
      {
        ...admission,
        text: z.string(),
        description: z.string().optional(),
        metadata: shapes.metadata.optional(),
      },
      (asked) => {
        const stored = find(asked);
        const { id, delivery, resume, ...payload } = asked.body;
        const kind = { type: 'synthetic', payload: definedOf(payload) } as const;
        const item = admit(house, stored, kind, { id, delivery, isParked: resume === false });
        if (resume !== false) executions.wake(stored);
        return { data: item };
      },
    ),
    routeWith(
      'POST /api/session/{sessionID}/compact',
      { id: admission.id, delivery: admission.delivery },
      (asked) => {
        const stored = find(asked);
        const item = admit(house, stored, { type: 'compaction', payload: {} }, asked.body);
        executions.wake(stored);
        return { data: item };
      },
    ),
    routeWith('POST /api/session/{sessionID}/command', commandBody, async (asked) =>
      runCommand(house, find(asked), asked.body),
    ),
    routeWith(
      'POST /api/session/{sessionID}/shell',
      { command: z.string(), id: admission.id },
      async (asked) => runOwnShell(house, find(asked), asked.body),
    ),
    route('POST /api/session/{sessionID}/interrupt', [resume], async (asked) => {
      const stored = find(asked);
      const interrupted = await executions.interrupt(stored.session.id);
      if (asked.query.get(resume) === 'true' && stored.inbox.length > 0) executions.wake(stored);
      return { interrupted };
    }),
    route('POST /api/session/{sessionID}/background', [], (asked) =>
      executions.background(find(asked).session.id),
    ),
    route('GET /api/session/{sessionID}/inbox', [], (asked) => ({ data: find(asked).inbox })),
    route('DELETE /api/session/{sessionID}/inbox/{inboxID}', [], (asked) =>
      cancelInboxItem(house, find(asked), asked.params['inboxID'] ?? ''),
    ),
    routeWith('PATCH /api/session/{sessionID}/inbox/{inboxID}', { delivery: shapes.delivery }, (asked) =>
      changeDelivery(house, find(asked), asked.params['inboxID'] ?? '', asked.body.delivery),
    ),
    route('GET /api/session/{sessionID}/context', [], (asked) => ({ data: contextOf(find(asked)) })),
    routeWith('POST /api/session/{sessionID}/generate', { prompt: z.string() }, async (asked) =>
      generate(house, find(asked), asked.body.prompt),
    ),
    route('POST /api/experimental/session/{sessionID}/wait', [], async (asked) =>
      executions.whenIdle(find(asked).session.id),
    ),
    ...instructionRoutes(find),
  ];
}

const promptBody = {
  ...admission,
  text: z.string(),
  files: shapes.files.optional(),
  agents: z.array(z.object({ name: z.string() })).optional(),
  skills: z.array(z.string()).optional(),
  metadata: shapes.metadata.optional(),
};

const commandBody = {
  name: z.string(),
  text: z.string().optional(),
  files: shapes.files.optional(),
  delivery: shapes.delivery.optional(),
};

type Prompt = z.output<z.ZodObject<typeof promptBody>>;

function prompt(house: House, stored: StoredSession, body: Prompt) {
  const { id, delivery, resume, text, files = [], agents = [], skills = [], metadata } = body;
  // The same prompt again reads no file again: the first admission stands.
  const known = id === undefined ? undefined : stored.admission(id);
  const payload = {
    text,
    files: known === undefined ? readFiles(files) : [],
    agents,
    skills,
    ...definedOf({ metadata }),
  };
  const item = admit(house, stored, { type: 'user', payload }, { id, delivery, isParked: resume === false });
  if (resume !== false && known === undefined) house.executions.wake(stored);
  return item;
}

async function surroundings(house: House, { session }: StoredSession) {
  const place = await house.locations.open(session.location.directory);
  const agent = place.config.agents.find(({ id }) => id === (session.agent ?? place.config.defaultAgent));
  return { place, agent, model: findModel(place, session.model ?? agent?.model ?? place.config.model) };
}

async function runCommand(
  house: House,
  stored: StoredSession,
  { name, text = '', files, delivery }: z.output<z.ZodObject<typeof commandBody>>,
): Promise<void> {
  const { place } = await surroundings(house, stored);
  const commands: readonly Command[] = [...place.config.commands, ...place.plugins.commands];
  const command = commands.find((one) => one.name === name);
  if (command === undefined) throw notFound('Command', name);
  if (command.agent !== undefined && command.agent !== stored.session.agent) {
    selectAgent(house, stored, command.agent);
  }
  if (command.model !== undefined) selectModel(house, stored, command.model);
  const words = text.split(/\s+/);
  const filled = command.template
    .replaceAll('$ARGUMENTS', () => text)
    .replaceAll(/\$(\d)/g, (_, at: string) => words[Number(at) - 1] ?? '');
  prompt(house, stored, { text: filled, files, delivery });
}

/** A line of the person's own: nobody is asked, and the answer comes when it has ended. */
async function runOwnShell(
  house: House,
  stored: StoredSession,
  { command, id = makeId('msg') }: { readonly command: string; readonly id?: string | undefined },
): Promise<void> {
  const { events } = house;
  const { directory } = stored.session.location;
  const shellID = makeId('sh');
  let message: ShellMessage = {
    id,
    type: 'shell',
    command,
    status: 'running',
    output: { output: '', cursor: 0, size: 0, truncated: false },
    shellID,
    time: { created: Date.now() },
  };
  stored.put(message);
  touch(stored);
  events.tell('shell.created', { id: shellID, command, directory }, directory);
  events.durable(stored, 'session.shell.started', { messageID: id, shellID, command });
  const { exit, output, truncated } = await runShell(command, directory, {
    signal: new AbortController().signal,
  });
  const size = Buffer.byteLength(output);
  message = {
    ...message,
    status: 'exited',
    ...(exit === null ? {} : { exit }),
    output: { output, cursor: size, size, truncated },
    time: { ...message.time, completed: Date.now() },
  };
  stored.put(message);
  events.tell('shell.exited', { id: shellID, exit }, directory);
  events.durable(stored, 'session.shell.ended', { messageID: id, shellID, exit, output: message.output });
}

async function generate(
  house: House,
  stored: StoredSession,
  text: string,
): Promise<{ data: { text: string } }> {
  const { place, agent, model } = await surroundings(house, stored);
  if (agent === undefined || model === undefined) throw unavailable('model', 'The session has no model.');
  const messages = [
    { role: 'system' as const, content: systemOf(agent, place.directory) },
    ...toChatMessages(contextOf(stored)),
    { role: 'user' as const, content: text },
  ];
  return { data: { text: await askModel(place, model, messages, { sessionID: stored.session.id }) } };
}

function instructionRoutes(find: (asked: Asked<unknown>) => StoredSession): Route[] {
  const path = '/api/experimental/session/{sessionID}/instructions/entries';
  const keyed = `${path}/{key}` as const;
  return [
    route(`GET ${path}`, [], (asked) => ({
      data: [...find(asked).instructions].map(([key, value]) => ({ key, value })),
    })),
    routeWith(`PUT ${keyed}`, { value: z.string() }, (asked) =>
      find(asked).write({ instruction: { key: asked.params['key'] ?? '', value: asked.body.value } }),
    ),
    route(`DELETE ${keyed}`, [], (asked) =>
      find(asked).write({ instruction: { key: asked.params['key'] ?? '' } }),
    ),
  ];
}

/** Without the fields that say nothing. */
function definedOf<Fields extends object>(
  fields: Fields,
): { [Key in keyof Fields]: Exclude<Fields[Key], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;
}
