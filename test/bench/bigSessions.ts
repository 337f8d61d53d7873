import { DatabaseSync } from 'node:sqlite';
import { createRandom, pick, type Random, writeAnswer, writeCode, writeSentence } from './answerText.ts';

/** A session as `opencode import` takes it. */
export interface GeneratedSession {
  readonly info: Record<string, unknown> & { readonly id: string };
  readonly messages: readonly GeneratedMessage[];
}

export interface GeneratedMessage {
  readonly info: Record<string, unknown> & {
    readonly id: string;
    readonly time: { readonly created: number; readonly completed?: number };
  };
  readonly parts: readonly (Record<string, unknown> & { readonly id: string })[];
}

export interface SessionPlan {
  readonly title: string;
  readonly messages: number;
  /** Milliseconds since 1970. */
  readonly created: number;
  readonly parentId?: string;
}

/** Stands at the beginning of a session's first message, in bold. */
export const beginning = (title: string): string => `Beginning of ${title}`;
/** Stands at the end of a session's last message, in bold, so that it tells a formatted text from a raw one. */
export const ending = (title: string): string => `End of ${title}`;

const version = '1.18.33';
const snapshot = '0c2d7f992d853bbc67cc7511d2087cf9889c1d54';
const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const tokens = { total: 15, input: 10, output: 5, reasoning: 0, cache: { read: 0, write: 0 } };

/** One prompt and its answer of so many messages: three steps with tools, then a final text. */
const turnLength = 5;

/**
 * Makes sessions in the shapes in which OpenCode 1.18 stores its own: prompts, reasoning, tool calls of five kinds,
 * answers in Markdown; about four parts for each message. The same for the same seed.
 */
export class SessionGenerator {
  readonly #directory: string;
  readonly #random: Random;
  #lastTime = 0;
  #count = 0;

  constructor(directory: string, seed: number) {
    this.#directory = directory;
    this.#random = createRandom(seed);
  }

  create({ title, messages, created, parentId }: SessionPlan): GeneratedSession {
    const id = this.#id('ses', created, true);
    return {
      info: {
        id,
        slug: `s${id.slice(-8).toLowerCase()}`,
        projectID: 'global',
        directory: this.#directory,
        path: '',
        title: title === '' ? writeSentence(this.#random, 5) : title,
        ...(parentId === undefined ? {} : { parentID: parentId }),
        agent: 'build',
        model: { id: 'steady', providerID: 'local', variant: 'default' },
        version,
        summary: { additions: 0, deletions: 0, files: 0 },
        cost: 0,
        tokens: { input: 0, output: 0, reasoning: 0, cache: { read: 0, write: 0 } },
        time: { created, updated: created + messages * 1000 },
      },
      messages: this.#messages(id, { title, messages, created }),
    };
  }

  #messages(sessionID: string, { title, messages, created }: SessionPlan): GeneratedMessage[] {
    const made: GeneratedMessage[] = [];
    let parentID = '';
    for (let index = 0; index < messages; index += 1) {
      const time = created + (index + 1) * 1000;
      const isPrompt = index % turnLength === 0;
      const message = isPrompt
        ? this.#prompt(sessionID, time, index === 0 ? `**${beginning(title)}**\n\n` : '')
        : this.#answer(sessionID, time, parentID, {
            isFinal: index % turnLength === turnLength - 1 || index === messages - 1,
            end: index === messages - 1 ? `\n\n**${ending(title)}**` : '',
          });
      if (isPrompt) parentID = message.info.id;
      made.push(message);
    }
    return made;
  }

  #prompt(sessionID: string, time: number, start: string): GeneratedMessage {
    const id = this.#id('msg', time);
    const text = start + writeAnswer(this.#random, 200);
    return {
      info: {
        id,
        sessionID,
        role: 'user',
        time: { created: time },
        agent: 'build',
        model: { providerID: 'local', modelID: 'steady' },
      },
      parts: [{ id: this.#id('prt', time), sessionID, messageID: id, type: 'text', text }],
    };
  }

  #answer(
    sessionID: string,
    time: number,
    parentID: string,
    { isFinal, end }: { readonly isFinal: boolean; readonly end: string },
  ): GeneratedMessage {
    const id = this.#id('msg', time);
    const reason = isFinal ? 'stop' : 'tool-calls';
    const span = { start: time, end: time + 40 };
    const contents = [
      { type: 'step-start', snapshot },
      ...this.#thoughts(span),
      ...(isFinal ? [this.#text(span, end)] : this.#step(span)),
      { type: 'step-finish', reason, snapshot, cost: 0, tokens },
    ];
    return {
      info: {
        id,
        sessionID,
        role: 'assistant',
        time: { created: time, completed: time + 100 },
        parentID,
        modelID: 'steady',
        providerID: 'local',
        mode: 'build',
        agent: 'build',
        path: { cwd: this.#directory, root: this.#directory },
        cost: 0,
        tokens,
        finish: reason,
      },
      parts: contents.map((content) =>
        Object.assign({ id: this.#id('prt', time), sessionID, messageID: id }, content),
      ),
    };
  }

  #thoughts(time: object): object[] {
    if (this.#random() > 0.6) return [];
    return [{ type: 'reasoning', text: writeAnswer(this.#random, 300), time }];
  }

  #text(time: object, end: string): object {
    return { type: 'text', text: writeAnswer(this.#random, 600 + this.#random() * 3000) + end, time };
  }

  #step(time: object): object[] {
    const said = this.#random() < 0.4 ? [{ type: 'text', text: writeSentence(this.#random, 14), time }] : [];
    const calls = this.#random() < 0.5 ? 1 : 2;
    return [...said, ...Array.from({ length: calls }, () => this.#tool(time))];
  }

  #tool(time: object): object {
    const { tool, ...state } = pick(this.#random, toolCalls)(this.#random, this.#directory);
    const callID = `call_${(this.#count += 1)}${Math.floor(this.#random() * 1e9)}`;
    return { type: 'tool', callID, tool, state: { status: 'completed', ...state, time } };
  }

  /** Ids of OpenCode ascend with time; those of sessions descend. */
  #id(prefix: string, time: number, descends = false): string {
    this.#count = time === this.#lastTime ? this.#count + 1 : 1;
    this.#lastTime = time;
    return makeId(prefix, BigInt(time) * 0x1000n + BigInt(this.#count % 0x1000), this.#random, descends);
  }
}

/** An id as OpenCode makes them: `value` is 4096 times the time, and which of that time's ids it is. */
export function makeId(prefix: string, value: bigint, random: Random, descends = false): string {
  const bits = BigInt.asUintN(48, descends ? ~value : value);
  const tail = Array.from({ length: 14 }, () => digits[Math.floor(random() * digits.length)]).join('');
  return `${prefix}_${bits.toString(16).padStart(12, '0')}${tail}`;
}

type ToolCall = (random: Random, directory: string) => { readonly tool: string } & Record<string, unknown>;

const toolCalls: readonly ToolCall[] = [
  (random) => {
    const output = writeOutput(random, 5 + Math.floor(random() * 35));
    return {
      tool: 'bash',
      input: { command: 'npm test', description: 'Run tests' },
      output,
      title: 'Run tests',
      metadata: { output, exit: 0, truncated: false },
    };
  },
  (random) => {
    const code = Array.from({ length: 6 }, () => writeCode(random).code).join('\n');
    return {
      tool: 'read',
      input: { filePath: 'src/parser.ts' },
      output: `<content>\n${code}</content>`,
      title: 'src/parser.ts',
      metadata: { preview: code.slice(0, 300), truncated: false, loaded: [] },
    };
  },
  (random, directory) => {
    const { code } = writeCode(random);
    const file = `${directory}/src/parser.ts`;
    const patch = writePatch(file, code.split('\n'));
    return {
      tool: 'edit',
      input: { filePath: file, oldString: code, newString: `${code}// changed` },
      output: 'Edit applied successfully.',
      title: 'src/parser.ts',
      metadata: {
        diagnostics: {},
        diff: patch,
        filediff: { file, patch, additions: 3, deletions: 3 },
        truncated: false,
      },
    };
  },
  (random) => ({
    tool: 'grep',
    input: { pattern: 'parse' },
    output: writeOutput(random, 8),
    title: 'parse',
    metadata: { matches: 8, truncated: false },
  }),
  (random) => {
    const todos = ['completed', 'completed', 'in_progress', 'pending', 'pending'].map((status) => ({
      content: writeSentence(random, 5),
      status,
      priority: 'medium',
    }));
    return {
      tool: 'todowrite',
      input: { todos },
      output: JSON.stringify(todos, null, 2),
      title: '3 todos',
      metadata: { todos, truncated: false },
    };
  },
];

function writeOutput(random: Random, lines: number): string {
  return Array.from({ length: lines }, (_, index) => {
    return `src/file${index}.ts:${Math.floor(random() * 400)}: ${writeSentence(random, 6)}`;
  }).join('\n');
}

function writePatch(file: string, lines: readonly string[]): string {
  const changed = lines.map((line, index) =>
    index % 3 === 0 ? `-${line}\n+${line} // changed` : ` ${line}`,
  );
  return `Index: ${file}\n--- ${file}\n+++ ${file}\n@@ -1,${lines.length} +1,${lines.length} @@\n${changed.join('\n')}\n`;
}

/**
 * Puts sessions into OpenCode's own database in one transaction, a hundred times faster than `opencode import`. The
 * server may run meanwhile, if it has opened the directory before. The tables are OpenCode's own (1.18).
 */
export function insertSessions(
  file: string,
  directory: string,
  sessions: Iterable<GeneratedSession>,
): { readonly messages: number; readonly parts: number } {
  const database = new DatabaseSync(file);
  database.exec('pragma busy_timeout = 10000');
  const project = database.prepare('select id from project where worktree = ?').get(directory)?.['id'];
  if (typeof project !== 'string') throw new Error(`OpenCode has not opened ${directory} yet.`);
  const count = { messages: 0, parts: 0 };
  const insert = prepareInserts(database, project);
  database.exec('begin');
  for (const session of sessions) {
    insert.session(session.info);
    for (const message of session.messages) {
      insert.message(message);
      count.messages += 1;
      count.parts += message.parts.length;
    }
  }
  database.exec('commit');
  database.close();
  return count;
}

function prepareInserts(database: DatabaseSync, project: string) {
  const session = database.prepare(
    `insert into session (id, project_id, parent_id, slug, directory, path, title, version, summary_additions,
     summary_deletions, summary_files, agent, model, time_created, time_updated)
     values (?, ?, ?, ?, ?, '', ?, ?, 0, 0, 0, ?, ?, ?, ?)`,
  );
  const message = database.prepare(
    'insert into message (id, session_id, time_created, time_updated, data) values (?, ?, ?, ?, ?)',
  );
  const part = database.prepare(
    'insert into part (id, message_id, session_id, time_created, time_updated, data) values (?, ?, ?, ?, ?, ?)',
  );
  return {
    session: (info: GeneratedSession['info']): void => {
      const {
        id,
        parentID = null,
        slug,
        directory,
        title,
        agent,
        model,
        time,
      } = info as typeof info &
        Record<'slug' | 'directory' | 'title' | 'agent', string> & {
          parentID?: string | null;
          time: { created: number; updated: number };
        };
      const record = JSON.stringify(model);
      session.run(
        id,
        project,
        parentID,
        slug,
        directory,
        title,
        version,
        agent,
        record,
        time.created,
        time.updated,
      );
    },
    message: ({ info, parts }: GeneratedMessage): void => {
      const { id, sessionID, ...data } = info;
      const { created } = info.time;
      message.run(id, sessionID as string, created, created, JSON.stringify(data));
      for (const { id: partId, sessionID: _session, messageID: _message, ...rest } of parts) {
        part.run(partId, id, sessionID as string, created, created, JSON.stringify(rest));
      }
    },
  };
}
