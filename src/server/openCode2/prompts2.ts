import * as z from 'zod';
import { BusyProblem, NotFoundProblem, Problem } from '../../core/errors.ts';
import { l10n } from '../../core/l10n.ts';
import type { FilePart, OpenCode, Prompt, PromptPart } from '../../core/ports/openCode.ts';
import { metadataKey } from '../../protocol/ours.ts';
import type { ModelReference, Session } from '../../protocol/records.ts';
import { requireId } from '../dialect/requireId.ts';
import { type Api, nothing } from './records/api.ts';
import type { KnownSessions } from './records/knownSessions.ts';
import type { Messages2 } from './records/messages2.ts';
import { joinTexts, readMarks } from './records/ownMarks.ts';
import { pathOf, Sessions2, toWireModel } from './sessions2.ts';
import type { SentCommands } from './records/sentCommands.ts';
import { toSession } from './records/toSession.ts';
import type { WireInboxItem } from './records/wire.ts';

type Answerer = Pick<Prompt, 'agent' | 'model'>;

export interface PromptPorts {
  readonly api: Api;
  readonly known: KnownSessions;
  readonly messages: Messages2;
  readonly commands: SentCommands;
}

/** What was taken in; the server says no more of it than that there. */
const Item = z
  .object({ data: z.object({ id: z.string() }) })
  .optional()
  .catch(undefined);

const Interrupted = z.unknown().transform(() => undefined);

/** What is sent to sessions of 2.x, whose agent and model are theirs and not those of a prompt. */
export class Prompts2 extends Sessions2 {
  readonly #api: Api;
  readonly #commands: SentCommands;
  /** The messages of its sessions, and what waits to be among them. */
  readonly reading: Messages2;

  constructor({ api, known, messages, commands }: PromptPorts) {
    super(api, known);
    this.#api = api;
    this.#commands = commands;
    this.reading = messages;
  }

  /** What waits of ours goes with the run: the next prompt of anybody would let it in. */
  async abortSession(sessionId: string): Promise<void> {
    await this.#api.ask('POST', `${pathOf(sessionId)}/interrupt`, Interrupted);
    await this.cancelOurs(sessionId);
  }

  /** Takes back what of ours waits for an answer and was not let in; of a server that cannot, nothing. */
  async cancelOurs(sessionId: string): Promise<void> {
    const { canCancel } = await this.#api.variants();
    if (!canCancel) return;
    const waiting = await this.reading.listInbox(sessionId);
    for (const { id } of waiting.filter(isOurs)) await this.#cancel(sessionId, id);
  }

  promptSession(sessionId: string, prompt: Prompt): Promise<void> {
    return this.#prompt(sessionId, prompt, joinTexts(prompt));
  }

  /** It waits where nothing runs, and goes in before the next prompt. */
  async tellSession(sessionId: string, told: Prompt): Promise<void> {
    const body = { id: told.messageId, ...joinTexts(told, { told: true }), resume: false };
    await this.#api.ask('POST', `${pathOf(sessionId)}/synthetic`, nothing, { body });
  }

  /** There are no answers by a schema: it is asked for in words, and read out of what the model says. */
  extractFromSession(sessionId: string, prompt: Prompt, schema: Record<string, unknown>): Promise<void> {
    const text = [
      'Answer what follows with one JSON object and nothing else: no words before or after it, and no tool calls.',
      `It fits this JSON schema: ${JSON.stringify(schema)}`,
    ].join('\n');
    const asked = { ...prompt, parts: [{ type: 'text' as const, text }, ...prompt.parts] };
    return this.#prompt(sessionId, asked, joinTexts(asked, { structured: true }));
  }

  /** The message that comes of it has an id of the server's, by which its answers know it. */
  async runCommand(sessionId: string, command: Parameters<OpenCode['runCommand']>[1]): Promise<void> {
    const { name, arguments: text, files = [], messageId = '' } = command;
    await this.#switchTo(sessionId, command);
    const body = { name, text, command: name, arguments: text, files: toFiles(files) };
    this.#commands.begin(sessionId, messageId);
    try {
      await this.#api.ask('POST', `${pathOf(sessionId)}/command`, nothing, { body, takesLong: true });
    } catch (error) {
      this.#commands.end(sessionId, messageId);
      throw error;
    }
  }

  async runShell(
    sessionId: string,
    { command, messageId }: Parameters<OpenCode['runShell']>[1],
  ): Promise<void> {
    const body = { command, id: messageId };
    await this.#api.ask('POST', `${pathOf(sessionId)}/shell`, nothing, { body, takesLong: true });
  }

  async revertSession(sessionId: string, messageId: string): Promise<Session> {
    const body = { messageID: requireId('msg', messageId), files: true };
    await this.#api.ask('POST', `${pathOf(sessionId)}/revert/stage`, nothing, { body });
    return this.getSession(sessionId);
  }

  async unrevertSession(sessionId: string): Promise<Session> {
    const { unrevert } = await this.#api.variants();
    await this.#api.ask(unrevert.method, `${pathOf(sessionId)}/${unrevert.path}`, nothing);
    return this.getSession(sessionId);
  }

  /** Has a text go in before what is asked for next; answers with its id. */
  protected async tellBefore(sessionId: string, text: string): Promise<string | undefined> {
    const body = { text, metadata: { [metadataKey]: { told: true } }, resume: false };
    const item = await this.#api.ask('POST', `${pathOf(sessionId)}/synthetic`, Item, { body });
    return item?.data.id;
  }

  /** Puts a request for a summary into the session; answers with its id. */
  protected async askForSummary(sessionId: string): Promise<string | undefined> {
    const item = await this.#api.ask('POST', `${pathOf(sessionId)}/compact`, Item, { body: {} });
    return item?.data.id;
  }

  protected async cancelWaiting(sessionId: string, id: string): Promise<void> {
    const { canCancel } = await this.#api.variants();
    if (canCancel) await this.#cancel(sessionId, id);
  }

  async #prompt(
    sessionId: string,
    { messageId, agent, model, parts }: Prompt,
    joined: ReturnType<typeof joinTexts>,
  ): Promise<void> {
    await this.#switchTo(sessionId, { agent, model });
    const body = {
      id: messageId,
      ...joined,
      files: toFiles(parts.filter((part) => part.type === 'file')),
      agents: parts.flatMap((part: PromptPart) => (part.type === 'agent' ? { name: part.name } : [])),
    };
    await this.#api.ask('POST', `${pathOf(sessionId)}/prompt`, nothing, { body });
  }

  /**
   * The session answers with the agent and the model that it has when a prompt is let in: so they are switched only where
   * they differ, and while nothing of ours waits that would be answered by another one then.
   */
  async #switchTo(sessionId: string, { agent, model }: Answerer): Promise<void> {
    const session = toSession(await this.getRecord(sessionId));
    const isOtherAgent = agent !== '' && session.agent !== agent;
    const isOtherModel = !isSameModel(session.model, model);
    if (!isOtherAgent && !isOtherModel) return;
    const waiting = await this.reading.listInbox(sessionId);
    if (waiting.some((item) => isOurs(item) && !isFor(item, { agent, model }))) {
      throw new BusyProblem(
        l10n.t(
          'A prompt for another agent or model waits in this session. Stop it, or wait until it is answered.',
        ),
      );
    }
    if (isOtherAgent) await this.#api.ask('POST', `${pathOf(sessionId)}/agent`, nothing, { body: { agent } });
    if (!isOtherModel) return;
    const wanted = toWireModel(model);
    await this.#api.ask('POST', `${pathOf(sessionId)}/model`, nothing, {
      body: { ...wanted, model: wanted },
    });
  }

  async #cancel(sessionId: string, id: string): Promise<void> {
    try {
      await this.#api.ask('DELETE', `${pathOf(sessionId)}/inbox/${encodeURIComponent(id)}`, nothing);
    } catch (error) {
      // It was let in or taken back meanwhile.
      if (!(error instanceof NotFoundProblem)) throw error;
    }
  }
}

/** Whether an editor or a companion of ours sent it to be answered. */
function isOurs({ type, payload }: WireInboxItem): boolean {
  return type === 'user' && marksOf(payload) !== undefined;
}

function isFor({ payload }: WireInboxItem, { agent, model }: Answerer): boolean {
  const marks = marksOf(payload);
  return marks?.agent === agent && isSameReference(marks.model, model);
}

function marksOf({ metadata }: WireInboxItem['payload']): ReturnType<typeof readMarks> {
  return readMarks(z.record(z.string(), z.unknown()).optional().catch(undefined).parse(metadata));
}

function isSameModel(model: Session['model'], { providerID, modelID, variant }: ModelReference): boolean {
  return model?.id === modelID && model.providerID === providerID && model.variant === variant;
}

function isSameReference(one: ModelReference | undefined, other: ModelReference): boolean {
  const { providerID, modelID, variant } = other;
  return one?.providerID === providerID && one.modelID === modelID && one.variant === variant;
}

function toFiles(files: readonly FilePart[]): readonly { uri: string; name?: string }[] {
  return files.map(({ url, filename }) => ({
    uri: url,
    ...(filename === undefined ? {} : { name: filename }),
  }));
}

/** A summary that did not come. */
export function noSummary(words: string): Problem {
  return new Problem(l10n.t('The session could not be compacted: {0}', words));
}
