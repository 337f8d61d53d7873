import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createOpencodeClient, type OpencodeClient } from '@opencode-ai/sdk/v2/client';
import { openCodeBinary, type RunningOpenCode, startOpenCode } from '../workbench/openCodeServer.ts';
import { type ScriptedModel, startScriptedModel } from '../workbench/scriptedModel.ts';
import { ending, type GeneratedSession, insertSessions, SessionGenerator } from './bigSessions.ts';
import { writeStreamed } from './streamText.ts';

export interface SeededSession {
  readonly id: string;
  readonly title: string;
  readonly messages: number;
  /** Oldest first. */
  readonly messageIds: readonly string[];
}

/** A real OpenCode server without a password, its scripted model, and the generated sessions on it. */
export interface BenchServer {
  readonly url: string;
  readonly directory: string;
  readonly client: OpencodeClient;
  readonly openCode: RunningOpenCode;
  readonly small: SeededSession;
  readonly big: SeededSession;
  readonly huge: SeededSession;
  /** Sessions of 50 messages, to switch between and to stream into side by side. */
  readonly medium: readonly SeededSession[];
  /** How many small sessions stand beside these. */
  readonly others: number;
  /** Begins a turn whose answer is Markdown of about so many tokens; resolves with the words that end it, in bold. */
  prompt(sessionId: string, stream: StreamPlan): Promise<string>;
  /** The words in bold that end the session: those it was made with, or those of the last stream. */
  lastWords(session: Pick<SeededSession, 'id' | 'title'>): Promise<string>;
  stop(): Promise<void>;
}

export interface StreamPlan {
  readonly tokens: number;
  /** Absent: as fast as the server goes. */
  readonly tokensPerSecond?: number;
}

export interface BenchServerOptions {
  readonly bigMessages: number;
  readonly hugeMessages: number;
  readonly others: number;
  /** Whether to see first that the database still is what it is taken for. */
  readonly checksShapes: boolean;
}

export async function startBenchServer(options: BenchServerOptions): Promise<BenchServer> {
  const model = await startScriptedModel({ improvise: writeStream });
  const openCode = await startOpenCode({
    modelUrl: model.url,
    password: '',
    // Snapshots of files are no part of what is measured.
    environment: { OPENCODE_CONFIG_CONTENT: JSON.stringify({ snapshot: false }) },
  });
  try {
    return await seed(openCode, model, options);
  } catch (error) {
    await openCode.stop();
    await model.close();
    throw error;
  }
}

async function seed(
  openCode: RunningOpenCode,
  model: ScriptedModel,
  { bigMessages, hugeMessages, others, checksShapes }: BenchServerOptions,
): Promise<BenchServer> {
  const { url, workspace: directory, home, environment } = openCode;
  const client = createOpencodeClient({ baseUrl: url, directory });
  // The first request makes the server know the directory as a project.
  await client.session.list({}, { throwOnError: true });
  const database = join(home, '.local', 'share', 'opencode', 'opencode.db');
  const generator = new SessionGenerator(directory, 7);
  const now = Date.now();
  const make = (title: string, messages: number, age: number): GeneratedSession =>
    generator.create({ title, messages, created: now - messages * 1000 - age });
  const small = make('Small', 5, 60_000);
  const big = make('Big', bigMessages, 90_000);
  const huge = make('Huge', hugeMessages, 120_000);
  const medium = Array.from({ length: 10 }, (_, index) =>
    make(`Medium ${index}`, 50, 150_000 + index * 1000),
  );
  const crowd = createCrowd(generator, others, now - 3_600_000);
  insertSessions(database, directory, [small, big, huge, ...medium, ...crowd]);
  if (checksShapes) {
    const imported = generator.create({ title: 'Imported', messages: 5, created: now - 5_000 });
    await checkShapes(openCode, client, imported, { directory, environment, like: small.info.id });
  }
  let streams = 0;
  return {
    url,
    directory,
    client,
    openCode,
    small: toSeeded(small),
    big: toSeeded(big),
    huge: toSeeded(huge),
    medium: medium.map(toSeeded),
    others,
    prompt: async (sessionID, plan) => {
      const words = `stream ${(streams += 1)}`;
      const text = `${words} ${plan.tokens} ${plan.tokensPerSecond ?? 0}`;
      await client.session.promptAsync(
        {
          sessionID,
          agent: 'build',
          model: { providerID: 'local', modelID: 'steady' },
          parts: [{ type: 'text', text }],
        },
        { throwOnError: true },
      );
      return ending(words);
    },
    lastWords: async ({ id: sessionID, title }) => {
      const { data } = await client.session.messages({ sessionID, limit: 1 }, { throwOnError: true });
      const text = data[0]?.parts.findLast((part) => part.type === 'text')?.text ?? '';
      return /\*\*([^*]+)\*\*\s*$/.exec(text)?.[1] ?? ending(title);
    },
    stop: async () => {
      await openCode.stop();
      await model.close();
    },
  };
}

function* createCrowd(
  generator: SessionGenerator,
  count: number,
  newest: number,
): Generator<GeneratedSession> {
  let root: string | undefined;
  for (let index = 0; index < count; index += 1) {
    const isChild = index % 4 === 3 && root !== undefined;
    const session = generator.create({
      title: '',
      messages: 5,
      created: newest - (count - index) * 60_000,
      ...(isChild ? { parentId: root ?? '' } : {}),
    });
    if (!isChild) root = session.info.id;
    yield session;
  }
}

function toSeeded({ info, messages }: GeneratedSession): SeededSession {
  const messageIds = messages.map((message) => message.info.id);
  return { id: info.id, title: info['title'] as string, messages: messages.length, messageIds };
}

/**
 * Compares a session that OpenCode imported itself with one that was put into its database: the server must answer with
 * the same fields for both, else the tables are not what `insertSessions` takes them for.
 */
async function checkShapes(
  { url }: RunningOpenCode,
  client: OpencodeClient,
  session: GeneratedSession,
  options: { readonly directory: string; readonly environment: NodeJS.ProcessEnv; readonly like: string },
): Promise<void> {
  const { directory, environment, like } = options;
  const file = join(directory, '..', 'imported.json');
  await writeFile(file, JSON.stringify(session));
  await promisify(execFile)(openCodeBinary, ['import', file], { cwd: directory, env: environment });
  const [imported, inserted] = await Promise.all(
    [session.info.id, like].map(async (sessionID) => {
      const info = await client.session.get({ sessionID }, { throwOnError: true });
      const messages = await client.session.messages({ sessionID }, { throwOnError: true });
      return shapeOf(info.data) + messages.data.map((message) => shapeOf(message.info)).join('\n');
    }),
  );
  if (imported === inserted) return;
  throw new Error(`The database of OpenCode at ${url} has changed:\n${imported}\n— is not —\n${inserted}`);
}

function shapeOf(record: object): string {
  return Object.keys(record).sort().join(' ');
}

/** The model's script for the prompts of `BenchServer.prompt`: one token, one chunk; a usage that overflows no context. */
function writeStream(prompt: string): string {
  const [, words = '', tokens = '0', speed = '0'] = /^(stream \d+) (\d+) (\d+)/.exec(prompt) ?? [];
  const text = writeStreamed(Number(words.slice(7)), Number(tokens), words)
    .join('')
    .replaceAll('\n', '\\n');
  const pace = speed === '0' ? '' : `slow: ${speed}\n`;
  return `usage: 1000 50\n${pace}say: ${text}`;
}
