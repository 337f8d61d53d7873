import { throwIfCancelled } from '../../core/cancellation.ts';
import { NotFoundProblem } from '../../core/errors.ts';
import { exportName } from '../../core/export/exportName.ts';
import type { WrittenFile, WrittenFolder } from '../../core/ports/writtenFile.ts';
import type { Redactor } from '../../core/redaction/redactor.ts';
import type { Session } from '../../protocol/records.ts';
import { exportMembers } from './exportMembers.ts';
import type { ExportRequest } from './exportRequest.ts';
import {
  createRedactor,
  type Exported,
  type ExportSessionsPorts,
  noneLeft,
  readingOf,
  type Watch,
} from './exportSessions.ts';
import { readStored } from './readMember.ts';

/**
 * Writes a session in the server's own form, which `opencode import` takes: `{ info, messages }`, with what of it was taken
 * out said behind that. `file` is neither finished nor discarded here.
 */
export async function exportJson(
  ports: ExportSessionsPorts,
  request: ExportRequest,
  file: WrittenFile,
  watch: Watch,
): Promise<Exported> {
  const redactor = request.options.redact ? createRedactor(ports, request.sessions) : undefined;
  const [session] = request.sessions;
  if (session === undefined) throw new Error('An export names no session.');
  const messages = await writeSession(ports, { session, request, redactor, file, watch, before: 0 });
  return { sessions: 1, messages, redacted: redactor?.counts, cuts: 0, gone: 0 };
}

/** The same of several sessions: a file for each, numbered so that what others came from is taken in first. */
export async function exportJsonFolder(
  ports: ExportSessionsPorts,
  request: ExportRequest,
  folder: WrittenFolder,
  watch: Watch,
): Promise<Exported> {
  const members = exportMembers(ports.sessions, request);
  const counts = new Map<string, number>();
  const digits = String(members.length).length;
  let [messages, gone, sessions] = [0, 0, 0];
  for (const { session } of members) {
    const redactor = request.options.redact ? createRedactor(ports, [session]) : undefined;
    const called = ports.sessions.title(session);
    const title = exportName((await redactor?.redactText(called)) ?? called);
    const file = await folder.add(`${String(sessions + 1).padStart(digits, '0')} ${title}.json`);
    try {
      messages += await writeSession(ports, { session, request, redactor, file, watch, before: messages });
      await file.finish();
      sessions += 1;
      for (const [rule, count] of redactor?.counts ?? []) counts.set(rule, (counts.get(rule) ?? 0) + count);
    } catch (error) {
      await file.discard();
      if (!(error instanceof NotFoundProblem) || members.length === 1) throw error;
      gone += 1;
    }
  }
  if (sessions === 0) throw noneLeft();
  return { sessions, messages, redacted: request.options.redact ? counts : undefined, cuts: 0, gone };
}

interface Writing {
  readonly session: Session;
  readonly request: ExportRequest;
  readonly redactor: Redactor | undefined;
  readonly file: WrittenFile;
  readonly watch: Watch;
  /** So many messages of other sessions were read. */
  readonly before: number;
}

async function writeSession(
  ports: ExportSessionsPorts,
  { session, request: { from }, redactor, file, watch, before }: Writing,
): Promise<number> {
  const reading = readingOf(ports, { file, redactor }, watch, before);
  const { info, pages, messages } = await readStored(reading, session, from);
  await file.write(`{"info":${JSON.stringify(info)},\n"messages":[`);
  for (const [index, page] of pages.entries()) {
    throwIfCancelled(watch.cancellation);
    await file.write(`${index === 0 ? '\n' : ',\n'}${await file.read(page)}`);
  }
  await file.write(`\n]${toldOf(redactor, from, ports.now())}}\n`);
  return messages;
}

/** What the file does not hold of its session, for who reads it; a file that holds all says nothing. */
function toldOf(redactor: Redactor | undefined, from: string | undefined, now: number): string {
  if (redactor === undefined && from === undefined) return '';
  const told = {
    exported: new Date(now).toISOString(),
    ...(redactor === undefined ? {} : { redacted: Object.fromEntries(redactor.counts) }),
    ...(from === undefined ? {} : { from }),
  };
  return `,\n"export":${JSON.stringify(told)}`;
}
