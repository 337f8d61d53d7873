import { CancelledError, type Cancellation, throwIfCancelled } from '../../core/cancellation.ts';
import { NotFoundProblem } from '../../core/errors.ts';
import type { ContentsEntry, ExportForm, SessionHead } from '../../core/export/exportForm.ts';
import { frameOf } from '../../core/export/exportTemplate.ts';
import { HtmlDocument } from '../../core/export/htmlDocument.ts';
import { inlineSentence, inlineText } from '../../core/export/inlineMarkdown.ts';
import { addLeftOut, describeLeftOut, nothingLeftOut } from '../../core/export/leftOut.ts';
import { MarkdownDocument } from '../../core/export/markdownDocument.ts';
import { formatDay } from '../../core/export/sessionMarkdown.ts';
import type { Section, Wanted } from '../../core/export/section.ts';
import { headingLevel } from '../../core/export/exportForm.ts';
import { l10n } from '../../core/l10n.ts';
import type { KeptText, WrittenFile } from '../../core/ports/writtenFile.ts';
import type { RedactionCounts } from '../../core/redaction/cutOut.ts';
import { homeWithin, type Person } from '../../core/redaction/personalNames.ts';
import { describeRedaction } from '../../core/redaction/redactionWords.ts';
import { Redactor } from '../../core/redaction/redactor.ts';
import type { SecretFinder } from '../../core/ports/secretFinder.ts';
import type { Sessions } from '../../core/sessions/sessionStore.ts';
import type { Session } from '../../protocol/records.ts';
import { exportMembers, type Member } from './exportMembers.ts';
import type { ExportRequest } from './exportRequest.ts';
import { type ReadMember, type ReadPorts, readSections } from './readMember.ts';

export interface ExportSessionsPorts {
  readonly openCode: ReadPorts['openCode'];
  readonly sessions: Pick<Sessions, 'get' | 'origin' | 'derivedFrom' | 'title'>;
  readonly secrets: SecretFinder;
  readonly person: Person;
  readonly now: () => number;
}

/** What came of an export, to be told. */
export interface Exported {
  readonly sessions: number;
  readonly messages: number;
  /** Undefined: nothing was looked for. */
  readonly redacted: RedactionCounts | undefined;
  readonly cuts: number;
  /** Sessions that were gone when they were to be read. */
  readonly gone: number;
}

/** Word of how far it is. */
export interface Watch {
  readonly cancellation?: Cancellation;
  readonly report: (step: string) => void;
}

interface Chapter {
  readonly member: Member;
  readonly read: ReadMember;
  readonly head: Omit<SessionHead, 'place'>;
}

/**
 * Writes sessions as a text for people, in Markdown or HTML: all is read and put aside first, redacted before anything is made
 * of it, and then written in the order of time. It holds a page of messages at a time. `file` is neither finished nor discarded here.
 */
export async function exportText(
  ports: ExportSessionsPorts,
  request: ExportRequest,
  file: WrittenFile,
  template: string | undefined,
  watch: Watch,
): Promise<Exported> {
  const { options, format } = request;
  const redactor = options.redact ? createRedactor(ports, request.sessions) : undefined;
  const members = exportMembers(ports.sessions, request);
  const reading = readingOf(ports, { file, redactor }, watch);
  const chapters: Chapter[] = [];
  let gone = 0;
  const place = members.filter(({ inner }) => !inner).length === 1 ? 'whole' : 'chapter';
  for (const member of members) {
    const chapter = await readChapter({ ...ports, reading, request, place }, member);
    if (chapter !== undefined) chapters.push(chapter);
    else if (members.length > 1) gone += 1;
  }
  if (chapters.length === 0) throw noneLeft();
  const form: ExportForm =
    format === 'html'
      ? new HtmlDocument({ folds: options.reasoning === 'fold' })
      : new MarkdownDocument({ folds: options.reasoning === 'fold' });
  const told = tally(chapters, gone, redactor?.counts);
  const frame = await frameFor(ports, chapters, { template, redactor, notes: told.notes });
  watch.report(l10n.t('Writing'));
  await file.write(form.begin(frame, contentsOf(chapters, place)));
  const written = new Set<string>();
  for (const chapter of chapters) {
    if (written.has(chapter.head.id) || chapter.member.inner) continue;
    for await (const text of renderChapter({ chapters, written, form, file }, chapter, place)) {
      throwIfCancelled(watch.cancellation);
      await file.write(text);
    }
  }
  await file.write(form.end(frame));
  if (watch.cancellation?.isCancellationRequested === true) throw new CancelledError();
  return {
    sessions: chapters.length,
    messages: chapters.reduce((sum, { read }) => sum + read.messages, 0),
    redacted: redactor?.counts,
    cuts: told.leftOut.cuts,
    gone,
  };
}

/** How sessions are read, with word of how many messages that are, from `before` on. */
export function readingOf(
  { openCode }: Pick<ExportSessionsPorts, 'openCode'>,
  of: Pick<ReadPorts, 'file' | 'redactor'>,
  { cancellation, report }: Watch,
  before = 0,
): ReadPorts {
  let count = before;
  return {
    openCode,
    ...of,
    ...(cancellation === undefined ? {} : { cancellation }),
    onRead: (messages) => {
      count += messages;
      report(l10n.t('{0} messages read', count));
    },
  };
}

/** What takes out secrets, and who the person is, here and where the sessions' folders are. */
export function createRedactor(
  { secrets, person }: Pick<ExportSessionsPorts, 'secrets' | 'person'>,
  sessions: readonly Session[],
): Redactor {
  const homes = sessions.flatMap(({ directory }) => homeWithin(directory) ?? []);
  return new Redactor(secrets, { ...person, homes: [...person.homes, ...homes] });
}

/** All of them were deleted before they were read. */
export function noneLeft(): NotFoundProblem {
  return new NotFoundProblem(
    l10n.t('None of these sessions is on the server any more, so nothing was written.'),
  );
}

interface ChapterPorts extends Pick<ExportSessionsPorts, 'sessions'> {
  readonly reading: ReadPorts;
  readonly request: ExportRequest;
  readonly place: SessionHead['place'];
}

/** Undefined where one of several sessions is gone; the one that was asked for by a message is missed. */
async function readChapter(
  { sessions, reading, request, place }: ChapterPorts,
  member: Member,
): Promise<Chapter | undefined> {
  const { session, inner } = member;
  try {
    const wanted = wantedOf(request, inner ? [place, 'inner'] : [place]);
    const read = await readSections(reading, session, { wanted, from: request.from });
    const redact = async (text: string): Promise<string> =>
      (await reading.redactor?.redactText(text)) ?? text;
    const head = {
      id: session.id,
      title: await redact(sessions.title(session)),
      facts: await redact(factsOf(sessions, session)),
    };
    return { member, read, head };
  } catch (error) {
    if (error instanceof NotFoundProblem && (inner || place === 'chapter')) return undefined;
    throw error;
  }
}

function wantedOf({ options, format }: ExportRequest, places: readonly SessionHead['place'][]): Wanted {
  return {
    thoughts: options.reasoning !== 'omit',
    calls: options.calls,
    // In Markdown its data would stand between the words of who reads it as it is.
    pictures: options.pictures && format === 'html',
    level: Math.min(6, headingLevel(places) + 1),
  };
}

function factsOf(sessions: ExportSessionsPorts['sessions'], session: Session): string {
  const begun = l10n.t('OpenCode session, begun {0}', formatDay(session.time.created));
  const { kind, from } = sessions.origin(session);
  if (from === undefined) return begun;
  const source = sessions.get(from);
  const called = source === undefined ? l10n.t('a session that is not there') : `“${sessions.title(source)}”`;
  switch (kind) {
    case 'fork':
      return `${begun} · ${l10n.t('a fork of {0}', called)}`;
    case 'handoff':
      return `${begun} · ${l10n.t('handed off from {0}', called)}`;
    case 'subagent':
      return `${begun} · ${l10n.t('a subagent of {0}', called)}`;
    case 'root':
      return begun;
  }
}

function tally(chapters: readonly Chapter[], gone: number, counts: RedactionCounts | undefined) {
  const leftOut = chapters.map(({ read }) => read.leftOut).reduce(addLeftOut, nothingLeftOut);
  const sum = (of: (read: ReadMember) => number): number =>
    chapters.reduce((all, { read }) => all + of(read), 0);
  const unreadable = sum((read) => read.unreadable);
  const omitted = describeLeftOut(
    leftOut,
    sum((read) => read.reverted),
    [
      unreadable === 0 ? '' : l10n.t('{0} messages of a form that is not known', unreadable),
      gone === 0 ? '' : l10n.t('{0} sessions that were gone', gone),
    ],
  );
  const notes = [omitted, describeRedaction(counts)].filter((words) => words !== '');
  const said = notes.map((words) => `*${inlineSentence(words)}*`);
  return { leftOut, notes: ['---', ...said].join('\n\n') };
}

async function frameFor(
  { now }: ExportSessionsPorts,
  chapters: readonly Chapter[],
  {
    template,
    redactor,
    notes,
  }: { template: string | undefined; redactor: Redactor | undefined; notes: string },
) {
  const tops = chapters.filter(({ member }) => !member.inner);
  const [first] = tops;
  const { title = '', facts = '', id = '' } = first?.head ?? {};
  const directory = first?.member.session.directory ?? '';
  const called = nameSeveral(title, tops.length - 1);
  return frameOf(template, called, {
    title: inlineText(called),
    facts: inlineText(facts),
    notes,
    session: id,
    directory: inlineText((await redactor?.redactText(directory)) ?? directory),
    exported: formatDay(now()),
  });
}

/** Several by the first of them. */
export function nameSeveral(first: string, more: number): string {
  if (more <= 0) return first;
  return more === 1 ? l10n.t('{0} and 1 more', first) : l10n.t('{0} and {1} more', first, more);
}

function contentsOf(chapters: readonly Chapter[], place: SessionHead['place']): readonly ContentsEntry[] {
  const tops = chapters.filter(({ member }) => !member.inner);
  if (place === 'whole') return tops.flatMap(({ read }) => read.contents);
  return tops.flatMap(({ head, read }) => [
    { id: head.id, words: head.title, depth: 0 },
    ...read.contents.map((entry) => ({ ...entry, depth: 1 })),
  ]);
}

interface Rendering {
  readonly chapters: readonly Chapter[];
  /** Each session stands in the text once, whoever names it. */
  readonly written: Set<string>;
  readonly form: ExportForm;
  readonly file: Pick<WrittenFile, 'read'>;
}

async function* renderChapter(
  rendering: Rendering,
  { head, read, member }: Chapter,
  place: SessionHead['place'],
): AsyncGenerator<string, void, undefined> {
  const { form, file, written, chapters } = rendering;
  written.add(head.id);
  yield form.beginSession({ ...head, place });
  for (const page of read.pages) {
    for (const section of await sectionsOf(file, page)) {
      yield form.section(section);
      for (const piece of section.pieces) {
        yield form.piece(piece);
        const childId = piece.kind === 'aside' ? piece.childSessionId : undefined;
        const child = chapters.find((one) => one.head.id === childId && one.member.inner);
        if (child !== undefined && !written.has(child.head.id))
          yield* renderChapter(rendering, child, 'inner');
      }
    }
  }
  // Nothing that was read says where they began: a call that was taken back, or one that says nothing of it.
  const left = chapters.filter(
    (one) =>
      one.member.inner && one.member.session.parentID === member.session.id && !written.has(one.head.id),
  );
  if (left.length > 0) yield form.note(l10n.t('Subagents whose call is not part of this text:'));
  for (const child of left) yield* renderChapter(rendering, child, 'inner');
  yield form.endSession();
}

async function sectionsOf(file: Pick<WrittenFile, 'read'>, page: KeptText): Promise<readonly Section[]> {
  return JSON.parse(await file.read(page)) as readonly Section[];
}
