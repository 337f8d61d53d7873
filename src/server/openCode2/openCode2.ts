import * as z from 'zod';
import type { Cancellation } from '../../core/cancellation.ts';
import { NotFoundProblem, Problem } from '../../core/errors.ts';
import { l10n } from '../../core/l10n.ts';
import type { Abilities } from '../../core/ports/abilities.ts';
import type { AskedRequest, Compaction, MessagePage, OpenCode } from '../../core/ports/openCode.ts';
import { withoutUndefined } from '../../core/withoutUndefined.ts';
import { companionFileName, companionRpc } from '../../protocol/companion.ts';
import type {
  Agent,
  FileDiff,
  MessageWithParts,
  Model,
  PermissionRequest,
  ProviderList,
  QuestionRequest,
  Session,
  SessionStatus,
  SlashCommand,
  Todo,
} from '../../protocol/records.ts';
import { requireId } from '../dialect/requireId.ts';
import { type Api, inData, nothing } from './api.ts';
import { NotReadyProblem } from './answers2.ts';
import { giveSign, listTodos } from './channel/companionChannel.ts';
import { type CompactionPorts, untilCompacted } from './compaction2.ts';
import { type PromptPorts, Prompts2 } from './prompts2.ts';
import { pathOf } from './sessions2.ts';
import { isQuestion, toFormAnswer, toPermission, toQuestion } from './toRequest.ts';
import { toRule } from './toSession.ts';
import { variantOf } from './toMessage.ts';
import {
  each,
  WireAgent,
  WireCommand,
  WireFileDiff,
  WireForm,
  WireModelInfo,
  WirePermission,
  WireProvider,
} from './wire.ts';

export const abilities2: Abilities = {
  todos: false,
  archive: true,
  serverQueue: true,
  generate: true,
  forkOrigin: true,
};

/** A folder that was just opened says for a moment that it has no agents and models: milliseconds between two looks. */
const readyPauses: readonly number[] = [200, 300, 500, 1000, 1500, 1500];

const Found = z.object({ path: z.string() });
const Plugin = z.object({ id: z.string() });
const DefaultModel = z.object({ id: z.string(), providerID: z.string() }).nullish().catch(undefined);

export type OpenCode2Ports = PromptPorts & CompactionPorts & { readonly abilities: Abilities };

/** OpenCode 2.x over its HTTP routes. */
export class OpenCode2 extends Prompts2 implements OpenCode {
  readonly abilities: Abilities;
  readonly #ports: OpenCode2Ports;
  readonly #api: Api;

  constructor(ports: OpenCode2Ports) {
    super(ports);
    this.#ports = ports;
    this.#api = ports.api;
    this.abilities = ports.abilities;
  }

  async compactSession(
    session: Session,
    { guidance, messages }: Compaction,
    cancellation?: Cancellation,
  ): Promise<void> {
    const told = guidance === '' ? undefined : await this.tellBefore(session.id, guidance);
    try {
      const item = await this.askForSummary(session.id);
      const run = { sessionId: session.id, item, before: new Set(messages.map(({ info }) => info.id)) };
      await untilCompacted(this.#ports, this, run, cancellation, async () => {
        if (item !== undefined) await this.cancelWaiting(session.id, item);
        await this.abortSession(session.id);
      });
    } catch (error) {
      // What was let in stays; what still waits would be read with the next prompt.
      if (told !== undefined) await this.#takeBack(session.id, told);
      throw error;
    }
  }

  async #takeBack(sessionId: string, id: string): Promise<void> {
    await this.cancelWaiting(sessionId, id).catch((error: unknown) => {
      this.#ports.log.warn('The guidance of a compaction could not be taken back.', sessionId, error);
    });
  }

  /** A compaction leaves nothing behind that would have to be taken away. */
  brokenCompactions(): readonly Pick<Session, 'id' | 'directory'>[] {
    return [];
  }

  async clearUpCompaction(): Promise<void> {
    return undefined;
  }

  listMessages(sessionId: string, page: Parameters<OpenCode['listMessages']>[1]): Promise<MessagePage> {
    return this.reading.list(sessionId, page);
  }

  getMessage(sessionId: string, messageId: string): Promise<MessageWithParts> {
    return this.reading.get(sessionId, messageId);
  }

  /** The server keeps none: its companion does. */
  async listTodos(sessionId: string): Promise<Todo[]> {
    const session = this.#ports.known.get(sessionId) ?? (await this.getSession(sessionId));
    return listTodos(this.#api, session.directory, sessionId);
  }

  async diffMessage(sessionId: string, messageId: string): Promise<FileDiff[]> {
    const { hasDiff } = await this.#api.variants();
    if (!hasDiff) return [];
    const query = { from: requireId('msg', messageId) };
    const diffs = await this.#api.ask('GET', `${pathOf(sessionId)}/diff`, inData(each(WireFileDiff)), {
      query,
    });
    return diffs.map((diff) => withoutUndefined(diff));
  }

  async listStatuses(): Promise<Record<string, SessionStatus>> {
    const active = await this.#api.ask(
      'GET',
      '/api/session/active',
      inData(z.record(z.string(), z.unknown())),
    );
    return Object.fromEntries(Object.keys(active).map((id) => [id, { type: 'busy' as const }]));
  }

  async listPermissions(directory: string): Promise<PermissionRequest[]> {
    const all = inData(each(WirePermission));
    return (await this.#api.ask('GET', '/api/permission/request', all, { directory })).map(toPermission);
  }

  async listQuestions(directory: string): Promise<QuestionRequest[]> {
    const { forms } = await this.#api.variants();
    return (await this.#api.ask('GET', forms, inData(each(WireForm)), { directory })).map(toQuestion);
  }

  async replyPermission(
    _directory: string,
    { id, sessionID }: AskedRequest,
    reply: 'once' | 'always' | 'reject',
    message?: string,
  ): Promise<void> {
    const path = `${pathOf(sessionID)}/permission/${encodeURIComponent(id)}/reply`;
    await this.#api.ask('POST', path, nothing, { body: { decision: reply, reply, message } });
  }

  async replyQuestion(
    _directory: string,
    { id, sessionID }: AskedRequest,
    answers: readonly (readonly string[])[],
  ): Promise<void> {
    const path = `${formsOf(sessionID)}/form`;
    const forms = await this.#api.ask('GET', path, inData(each(WireForm)));
    const form = forms.find((one) => one.id === id);
    if (form === undefined) throw new NotFoundProblem(l10n.t('This question was answered already.'));
    if (!isQuestion(form)) {
      throw new Problem(l10n.t('This can only be answered in OpenCode’s own terminal or app.'));
    }
    const body = { answer: toFormAnswer(form, answers) };
    await this.#api.ask('POST', `${path}/${encodeURIComponent(id)}/reply`, nothing, { body });
  }

  async rejectQuestion(_directory: string, { id, sessionID }: AskedRequest): Promise<void> {
    const { rejectForm } = await this.#api.variants();
    const path = `${formsOf(sessionID)}/form/${encodeURIComponent(id)}${rejectForm.path}`;
    await this.#api.ask(rejectForm.method, path, nothing);
  }

  /** The id selects an agent, where its name is a label. */
  async listAgents(directory: string): Promise<Agent[]> {
    const agents = await this.#untilReady(() =>
      this.#api.ask('GET', '/api/agent', inData(each(WireAgent)), { directory }),
    );
    return agents.map(({ id, description, mode, hidden, color, model, permissions }) => ({
      name: id,
      mode,
      permission: permissions.map(toRule),
      ...withoutUndefined({
        description,
        hidden,
        color,
        model: model && { providerID: model.providerID, modelID: model.id },
        variant: variantOf(model),
      }),
    }));
  }

  async listProviders(directory: string): Promise<ProviderList> {
    const models = await this.#untilReady(() =>
      this.#api.ask('GET', '/api/model', inData(each(WireModelInfo)), { directory }),
    );
    const [named, standard] = await Promise.all([
      this.#api.ask('GET', '/api/provider', inData(each(WireProvider)), { directory }),
      this.#api.ask('GET', '/api/model/default', inData(DefaultModel), { directory }),
    ]);
    const names = new Map(named.map(({ id, name }) => [id, name]));
    const usable = Map.groupBy(
      models.filter(({ enabled }) => enabled !== false),
      ({ providerID }) => providerID,
    );
    const providers = [...usable].map(([id, own]) => ({
      id,
      name: names.get(id) ?? id,
      models: Object.fromEntries(own.map((model) => [model.id, toModel(model)])),
    }));
    return { providers, default: standard ? { [standard.providerID]: standard.id } : {} };
  }

  async listCommands(directory: string): Promise<SlashCommand[]> {
    const commands = await this.#api.ask('GET', '/api/command', inData(each(WireCommand)), { directory });
    return commands.map(({ name, description }) => ({
      name,
      template: '',
      ...withoutUndefined({ description }),
    }));
  }

  /** 2.x lists none: who looks for one of a name finds nothing. */
  async listToolIds(): Promise<string[]> {
    return [];
  }

  giveSign(directory: string, sign: string): Promise<void> {
    return giveSign(this.#api, directory, sign);
  }

  async hasCompanion(directory: string): Promise<boolean> {
    const plugins = await this.#api.ask('GET', '/api/plugin', inData(each(Plugin)), { directory });
    return plugins.some(({ id }) => id === companionRpc.plugin || id.endsWith(companionFileName));
  }

  async findFiles(directory: string, query: string): Promise<string[]> {
    const asked = { directory, query: { query, limit: 100 } };
    const found = await this.#api.ask('GET', '/api/fs/find', inData(each(Found)), asked);
    return found.map(({ path }) => path);
  }

  /** Asks again while a folder is not ready, which it says by an empty list or by a refusal. */
  async #untilReady<T>(list: () => Promise<T[]>): Promise<T[]> {
    for (const pause of readyPauses) {
      try {
        const all = await list();
        if (all.length > 0) return all;
      } catch (error) {
        if (!(error instanceof NotReadyProblem)) throw error;
      }
      await this.#ports.wait(pause);
    }
    return list();
  }
}

/** A form may be of no session. */
function formsOf(sessionId: string): string {
  return sessionId === 'global' ? '/api/session/global' : pathOf(sessionId);
}

function toModel(model: z.infer<typeof WireModelInfo>): Model {
  const { id, providerID, name = id, status, limit, cost, variants, capabilities } = model;
  const [price] = cost;
  return {
    id,
    providerID,
    name,
    limit: { context: limit.context, output: limit.output, ...withoutUndefined({ input: limit.input }) },
    variants: Object.fromEntries(variants.map((variant) => [variant.id, {}])),
    ...withoutUndefined({
      status,
      cost: price,
      capabilities: capabilities && {
        ...withoutUndefined({ toolcall: capabilities.tools }),
        attachment: capabilities.input.some((kind) => kind !== 'text'),
        input: { image: capabilities.input.includes('image') },
      },
    }),
  };
}
