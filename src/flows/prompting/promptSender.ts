import { knownCommands, type Offer, type Offers } from '../../core/state/offers.ts';
import type { Causation, PromptCause } from '../../core/prompts/delivery.ts';
import { BusyProblem, NotFoundProblem, Problem } from '../../core/errors.ts';
import { resolvePath } from '../../core/filePath.ts';
import { l10n } from '../../core/l10n.ts';
import type { FilePart, OpenCode, PromptPart } from '../../core/ports/openCode.ts';
import {
  findMentions,
  readTypedPrompt,
  toAttachmentPart,
  toFilePart,
  toFolderPart,
  type TypedPrompt,
} from '../../core/prompts/promptText.ts';
import { withSessionIds } from '../../core/prompts/takenMentions.ts';
import { choosableAgents, type PromptTarget } from '../../core/turns/promptTarget.ts';
import type { Sessions } from '../../core/sessions/sessionStore.ts';
import { withoutUndefined } from '../../core/withoutUndefined.ts';
import type { ComposerDraft } from '../../protocol/page/composer.ts';
import type { Agent, Session } from '../../protocol/records.ts';
import { resolveTarget } from '../preparing/target.ts';
import type { Outgoing } from './outgoing.ts';
import type { PromptDoor } from './promptDoor.ts';

export interface PromptSenderPorts {
  readonly sessions: Sessions;
  readonly offers: Pick<Offers, 'load'>;
  readonly openCode: Pick<OpenCode, 'listMessages'>;
  readonly door: Pick<PromptDoor, 'send'>;
  /** What stands at an absolute path. */
  readonly findKind: (path: string) => Promise<'file' | 'folder' | undefined>;
}

/** What is about to be sent, checked. */
export interface PreparedPrompt {
  readonly session: Session;
  /** With its text as it is sent. */
  readonly draft: ComposerDraft;
  readonly typed: TypedPrompt;
  readonly target: PromptTarget;
  readonly offer: Offer;
}

/** Sends what was typed into a composer: a prompt, one of the server's commands (`/`) or a shell command (`!`). */
export class PromptSender {
  readonly #ports: PromptSenderPorts;

  constructor(ports: PromptSenderPorts) {
    this.#ports = ports;
  }

  /** Finds out who answers, and throws a `Problem` for what cannot be sent at all. */
  async prepare(sessionId: string, draft: ComposerDraft): Promise<PreparedPrompt> {
    const session = this.#ports.sessions.get(sessionId);
    if (session === undefined) {
      throw new NotFoundProblem(
        l10n.t('This session is not among those of the open folders. It may have been deleted.'),
      );
    }
    if (draft.text.trim() === '' && (draft.attachments ?? []).length === 0) {
      throw new Problem(l10n.t('The prompt is empty, so nothing was sent.'));
    }
    const wish = withoutUndefined({ agent: draft.agent, model: draft.model });
    const [offer, target] = await Promise.all([
      this.#ports.offers.load(session.directory),
      resolveTarget(this.#ports, session, wish),
    ]);
    const sent = { ...draft, text: withSessionIds(draft) };
    const commands = sent.text.startsWith('/') ? knownCommands(offer) : offer.commands;
    const typed = readTypedPrompt(sent.text, commands);
    return { session, draft: sent, typed, target, offer };
  }

  /** Whether it is a command or a shell command. */
  isCommand({ typed }: PreparedPrompt): boolean {
    return typed.kind !== 'prompt';
  }

  /**
   * Who answered before a command with an agent or a model of its own, which the session may use from there on: that
   * was meant for the command alone.
   */
  targetAfter(prepared: PreparedPrompt): PromptTarget | undefined {
    const { typed } = prepared;
    if (typed.kind !== 'command' || isSubtask(prepared, typed.name)) return undefined;
    const { agent, model } = findCommand(prepared, typed.name) ?? {};
    if (agent === undefined && model === undefined) return undefined;
    const isChoosable = choosableAgents(prepared.offer.agents).some(
      ({ name }) => name === prepared.target.agent,
    );
    return isChoosable ? prepared.target : undefined;
  }

  /**
   * Resolves when the server has it; throws a `Problem` if it was not taken, and an `UncertainProblem` where that is not
   * known.
   */
  async send(prepared: PreparedPrompt, messageId: string, cause: PromptCause | Causation): Promise<void> {
    const { session, typed } = prepared;
    if (typed.kind !== 'prompt') this.#assertIdle(session);
    await this.#ports.door.send(session, await this.#toOutgoing(prepared, messageId), cause);
  }

  async #toOutgoing(prepared: PreparedPrompt, messageId: string): Promise<Outgoing> {
    const { session, draft, typed, target, offer } = prepared;
    switch (typed.kind) {
      case 'prompt': {
        const parts = await this.#buildParts(typed.text, draft, session, offer.agents);
        return { kind: 'prompt', prompt: { messageId, ...target, parts } };
      }
      case 'command': {
        const files = toCommandFiles(prepared, typed.name);
        const { name, arguments: given } = typed;
        return { kind: 'command', command: { name, arguments: given, ...target, messageId, files } };
      }
      case 'shell':
        assertNoFiles(draft);
        return { kind: 'shell', shell: { command: typed.command, ...target, messageId } };
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

function assertNoFiles({ attachments = [] }: ComposerDraft): void {
  if (attachments.length === 0) return;
  throw new Problem(
    l10n.t('A shell command takes no attachments. Name the files in what you type after the “!”.'),
  );
}

/** The files that go with a command. Throws a `Problem` where the server would leave them out: for a subtask. */
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
  const agent = prepared.offer.agents.find((candidate) => candidate.name === answering);
  return command?.subtask ?? agent?.mode === 'subagent';
}

const findCommand = ({ offer }: Pick<PreparedPrompt, 'offer'>, name: string) =>
  offer.commands.find((command) => command.name === name);

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
