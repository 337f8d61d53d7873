import type { DirectoryFacts, Facts } from '../../core/directoryFacts.ts';
import { BusyProblem, NotFoundProblem, Problem } from '../../core/errors.ts';
import { l10n } from '../../core/l10n.ts';
import { type IdSource, makeMessageId } from '../../core/turns/messageId.ts';
import type { FilePart, OpenCode, Prompt, PromptPart } from '../../core/openCode.ts';
import {
  findMentions,
  readTypedPrompt,
  resolvePath,
  toAttachmentPart,
  toFilePart,
  toFolderPart,
} from '../../core/transcript/promptText.ts';
import { choosableAgents, findPromptTarget, type PromptTarget } from '../../core/turns/promptTarget.ts';
import type { Sessions } from '../../core/sessions/sessionStore.ts';
import type { TranscriptStore } from '../../core/transcript/transcriptStore.ts';
import { withoutUndefined } from '../../core/withoutUndefined.ts';
import type { ComposerDraft } from '../../protocol/page.ts';
import type { Agent, Session } from '../../protocol/records.ts';
import { buildComposerChoices } from '../../core/transcript/composerChoices.ts';

export interface PromptSenderPorts {
  readonly sessions: Sessions;
  readonly facts: DirectoryFacts;
  readonly transcripts: TranscriptStore;
  readonly openCode: Pick<OpenCode, 'runCommand' | 'runShell'>;
  /** Sends a prompt and resolves when the server is known to hold it. */
  readonly deliver: (session: Session, prompt: Prompt & { readonly messageId: string }) => Promise<void>;
  /** What stands at an absolute path. */
  readonly findKind: (path: string) => Promise<'file' | 'folder' | undefined>;
  readonly ids: IdSource;
  /** Tells of a command that failed after it was taken. */
  readonly report: (error: unknown) => void;
}

/** What is about to be sent, checked. */
export interface PreparedPrompt {
  readonly session: Session;
  readonly draft: ComposerDraft;
  readonly target: PromptTarget;
  readonly facts: Facts;
}

/** Sends what was typed into a composer: a prompt, one of the server's commands (`/`) or a shell command (`!`). */
export class PromptSender {
  readonly #ports: PromptSenderPorts;

  constructor(ports: PromptSenderPorts) {
    this.#ports = ports;
  }

  makeMessageId(): string {
    return makeMessageId(this.#ports.ids);
  }

  /** Finds out who answers, and throws a `Problem` for what cannot be sent at all. */
  async prepare(sessionId: string, draft: ComposerDraft): Promise<PreparedPrompt> {
    const session = this.#ports.sessions.get(sessionId);
    if (session === undefined) {
      throw new NotFoundProblem(l10n.t('This session is not among the sessions of the open folders.'));
    }
    if (draft.text.trim() === '' && (draft.attachments ?? []).length === 0) {
      throw new Problem(l10n.t('The prompt is empty, so nothing was sent.'));
    }
    const [facts, transcript] = await Promise.all([
      this.#ports.facts.load(session.directory),
      this.#ports.transcripts.load(sessionId),
    ]);
    const { latestPrompt } = transcript;
    const [recentModel] = buildComposerChoices(facts, session, this.#ports.sessions.all()).models;
    const target = findPromptTarget(withoutUndefined({ agent: draft.agent, model: draft.model }), {
      session,
      latestPrompt: latestPrompt && { agent: latestPrompt.agent, model: latestPrompt.model },
      agents: facts.agents,
      providers: facts.providers,
      recentModel,
    });
    return { session, draft, target, facts };
  }

  /** Whether it is a command or a shell command. */
  isCommand({ draft, facts }: PreparedPrompt): boolean {
    return readTypedPrompt(draft.text, facts.commands).kind !== 'prompt';
  }

  /**
   * Who answered before a command with an agent or a model of its own, which the session uses from there on (1.18): that
   * was meant for the command alone.
   */
  targetAfter(prepared: PreparedPrompt): PromptTarget | undefined {
    const typed = readTypedPrompt(prepared.draft.text, prepared.facts.commands);
    if (typed.kind !== 'command' || isSubtask(prepared, typed.name)) return undefined;
    const { agent, model } = findCommand(prepared, typed.name) ?? {};
    if (agent === undefined && model === undefined) return undefined;
    const isChoosable = choosableAgents(prepared.facts.agents).some(
      ({ name }) => name === prepared.target.agent,
    );
    return isChoosable ? prepared.target : undefined;
  }

  /** Resolves when the server has it; throws a `Problem` if it was not taken. */
  async send({ session, draft, target, facts }: PreparedPrompt, messageId: string): Promise<void> {
    const typed = readTypedPrompt(draft.text, facts.commands);
    if (typed.kind !== 'prompt') this.#assertIdle(session);
    switch (typed.kind) {
      case 'prompt':
        await this.#ports.deliver(session, {
          messageId,
          ...target,
          parts: await this.#buildParts(typed.text, draft, session, facts.agents),
        });
        break;
      case 'command':
        await this.#untilTaken(
          session.id,
          messageId,
          this.#ports.openCode.runCommand(session.id, {
            name: typed.name,
            arguments: typed.arguments,
            ...target,
            messageId,
            files: toCommandFiles({ session, draft, target, facts }, typed.name),
          }),
        );
        break;
      case 'shell':
        if ((draft.attachments ?? []).length > 0) {
          throw new Problem(
            l10n.t('A shell command takes no attachments. Name the files in what you type after the “!”.'),
          );
        }
        await this.#untilTaken(
          session.id,
          messageId,
          this.#ports.openCode.runShell(session.id, { command: typed.command, ...target, messageId }),
        );
        break;
    }
  }

  #assertIdle({ id }: Session): void {
    if (this.#ports.sessions.status(id).type === 'idle') return;
    throw new BusyProblem(
      l10n.t(
        'The session is working. Commands and shell commands cannot steer a running turn: queue them instead.',
      ),
    );
  }

  /**
   * The server answers a command when it has run, which may take minutes (1.18); it has taken it as soon as our
   * message is in the session.
   */
  async #untilTaken(sessionId: string, messageId: string, request: Promise<void>): Promise<void> {
    const taken = Promise.withResolvers<void>();
    let seen = false;
    const subscription = this.#ports.transcripts.onDidChange((event) => {
      if (event.sessionId !== sessionId || event.change.kind !== 'head') return;
      if (event.change.messageId !== messageId) return;
      seen = true;
      taken.resolve();
    });
    const finished = request.catch((error: unknown) => {
      if (!seen) throw error;
      this.#ports.report(error);
    });
    try {
      await Promise.race([taken.promise, finished]);
    } finally {
      subscription.dispose();
    }
  }

  async #buildParts(
    text: string,
    draft: ComposerDraft,
    { directory }: Session,
    agents: readonly Agent[],
  ): Promise<readonly PromptPart[]> {
    const mentioned = await Promise.all(
      findMentions(text).map(async ({ name, ...lines }): Promise<readonly PromptPart[]> => {
        if (agents.some((agent) => agent.name === name && agent.mode !== 'primary')) {
          return [{ type: 'agent', name }];
        }
        const path = resolvePath(directory, name);
        const kind = await this.#ports.findKind(path);
        if (kind === undefined) return [];
        return [kind === 'file' ? toFilePart(path, lines) : toFolderPart(path)];
      }),
    );
    const parts = uniqueFiles([...mentioned.flat(), ...toAttachedFiles(draft, directory)]);
    return text.trim() === '' ? parts : [{ type: 'text', text }, ...parts];
  }
}

/** The files that go with a command. Throws a `Problem` where the server would leave them out: for a subtask (1.18). */
function toCommandFiles(prepared: PreparedPrompt, name: string): FilePart[] {
  const files = toAttachedFiles(prepared.draft, prepared.session.directory);
  if (files.length === 0 || !isSubtask(prepared, name)) return files;
  throw new Problem(
    l10n.t(
      '“/{0}” runs in a session of its own and takes no attachments. Name the files in its arguments.',
      name,
    ),
  );
}

/** Whether a command runs in a session of its own, as a subagent. */
function isSubtask(prepared: PreparedPrompt, name: string): boolean {
  const command = findCommand(prepared, name);
  const answering = command?.agent ?? prepared.target.agent;
  const agent = prepared.facts.agents.find((candidate) => candidate.name === answering);
  return command?.subtask ?? agent?.mode === 'subagent';
}

const findCommand = ({ facts }: Pick<PreparedPrompt, 'facts'>, name: string) =>
  facts.commands.find((command) => command.name === name);

function toAttachedFiles({ attachments = [] }: ComposerDraft, directory: string): FilePart[] {
  return attachments.map((attachment) =>
    toAttachmentPart(
      attachment.kind === 'file'
        ? { ...attachment, path: resolvePath(directory, attachment.path) }
        : attachment,
    ),
  );
}

/** A file that is mentioned and attached is read once. */
function uniqueFiles(parts: readonly PromptPart[]): readonly PromptPart[] {
  return [...new Map(parts.map((part) => [JSON.stringify(part), part])).values()];
}
