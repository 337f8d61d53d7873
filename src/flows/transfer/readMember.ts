import { type Cancellation, orCancelled } from '../../core/cancellation.ts';
import { shorten } from '../../core/continuation/shorten.ts';
import { NotFoundProblem } from '../../core/errors.ts';
import type { ContentsEntry } from '../../core/export/exportForm.ts';
import { addLeftOut, nothingLeftOut } from '../../core/export/leftOut.ts';
import type { LeftOut, Section, Wanted } from '../../core/export/section.ts';
import { toSections } from '../../core/export/toSection.ts';
import { l10n } from '../../core/l10n.ts';
import type { OpenCode } from '../../core/ports/openCode.ts';
import type { StoredMessage, StoredSessions } from '../../core/ports/storedSessions.ts';
import type { KeptText, WrittenFile } from '../../core/ports/writtenFile.ts';
import type { Redactor } from '../../core/redaction/redactor.ts';
import { withoutReverted } from '../../core/turns/standing.ts';
import { MessageWithParts, type Session } from '../../protocol/records.ts';
import { storedPagesBack } from './storedPages.ts';

export interface ReadPorts {
  readonly openCode: Pick<OpenCode, 'getSession'> & StoredSessions;
  readonly file: Pick<WrittenFile, 'keep'>;
  /** Absent: nothing is taken out. */
  readonly redactor: Redactor | undefined;
  readonly cancellation?: Cancellation;
  /** Hears how many more messages were read. */
  readonly onRead: (messages: number) => void;
}

/** A session of which all is put aside that its export says, by pages in the order of time. */
export interface ReadMember {
  readonly pages: readonly KeptText[];
  readonly messages: number;
  readonly reverted: number;
  /** So many messages are in a form that is not known here. */
  readonly unreadable: number;
  readonly leftOut: LeftOut;
  readonly contents: readonly ContentsEntry[];
}

/** What a list of contents says of a prompt. */
const entryLength = 90;

/** Reads a session as sections, each page of them as JSON. Throws where it is gone, also where it went meanwhile. */
export async function readSections(
  ports: ReadPorts,
  session: Session,
  { wanted, from }: { readonly wanted: Wanted; readonly from: string | undefined },
): Promise<ReadMember> {
  const fresh = await ports.openCode.getSession(session.id);
  const directory = (await ports.redactor?.redactText(fresh.directory)) ?? fresh.directory;
  const pages: KeptText[] = [];
  const contents: ContentsEntry[] = [];
  let [messages, reverted, unreadable, leftOut] = [0, 0, 0, nothingLeftOut];
  let after: MessageWithParts | undefined;
  let isPastRevert = false;
  for await (const stored of eachPage(ports, session, from)) {
    const read = stored.flatMap((message) => MessageWithParts.safeParse(message).data ?? []);
    const standing = isPastRevert ? read : withoutReverted(read, fresh.revert);
    isPastRevert ||= read.some(({ info }) => info.id === fresh.revert?.messageID);
    const sections = toSections(standing, directory, after, wanted);
    after = standing[0] ?? after;
    messages += standing.length;
    reverted += read.length - standing.length;
    unreadable += stored.length - read.length;
    for (const section of sections) leftOut = addLeftOut(leftOut, section.leftOut);
    contents.unshift(...sections.flatMap(toContents));
    pages.unshift(await ports.file.keep(JSON.stringify(sections)));
  }
  await requireThere(ports, session);
  return { pages, messages, reverted, unreadable, leftOut, contents };
}

/** Reads a session as the server has it, each page of its messages as JSON without the brackets around them. */
export async function readStored(
  ports: ReadPorts,
  session: Session,
  from: string | undefined,
): Promise<Pick<ReadMember, 'pages' | 'messages'> & { readonly info: Readonly<Record<string, unknown>> }> {
  const pages: KeptText[] = [];
  let messages = 0;
  for await (const stored of eachPage(ports, session, from)) {
    messages += stored.length;
    pages.unshift(await ports.file.keep(stored.map((message) => JSON.stringify(message)).join(',\n')));
  }
  const info = await orCancelled(ports.openCode.getStored(session.id), ports.cancellation);
  const [redacted = info] = (await ports.redactor?.redact([info])) ?? [];
  return { pages, messages, info: redacted };
}

/** From the end of the session on, with what is not to be passed on taken out. */
async function* eachPage(
  { openCode, redactor, cancellation, onRead }: ReadPorts,
  { id }: Session,
  from: string | undefined,
): AsyncGenerator<readonly StoredMessage[], void, undefined> {
  const end = { from, ...(cancellation === undefined ? {} : { cancellation }) };
  for await (const page of storedPagesBack(openCode, id, end)) {
    const { messages } = page;
    page.measure(messages.reduce((sum, message) => sum + JSON.stringify(message).length, 0));
    yield redactor === undefined ? messages : await redactor.redact(messages);
    onRead(messages.length);
  }
}

async function requireThere({ openCode }: ReadPorts, { id }: Session): Promise<void> {
  try {
    await openCode.getSession(id);
  } catch (cause) {
    if (!(cause instanceof NotFoundProblem)) throw cause;
    throw new NotFoundProblem(
      l10n.t('The session was deleted while it was exported, so nothing was written.'),
      { cause },
    );
  }
}

function toContents({ id, role, pieces }: Section): readonly ContentsEntry[] {
  if (role !== 'prompt') return [];
  const text = pieces.find(({ kind }) => kind === 'text');
  if (text?.kind !== 'text') return [];
  const words = shorten(
    text.text.slice(0, 4 * entryLength).replaceAll(/^[#>\s]+|[*`\\]+/gm, ' '),
    entryLength,
  );
  return words === '' ? [] : [{ id, words, depth: 0 }];
}
