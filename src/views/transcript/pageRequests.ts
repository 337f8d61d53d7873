import { setImmediate } from 'node:timers/promises';
import { env } from 'vscode';
import { NoModelProblem, NotFoundProblem, Problem } from '../../core/errors.ts';
import { l10n } from '../../core/l10n.ts';
import type { Log } from '../../core/log.ts';
import type { OpenCode } from '../../core/ports/openCode.ts';
import { titleById } from '../../core/sessions/sessionRow.ts';
import type { AskedCalls } from '../../core/requests/askedCalls.ts';
import type { LastEnds } from '../../core/sessions/lastEnds.ts';
import type { Sessions } from '../../core/sessions/sessionStore.ts';
import { callPictureLimits, toPartEntry, wholeLimits } from '../../core/entries/transcriptEntry.ts';
import { countMessages, outlineSession } from '../../core/transcript/sessionOutline.ts';
import { searchSession } from '../../core/transcript/transcriptSearch.ts';
import type { Offers } from '../../core/state/offers.ts';
import type { TranscriptStore } from '../../core/transcript/transcriptStore.ts';
import { mentionSession } from '../../core/prompts/sessionMentions.ts';
import type { Prompting, SentPrompt } from '../../core/prompts/prompting.ts';
import { toOfferedRemedy } from '../../core/turns/runRemedies.ts';
import { withoutUndefined } from '../../core/withoutUndefined.ts';
import { commandIds } from '../../manifest.ts';
import type { Attachment, ComposerDraft, TakenMention } from '../../protocol/page/composer.ts';
import type { CodeStyles } from '../../protocol/page/codeStyles.ts';
import type { FromPage } from '../../protocol/page/fromPage.ts';
import type { ToPage } from '../../protocol/page/toPage.ts';
import type { Session } from '../../protocol/records.ts';
import { openAttachment } from './attachmentFiles.ts';
import { insertAtCursor, type LastEditor, openAsFile, openLink } from './codeActions.ts';
import { completeAddressee, completeMention } from './completions.ts';
import { editQueued } from './editQueued.ts';
import {
  openPartDiff,
  openPartInput,
  openPartOutput,
  openPermission,
  openRunError,
  readPart,
} from './partDocuments.ts';
import { runRemedy } from './runRemedy.ts';
import { findWaiting, sendReply } from './sendReply.ts';
import { openFile } from './sessionFiles.ts';
import type { TranscriptFeed } from './transcriptFeed.ts';
import type { VirtualDocuments } from './virtualDocuments.ts';

export interface PageRequestsPorts {
  readonly sessions: Sessions;
  readonly ends: Pick<LastEnds, 'of'>;
  readonly offers: Offers;
  readonly calls: Pick<AskedCalls, 'load'>;
  readonly openCode: Pick<
    OpenCode,
    | 'diffMessage'
    | 'findFiles'
    | 'getMessage'
    | 'getSession'
    | 'listMessages'
    | 'rejectQuestion'
    | 'replyPermission'
    | 'replyQuestion'
  >;
  readonly transcripts: Pick<TranscriptStore, 'get'>;
  readonly prompting: Prompting;
  readonly documents: VirtualDocuments;
  readonly lastEditor: LastEditor;
  readonly executeCommand: (id: string, argument: unknown) => Promise<unknown>;
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
  /** Puts text, with what it mentions, and files into the composer of a session; where it is not shown, into its draft. */
  readonly insert: (
    sessionId: string,
    text: string,
    attachments: readonly Attachment[],
    mentions?: readonly TakenMention[],
  ) => void;
}

/** What is done for each thing that a page may ask for. */
type Handlers = {
  readonly [Type in FromPage['type']]: (
    page: Page,
    asked: Extract<FromPage, { type: Type }>,
  ) => PromiseLike<void> | void;
};

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
    const handle = this.#handlers[asked.type];
    // The compiler does not see that the handler and what was asked are of the same type.
    await handle(page, asked as never);
  }

  /** What the page shows of the session's messages. */
  readonly #messages = {
    loadUntil: ({ feed }, { messageId }) => feed.further.giveAround(messageId),
    loadBeside: ({ feed }, { messageId, side }) => feed.further.loadBeside(messageId, side),
    loadPart: async (page, asked) => {
      const { part } = await readPart(this.#ports.openCode, asked);
      const { sessionId, messageId } = asked;
      // The texts of a call open in an editor.
      const limits = part.type === 'tool' ? callPictureLimits : wholeLimits;
      page.post({ type: 'part', sessionId, messageId, part: toPartEntry(part, limits) });
    },
    find: async (page, asked) => {
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
    },
    outline: async (page, { sessionId }) => {
      const isWanted = () => page.feed.sessionId === sessionId;
      const turns = await outlineSession(this.#ports.openCode, sessionId, isWanted);
      if (isWanted()) page.post({ type: 'outline', sessionId, turns });
    },
    countBefore: async (page, { sessionId, messageId }) => {
      const transcript = this.#ports.transcripts.get(sessionId);
      const head = transcript?.head(messageId);
      if (transcript === undefined || head === undefined) return;
      const { openCode } = this.#ports;
      const atHand = transcript.beside(messageId, 'before', transcript.size);
      const first = transcript.head(atHand[0] ?? '') ?? head;
      const before = transcript.isMissingBeside(first.id, 'before') ? first : undefined;
      const { count, isMore } = await countMessages(openCode, sessionId, before);
      page.post({ type: 'counted', sessionId, messageId, count: atHand.length + count, isMore });
    },
  } satisfies Partial<Handlers>;

  /** What is typed, sent and waits to be sent. */
  readonly #prompts = {
    draft: (page, { sessionId, draft }) => {
      if (draft.text !== '' && sessionId === page.feed.sessionId) page.pin();
      return this.#ports.prompting.drafts.update(sessionId, draft);
    },
    lend: async (page, { sessionId }) => {
      const { lent, drafts } = this.#ports.prompting;
      try {
        await lent.lend(sessionId);
      } catch (error) {
        const isLent = lent.has(sessionId);
        page.post({ type: 'lent', sessionId, isLent, draft: drafts.get(sessionId) });
        throw error;
      }
    },
    attach: (page, { sessionId, attachments }) => page.insert(sessionId, '', attachments),
    mention: (page, { sessionId, mentioned }) => {
      const session = this.#session({ sessionId });
      const mentions = mentioned.flatMap((id) => mentionSession(this.#ports.sessions, session, id) ?? []);
      const text = mentions.map(({ word }) => `${word} `).join('');
      if (mentions.length > 0) page.insert(sessionId, text, [], mentions);
      if (mentions.length === mentioned.length) return;
      throw new Problem(l10n.t('A prompt can mention other sessions of its folder, and no others.'));
    },
    choices: ({ feed }) => feed.refreshChoices(),
    complete: async (page, { token, query, what, ...asked }) => {
      const session = this.#session(asked);
      if (what === 'session') {
        const items = completeAddressee(this.#ports.sessions, session, query);
        return page.post({ type: 'completions', token, items });
      }
      try {
        const { agents } = await this.#ports.offers.load(session.directory);
        const items = await completeMention({ ...this.#ports, agents }, session, query);
        page.post({ type: 'completions', token, items });
      } catch (error) {
        // Asked for with each key: a sentence about it would come with each, too. The page says how the server stands.
        this.#ports.log.debug('There is nothing to complete a prompt with', session.id, error);
      }
    },
    send: async (page, { sessionId, draft, mode }) => {
      const { prompting } = this.#ports;
      page.pin();
      try {
        const sent = await prompting.send(sessionId, draft, mode);
        if (sent.kind === 'sent') this.#tellSent(page, sessionId, draft, sent);
        else if (sent.kind === 'givenBack') this.#giveBack(page, sessionId, draft, sent.why);
        else if (sent.left.length > 0) page.insert(sessionId, '', sent.left);
      } catch (error) {
        this.#tellUnsent(page, sessionId, draft, error);
      }
    },
    queueEdit: async (page, { sessionId, id, text }) => {
      try {
        await editQueued(this.#ports, { sessionId, id, text });
      } catch (error) {
        this.#ports.prompting.drafts.putBack(sessionId, { text });
        this.#tellUnsent(page, sessionId, { text }, error);
      }
    },
    /** A prompt goes into the running turn only where that is meant; else it waits for its end as before. */
    queueSend: async (_page, { sessionId, id, mode }) => {
      const { sessions, prompting } = this.#ports;
      const isIdle = sessions.status(sessionId).type === 'idle';
      if (isIdle || mode === 'steer') await prompting.waiting.sendNow(sessionId, id);
    },
    queueRemove: (_page, { sessionId, id }) => this.#ports.prompting.waiting.remove(sessionId, id),
  } satisfies Partial<Handlers>;

  /** What waits for a person's answer. */
  readonly #requests = {
    replyPermission: ({ feed }, reply) => sendReply(this.#ports, feed, reply),
    replyQuestion: ({ feed }, reply) => sendReply(this.#ports, feed, reply),
    rejectQuestion: ({ feed }, reply) => sendReply(this.#ports, feed, reply),
    openPermission: async ({ feed }, { requestId }) => {
      const waiting = findWaiting(feed, requestId);
      if (waiting.kind !== 'permission') return;
      const { documents, calls, sessions } = this.#ports;
      const { request } = waiting;
      const directory = sessions.get(request.sessionID)?.directory;
      feed.noteOpened(requestId, await openPermission(documents, calls, request, directory));
    },
  } satisfies Partial<Handlers>;

  /** What is opened in the editor, or goes there. */
  readonly #documents = {
    openFile: (_page, asked) => openFile(this.#session(asked).directory, asked.path, asked.line),
    openLink: (_page, { url }) => openLink(url),
    openDiff: (_page, asked) => openPartDiff(this.#ports, this.#session(asked), asked),
    showChanges: async (_page, { sessionId, messageId, asList }) => {
      const about = withoutUndefined({ sessionId, messageId });
      const command = 'opencodeSessions.session.changes';
      await this.#ports.executeCommand(asList === true ? `${command}.pick` : command, about);
    },
    openInput: (_page, asked) => openPartInput(this.#ports, asked),
    openOutput: (_page, asked) => openPartOutput(this.#ports, asked),
    openError: (_page, asked) => openRunError(this.#ports, asked),
    openAttachment: (_page, asked) => openAttachment(this.#ports.openCode, asked),
    openAsFile: (_page, { text, language }) => openAsFile(text, language),
    insertAtCursor: (_page, { text }) => insertAtCursor(this.#ports.lastEditor, text),
    copy: (_page, { text }) => env.clipboard.writeText(text),
  } satisfies Partial<Handlers>;

  /** What is about the page or a session as a whole. */
  readonly #handlers: Handlers = {
    ...this.#messages,
    ...this.#prompts,
    ...this.#requests,
    ...this.#documents,
    ready: (page) => page.greet(),
    error: (_page, { message }) => this.#ports.log.error('Transcript page failed', message),
    theme: async (page, { theme }) => {
      const styles = await this.#ports.codeStyles(theme);
      page.post({ type: 'codeStyles', theme, ...(styles && { styles }) });
    },
    openSession: async (_page, { sessionId }) => {
      const { sessions, openCode, openSession } = this.#ports;
      // A text may name what never was: a tab for it would say no more.
      if (sessions.get(sessionId) === undefined) await openCode.getSession(sessionId);
      openSession(sessionId);
    },
    remedy: (_page, asked) => runRemedy(this.#ports, asked),
    command: async (_page, { command, sessionId, messageId, text, title, relayId }) => {
      if (!runnable.has(command)) {
        throw new Problem(l10n.t('A transcript does not run “{0}”.', command));
      }
      await this.#ports.executeCommand(
        command,
        withoutUndefined({ sessionId, messageId, text, title, relayId }),
      );
    },
  };

  #tellSent(page: Page, sessionId: string, { agent, model }: ComposerDraft, { kept }: SentPrompt): void {
    const typed = this.#ports.prompting.typed.of(sessionId);
    page.post({ type: 'sent', sessionId, picked: { agent, model }, typed, ...(kept && { kept }) });
  }

  /** Whoever thought better of it knows why it stands there again; who left a question may not. */
  #giveBack(page: Page, sessionId: string, draft: ComposerDraft, why = ''): void {
    if (page.feed.shows(sessionId)) page.post({ type: 'unsent', sessionId, draft, problem: why });
  }

  /** What was not taken stands in the composer again. The page tells why, if it still shows that session. */
  #tellUnsent(page: Page, sessionId: string, draft: ComposerDraft, error: unknown): void {
    if (!page.feed.shows(sessionId)) throw this.#unsentElsewhere(sessionId, error);
    const action = error instanceof NoModelProblem ? error.remedy : undefined;
    page.post({
      type: 'unsent',
      sessionId,
      draft,
      problem: whyUnsent(error),
      ...(action && { action: toOfferedRemedy(action) }),
    });
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
