import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Session } from '../../src/protocol/records.ts';
import type { StoredMessage } from '../../src/core/ports/storedSessions.ts';
import { SessionStore } from '../../src/core/sessions/sessionStore.ts';
import { beginFile } from '../../src/editor/keeping/writtenFile.ts';
import { secretlint } from '../../src/editor/secretlint.ts';
import { exportJson } from '../../src/flows/transfer/exportJson.ts';
import type { ExportFormat } from '../../src/flows/transfer/exportRequest.ts';
import { exportText } from '../../src/flows/transfer/exportSessions.ts';
import { createRandom, writeAnswer } from './answerText.ts';

/**
 * A process that exports a session of 50,000 parts, which is made page by page as a server would give it, and prints what that
 * took: `node --expose-gc exportProcess.ts html`. Beside it stands what it needs for two messages: the code, and all that
 * comes with it.
 */
export interface ExportUse {
  readonly parts: number;
  /** Bytes of the file. */
  readonly size: number;
  /** Bytes that the objects and buffers of the process grew by, at the most, looked at after each page once the garbage was collected. */
  readonly growth: number;
  /** The same of the process as its system counts, with the garbage that waits. */
  readonly resident: number;
  readonly milliseconds: number;
}

const partsOfMessage = 10;
const random = createRandom(7);
const answers = Array.from({ length: 50 }, () => writeAnswer(random, 2000));

function aMessage(index: number): StoredMessage {
  const id = `msg_${String(index).padStart(8, '0')}`;
  const info = { id, sessionID: 'ses_1', agent: 'build', time: { created: index, completed: index + 1 } };
  const text = (part: number): string => `${answers[(index + part) % answers.length]} ${index}/${part}`;
  const parts = Array.from({ length: partsOfMessage }, (_, part) => {
    const base = { id: `prt_${id}_${part}`, sessionID: 'ses_1', messageID: id };
    const time = { start: 1, end: 2 };
    if (part % 2 === 0) return { ...base, type: 'text', text: text(part) };
    const state = {
      status: 'completed',
      input: { command: `run ${part}` },
      output: text(part),
      title: '',
      metadata: {},
      time,
    };
    return { ...base, type: 'tool', callID: base.id, tool: 'bash', state };
  });
  if (index % 10 === 0) return { info: { ...info, role: 'user' }, parts: parts.slice(0, 1) };
  const tokens = { input: 1, output: 1, reasoning: 0, cache: { read: 0, write: 0 } };
  const first = `msg_${String(index - (index % 10)).padStart(8, '0')}`;
  return { info: { ...info, role: 'assistant', parentID: first, tokens, finish: 'stop' }, parts };
}

function portsOf(messages: number) {
  const session = Session.parse({
    id: 'ses_1',
    title: 'Long',
    directory: '/work',
    time: { created: 1, updated: 1 },
  });
  const sessions = new SessionStore();
  sessions.reset([{ directory: '/work', sessions: [session], statuses: {}, permissions: [], questions: [] }]);
  return {
    session,
    ports: {
      openCode: {
        getSession: async () => session,
        getStored: async () => session,
        listStored: async (_: string, { limit, before }: { limit: number; before?: string }) => {
          const end = before === undefined ? messages : Number(before);
          const start = Math.max(0, end - limit);
          const page = Array.from({ length: end - start }, (__, index) => aMessage(start + index));
          // As it comes over the wire.
          const made = JSON.parse(JSON.stringify(page)) as StoredMessage[];
          return { messages: made, ...(start === 0 ? {} : { before: String(start) }) };
        },
      },
      sessions,
      secrets: secretlint,
      person: { homes: ['/home/anna'], user: 'anna' },
      now: Date.now,
    },
  };
}

async function exportOnce(
  folder: string,
  messages: number,
  format: ExportFormat,
  onStep: () => void,
): Promise<number> {
  const { ports, session } = portsOf(messages);
  const target = join(folder, `${messages}.${format}`);
  const file = await beginFile(target);
  const options = { redact: true, reasoning: 'fold', calls: 'cut', pictures: false } as const;
  const request = { format, sessions: [session], scope: 'session', options } as const;
  const watch = { report: onStep };
  await (format === 'json'
    ? exportJson(ports, request, file, watch)
    : exportText(ports, request, file, undefined, watch));
  await file.finish();
  return (await stat(target)).size;
}

function used(): { readonly objects: number; readonly resident: number } {
  const { heapUsed, external, rss } = process.memoryUsage();
  return { objects: heapUsed + external, resident: rss };
}

async function measure(format: ExportFormat, parts: number): Promise<ExportUse> {
  const folder = await mkdtemp(join(tmpdir(), 'export-'));
  try {
    const collect = globalThis.gc ?? (() => undefined);
    await exportOnce(folder, 2, format, () => undefined);
    collect();
    const idle = used();
    let [objects, resident] = [0, 0];
    const begun = performance.now();
    let steps = 0;
    const size = await exportOnce(folder, parts / partsOfMessage, format, () => {
      resident = Math.max(resident, used().resident);
      steps += 1;
      if (steps % 10 !== 0) return;
      collect();
      objects = Math.max(objects, used().objects);
    });
    const milliseconds = performance.now() - begun;
    return { parts, size, growth: objects - idle.objects, resident: resident - idle.resident, milliseconds };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const [, , format = 'html', parts = '50000'] = process.argv;
process.stdout.write(JSON.stringify(await measure(format as ExportFormat, Number(parts))));
