import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { OpenCode, Prompt } from '../../../src/core/ports/openCode.ts';
import { TodoStore } from '../../../src/core/todos/todoStore.ts';
import { TranscriptStore } from '../../../src/core/transcript/transcriptStore.ts';
import { makeMessageId } from '../../../src/core/turns/messageId.ts';
import type { ServerEvent, ServerEventOf } from '../../../src/protocol/events.ts';
import type { Outcome } from '../../../src/protocol/outcome.ts';
import type { MessageWithParts, Part, PermissionRule, Session } from '../../../src/protocol/records.ts';
import { type ConnectedWindow, openWindow } from '../../workbench/connectedWindow.ts';
import {
  makeOpenCodeHome,
  openCodeConfig,
  type RunningOpenCode,
  startOpenCode,
} from '../../workbench/openCodeServer.ts';
import { type ScriptedModel, startScriptedModel } from '../../workbench/scriptedModel.ts';
import { waitFor } from '../../workbench/waitFor.ts';
import type { Generation } from './promise.ts';

export const model = { providerID: 'local', modelID: 'steady' };

/** What the provider's configuration holds and nobody may see. */
export const providerKey = 'sk-contract-0123456789-never-to-be-seen';

/** Runs a program, or asks a server that runs already. */
export type ContractServer =
  | { readonly program: string }
  | { readonly url: string; readonly password: string };

interface Parts {
  readonly scripted: ScriptedModel;
  readonly workspace: string;
  /** A folder whose files the server takes snapshots of, which makes each step slower. */
  readonly snapshotted: string;
  readonly window: ConnectedWindow;
  readonly todos: TodoStore;
  readonly transcripts: TranscriptStore;
  readonly password: string;
  /** Absent: it is not ours to end. */
  readonly own: RunningOpenCode | undefined;
}

/** One server with its scripted model, and a window on it: what the promises are tried with. */
export class ContractRoom implements Parts {
  readonly scripted: ScriptedModel;
  readonly workspace: string;
  readonly snapshotted: string;
  readonly window: ConnectedWindow;
  readonly todos: TodoStore;
  readonly transcripts: TranscriptStore;
  readonly password: string;
  readonly own: RunningOpenCode | undefined;
  readonly #made: string[] = [];

  private constructor(room: Parts) {
    this.scripted = room.scripted;
    this.workspace = room.workspace;
    this.snapshotted = room.snapshotted;
    this.window = room.window;
    this.todos = room.todos;
    this.transcripts = room.transcripts;
    this.password = room.password;
    this.own = room.own;
  }

  static async open(server: ContractServer): Promise<{ room: ContractRoom; close: () => Promise<void> }> {
    const scripted = await startScriptedModel();
    const own =
      'program' in server
        ? await startOpenCode({ modelUrl: scripted.url, program: server.program })
        : undefined;
    const home = own ?? (await makeOpenCodeHome({ modelUrl: scripted.url }));
    const snapshotted = await home.addWorkspace('snapshotted');
    await writeConfig(home.workspace, scripted.url, {});
    await writeConfig(snapshotted, scripted.url, { snapshot: true });
    const todos = new TodoStore();
    const reach = 'url' in server ? server : undefined;
    const password = own?.password ?? reach?.password ?? '';
    const window: ConnectedWindow = openWindow(home, {
      settings: () => ({ url: own?.url ?? reach?.url ?? '' }),
      directories: () => [home.workspace, snapshotted],
      credentials: async () => ({ username: 'opencode', password }),
      sinks: [todos, { reset: () => undefined, apply: (event) => transcripts.apply(event) }],
    });
    const transcripts = new TranscriptStore(window.connection.openCode);
    await window.connection.connect();
    const { workspace } = home;
    const room = new ContractRoom({
      scripted,
      workspace,
      snapshotted,
      window,
      todos,
      transcripts,
      password,
      own,
    });
    const close = async (): Promise<void> => {
      if (own === undefined) await room.#deleteAll();
      window.close();
      await (own === undefined ? home.remove() : own.stop());
      await scripted.close();
    };
    return { room, close };
  }

  get openCode(): OpenCode {
    return this.window.connection.openCode;
  }

  get version(): string {
    const { state } = this.window.connection;
    return state.kind === 'live' ? state.version : assert.fail(`it is ${state.kind}`);
  }

  get generation(): Generation {
    return /^v?1\./.test(this.version) ? 'first' : 'second';
  }

  /** What a script says to have a command run by the agent. */
  runs(command: string): string {
    const [tool, rest] = this.generation === 'first' ? ['bash', { description: 'Runs it' }] : ['shell', {}];
    return `tool: ${tool} ${JSON.stringify({ command, ...rest })}`;
  }

  async create(rest: object = {}): Promise<Session> {
    const given = { directory: this.workspace, title: 'Contract', agent: 'build', model };
    const session = await this.openCode.createSession({ ...given, ...rest });
    this.#made.push(session.id);
    return session;
  }

  makeId(): string {
    return makeMessageId({ now: Date.now, random: Math.random });
  }

  /** Answers with the id of the prompt. */
  async prompt(session: Session, text: string, rest: Partial<Prompt> = {}): Promise<string> {
    const messageId = this.makeId();
    const parts = [{ type: 'text' as const, text }];
    await this.openCode.promptSession(session.id, { messageId, agent: 'build', model, parts, ...rest });
    return messageId;
  }

  ends({ id }: Session): readonly Outcome[] {
    return this.window.events.flatMap((event) =>
      event.type === 'turn.ended' && event.properties.sessionID === id ? [event.properties.outcome] : [],
    );
  }

  async untilEnd(session: Session, before = 0): Promise<Outcome> {
    return waitFor(() => this.ends(session)[before], { what: 'the end of the run' });
  }

  /** Prompts, and waits for the end of it. */
  async run(session: Session, text: string, rest: Partial<Prompt> = {}): Promise<Outcome> {
    const before = this.ends(session).length;
    await this.prompt(session, text, rest);
    return this.untilEnd(session, before);
  }

  async list({ id }: Session): Promise<readonly MessageWithParts[]> {
    return (await this.openCode.listMessages(id, { limit: 100 })).messages;
  }

  async texts(session: Session): Promise<readonly string[]> {
    return (await this.list(session)).flatMap(({ parts }) =>
      parts.flatMap((part) => (part.type === 'text' ? part.text : [])),
    );
  }

  async calls(session: Session): Promise<readonly Extract<Part, { type: 'tool' }>[]> {
    return (await this.list(session)).flatMap(({ parts }) => parts.filter((part) => part.type === 'tool'));
  }

  async untilEvent<Type extends ServerEvent['type']>(
    type: Type,
    fits: (event: ServerEventOf<Type>) => boolean,
  ): Promise<ServerEventOf<Type>> {
    const event = await this.window.untilEvent(type, (one) => isOf(one, type) && fits(one));
    return event as ServerEventOf<Type>;
  }

  /** Prompts for a command that has to be asked for, and answers with the request. */
  async askFor(session: Session, command: string) {
    await this.prompt(session, `${this.runs(command)}\nsay: Done.`);
    const { properties } = await this.untilEvent(
      'permission.asked',
      ({ properties: { sessionID } }) => sessionID === session.id,
    );
    return properties;
  }

  async #deleteAll(): Promise<void> {
    for (const id of this.#made) await this.openCode.deleteSession(id).catch(() => undefined);
  }
}

function isOf<Type extends ServerEvent['type']>(
  event: ServerEvent,
  type: Type,
): event is ServerEventOf<Type> {
  return event.type === type;
}

export const allowAll: readonly PermissionRule[] = [{ permission: '*', pattern: '*', action: 'allow' }];

async function writeConfig(folder: string, modelUrl: string, rest: object): Promise<void> {
  const text = JSON.stringify({ ...openCodeConfig(modelUrl), ...rest });
  await writeFile(
    join(folder, 'opencode.json'),
    text.replace('"apiKey":"none"', `"apiKey":"${providerKey}"`),
  );
}
