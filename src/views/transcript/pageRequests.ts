import { setImmediate } from 'node:timers/promises';
import { env } from 'vscode';
import { NotFoundProblem, Problem } from '../../core/errors.ts';
import { l10n } from '../../core/l10n.ts';
import type { Log } from '../../core/log.ts';
import type { OpenCode } from '../../core/ports/openCode.ts';
import { titleById } from '../../core/sessions/sessionRow.ts';
import type { AskedCalls } from '../../core/requests/askedCalls.ts';
import type { Sessions } from '../../core/sessions/sessionStore.ts';
import { callPictureLimits, toPartEntry, wholeLimits } from '../../core/entries/transcriptEntry.ts';
import { countMessages, outlineSession } from '../../core/transcript/sessionOutline.ts';
import { searchSession } from '../../core/transcript/transcriptSearch.ts';
import type { DirectoryFacts } from '../../core/state/directoryFacts.ts';
import type { TranscriptStore } from '../../core/transcript/transcriptStore.ts';
import type { Prompting } from '../../core/prompts/prompting.ts';
import { withoutUndefined } from '../../core/withoutUndefined.ts';
import { commandIds } from '../../manifest.ts';
import type { Attachment, ComposerDraft } from '../../protocol/page/composer.ts';
import type { CodeStyles } from '../../protocol/page/codeStyles.ts';
import type { FromPage } from '../../protocol/page/fromPage.ts';
import type { ToPage } from '../../protocol/page/toPage.ts';
import type { Session } from '../../protocol/records.ts';
import { openAttachment } from './attachmentFiles.ts';
import { insertAtCursor, type LastEditor, openAsFile, openLink } from './codeActions.ts';
import { completeMention } from './completions.ts';
import {
  openPartDiff,
  openPartInput,
  openPartOutput,
  openPermission,
  openRunError,
  readPart,
} from './partDocuments.ts';
import { findWaiting, sendReply } from './sendReply.ts';
import { openFile } from './sessionFiles.ts';
import type { TranscriptFeed } from './transcriptFeed.ts';
import type { VirtualDocuments } from './virtualDocuments.ts';

export interface PageRequestsPorts {
  readonly sessions: Sessions;
  readonly facts: DirectoryFacts;
  readonly calls: Pick<AskedCalls, 'of'>;
  readonly openCode: Pick<
    OpenCode,
    | 'diffMessage'
    | 'findFiles'
    | 'getMessage'
    | 'listMessages'
    | 'messageCursor'
    | 'rejectQuestion'
    | 'replyPermission'
    | 'replyQuestion'
  >;
  readonly transcripts: Pick<TranscriptStore, 'get'>;
  readonly prompting: Prompting;
  readonly documents: VirtualDocuments;
  readonly lastEditor: LastEditor;
  readonly runCommand: (id: string, argument: unknown) => Promise<unknown>;
  readonly openSession: (sessionId: string) => void;
  /** How a colour theme shows code, where that can be found out. */
  readonly codeStyles: (theme: string) => Promise<CodeStyles | undefined>;
  readonly log: Log;
}

/** The page that asks. */
export interface Page {
  readonly feed: TranscriptFeed;
  readonly post: (message: ToPage) => void;
  /** It listens, for the first time or again. */
  readonly greet: () => void;
  /** The person works with this session: its panel is no longer a preview. */
  readonly pin: () => void;
  /** Puts text and files into the composer of a session; where it is not shown, into its draft. */
  readonly insert: (sessionId: string, text: string, attachments: readonly Attachment[]) => void;
}

type Asked<Type extends FromPage['type']> = Extract<FromPage, { type: Type }>;

/** Does what a page asks for. */
export class PageRequests {
  readonly #ports: PageRequestsPorts;
  /** The search that each page asked for last. */
  readonly #searches = new WeakMap<Page, string>();

  constructor(ports: PageRequestsPorts) {
    this.#ports = ports;
  }

  /** Throws a `Problem` with a sentence for the person where it cannot be done. */
  async answer(page: Page, asked: FromPage): Promise<void> {
    const { prompting, log, documents, openCode } = this.#ports;
    switch (asked.type) {
      case 'ready':
        return page.greet();
      case 'loadUntil':
        return page.feed.further.giveAround(asked.messageId);
      case 'loadBeside':
        return page.feed.further.loadBeside(asked.messageId, asked.side);
      case 'loadPart':
        return this.#loadPart(page, asked);
      case 'send':
        return this.#send(page, asked);
      case 'draft':
        if (asked.draft.text !== '' && asked.sessionId === page.feed.sessionId) page.pin();
        return prompting.drafts.update(asked.sessionId, asked.draft);
      case 'attach':
        return page.insert(asked.sessionId, '', asked.attachments);
      case 'queueEdit':
        return this.#editQueued(page, asked);
      case 'queueSend':
        return this.#sendQueued(asked);
      case 'queueRemove':
        return prompting.waiting.remove(asked.sessionId, asked.id);
      case 'replyPermission':
      case 'replyQuestion':
      case 'rejectQuestion':
        return sendReply(this.#ports, page.feed, asked);
      case 'complete':
        return this.#complete(page, asked);
      case 'find':
        return this.#find(page, asked);
      case 'outline':
        return this.#outline(page, asked);
      case 'countBefore':
        return this.#countBefore(page, asked);
      case 'choices':
        return page.feed.refreshChoices();
      case 'command':
        return this.#runCommand(asked);
      case 'openSession':
        return this.#ports.openSession(asked.sessionId);
      case 'openFile':
        return openFile(this.#session(asked).directory, asked.path, asked.line);
      case 'openLink':
        return openLink(asked.url);
      case 'openDiff':
        return openPartDiff({ openCode, documents }, this.#session(asked).directory, asked);
      case 'openInput':
        return openPartInput({ openCode, documents }, asked);
      case 'openOutput':
        return openPartOutput({ openCode, documents }, asked);
      case 'openError':
        return openRunError({ openCode, documents }, asked);
      case 'openAttachment':
        return openAttachment(openCode, asked);
      case 'openPermission':
        return this.#openPermission(page, asked);
      case 'copy':
        return env.clipboard.writeText(asked.text);
      case 'insertAtCursor':
        return insertAtCursor(this.#ports.lastEditor, asked.text);
      case 'openAsFile':
        return openAsFile(asked.text, asked.language);
      case 'theme':
        return this.#tellCodeStyles(page, asked);
      case 'error':
        return log.error('Transcript page failed', asked.message);
    }
  }

  async #tellCodeStyles(page: Page, { theme }: Asked<'theme'>): Promise<void> {
    const styles = await this.#ports.codeStyles(theme);
    page.post({ type: 'codeStyles', theme, ...(styles && { styles }) });
  }

  async #send(page: Page, { sessionId, draft, mode }: Asked<'send'>): Promise<void> {
    const { prompting } = this.#ports;
    page.pin();
    try {
      const { kept } = await prompting.send(sessionId, draft, mode);
      const { agent, model } = draft;
      const typed = prompting.typed.of(sessionId);
      page.post({ type: 'sent', sessionId, picked: { agent, model }, typed, ...(kept && { kept }) });
    } catch (error) {
      this.#tellUnsent(page, sessionId, draft, error);
    }
  }

  /** What was not taken stands in the composer again. The page tells why, if it still shows that session. */
  #tellUnsent(page: Page, sessionId: string, draft: ComposerDraft, error: unknown): void {
    if (!page.feed.shows(sessionId)) throw this.#unsentElsewhere(sessionId, error);
    page.post({ type: 'unsent', sessionId, draft, problem: whyUnsent(error) });
  }

  #unsentElsewhere(sessionId: string, error: unknown): Problem {
    return new Problem(
      l10n.t(
        'A prompt stands in the composer of “{0}” again. {1}',
        titleById(this.#ports.sessions, sessionId),
        whyUnsent(error),
      ),
      { cause: error },
    );
  }

  async #editQueued(page: Page, { sessionId, id, text }: Asked<'queueEdit'>): Promise<void> {
    const { waiting, drafts } = this.#ports.prompting;
    try {
      await waiting.edit(sessionId, id, text);
    } catch (error) {
      drafts.putBack(sessionId, { text });
      this.#tellUnsent(page, sessionId, { text }, error);
    }
  }

  /** A prompt to a session that works would go into the running turn: it waits for its end as before. */
  async #sendQueued({ sessionId, id }: Asked<'queueSend'>): Promise<void> {
    const { sessions, prompting } = this.#ports;
    if (sessions.status(sessionId).type === 'idle') await prompting.waiting.sendNow(sessionId, id);
  }

  async #openPermission({ feed }: Page, { requestId }: Asked<'openPermission'>): Promise<void> {
    const waiting = findWaiting(feed, requestId);
    if (waiting.kind !== 'permission') return;
    const { documents, calls } = this.#ports;
    feed.noteOpened(requestId, await openPermission(documents, calls, waiting.request));
  }

  async #loadPart(page: Page, asked: Asked<'loadPart'>): Promise<void> {
    const { part } = await readPart(this.#ports.openCode, asked);
    const { sessionId, messageId } = asked;
    // The texts of a call open in an editor.
    const limits = part.type === 'tool' ? callPictureLimits : wholeLimits;
    page.post({ type: 'part', sessionId, messageId, part: toPartEntry(part, limits) });
  }

  async #complete(page: Page, { token, query, ...asked }: Asked<'complete'>): Promise<void> {
    const session = this.#session(asked);
    try {
      const { agents } = await this.#ports.facts.load(session.directory);
      const items = await completeMention({ ...this.#ports, agents }, session, query);
      page.post({ type: 'completions', token, items });
    } catch (error) {
      // Asked for with each key: a sentence about it would come with each, too. The page says how the server stands.
      this.#ports.log.debug('There is nothing to complete a prompt with', session.id, error);
    }
  }

  async #find(page: Page, asked: Asked<'find'>): Promise<void> {
    const { sessionId, token, query } = asked;
    const { directory } = this.#session(asked);
    this.#searches.set(page, token);
    const isWanted = () => this.#searches.get(page) === token;
    const found =
      query.trim() === ''
        ? { matches: [], isMore: false }
        : await searchSession(
            this.#ports.openCode,
            { sessionId, query, directory },
            { isWanted, pause: setImmediate },
          );
    if (isWanted()) page.post({ type: 'found', token, ...found });
  }

  async #outline(page: Page, { sessionId }: Asked<'outline'>): Promise<void> {
    const isWanted = () => page.feed.sessionId === sessionId;
    const turns = await outlineSession(this.#ports.openCode, sessionId, isWanted);
    if (isWanted()) page.post({ type: 'outline', sessionId, turns });
  }

  async #countBefore(page: Page, { sessionId, messageId }: Asked<'countBefore'>): Promise<void> {
    const transcript = this.#ports.transcripts.get(sessionId);
    const head = transcript?.head(messageId);
    if (transcript === undefined || head === undefined) return;
    const { openCode } = this.#ports;
    const atHand = transcript.beside(messageId, 'before', transcript.size);
    const first = transcript.head(atHand[0] ?? '') ?? head;
    const before = transcript.isMissingBeside(first.id, 'before') ? openCode.messageCursor(first) : undefined;
    const { count, isMore } = await countMessages(openCode, sessionId, before);
    page.post({ type: 'counted', sessionId, messageId, count: atHand.length + count, isMore });
  }

  async #runCommand({
    command,
    sessionId,
    messageId,
    text,
    title,
    relayId,
  }: Asked<'command'>): Promise<void> {
    if (!runnable.has(command)) {
      throw new Problem(l10n.t('A transcript does not run “{0}”.', command));
    }
    await this.#ports.runCommand(command, withoutUndefined({ sessionId, messageId, text, title, relayId }));
  }

  #session({ sessionId }: { readonly sessionId: string }): Session {
    const session = this.#ports.sessions.get(sessionId);
    if (session !== undefined) return session;
    throw new NotFoundProblem(
      l10n.t('This session is not among those of the open folders. It may have been deleted.'),
    );
  }
}

/** Our own, and the one of the editor that the line about the connection offers. */
const runnable: ReadonlySet<string> = new Set([...commandIds, 'workbench.trust.manage']);

function whyUnsent(error: unknown): string {
  return error instanceof Problem ? error.message : l10n.t('The prompt was not sent. The log says why.');
}
