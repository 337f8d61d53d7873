import * as z from 'zod';
import { Problem } from '../../core/errors.ts';
import { l10n } from '../../core/l10n.ts';
import type { NewSession, OpenCode, SessionChange } from '../../core/ports/openCode.ts';
import { isSame } from '../../core/isSame.ts';
import { isShared } from '../../core/sessions/elsewhereSessions.ts';
import { withOurs } from '../../protocol/ours.ts';
import type { ModelReference, Session } from '../../protocol/records.ts';
import { requireId } from '../dialect/requireId.ts';
import { type Api, inData, nothing } from './records/api.ts';
import type { KnownSessions } from './records/knownSessions.ts';
import { SignIn2 } from './signIn2.ts';
import { archiveMark, toSession, toWireRule } from './records/toSession.ts';
import { each, type WireModel, type WireRule, WireSession } from './records/wire.ts';

const listPage = 200;

const SessionPage = z.object({
  data: each(WireSession),
  cursor: z.object({ next: z.string().nullish().catch(undefined) }).catch({ next: undefined }),
});

/** Records of sessions as 2.x keeps them. */
export class Sessions2 extends SignIn2 {
  readonly #api: Api;
  readonly #known: KnownSessions;

  constructor(api: Api, known: KnownSessions) {
    super();
    this.#api = api;
    this.#known = known;
  }

  async listSessions(directory: string): Promise<Session[]> {
    return this.#list({ directory });
  }

  /** The project of a folder is known by its sessions: of one without any, nothing elsewhere is listed. */
  async listProject(directory: string, since?: number): ReturnType<OpenCode['listProject']> {
    const here = await this.#list({ directory }, since);
    const project = here.find(({ projectID }) => projectID !== undefined)?.projectID;
    if (project === undefined || isShared(project)) return { here, elsewhere: [] };
    const ids = new Set(here.map(({ id }) => id));
    const all = await this.#list({ project }, since);
    return { here, elsewhere: all.filter(({ id, directory: other }) => other !== directory && !ids.has(id)) };
  }

  async getSession(sessionId: string): Promise<Session> {
    return this.#known.note(toSession(await this.getRecord(sessionId)));
  }

  async createSession(session: NewSession): Promise<Session> {
    const { directory, title, parentID, agent, model, metadata, permission } = session;
    const body = {
      location: { directory },
      title,
      parentID,
      agent,
      model: model && toWireModel(model),
      metadata,
      permissions: permission?.map(toWireRule),
    };
    const made = await this.#api.ask('POST', '/api/session', inData(WireSession), { body, directory });
    return this.#known.note(toSession(made));
  }

  /** An empty one is refused by the server. */
  async forkSession(sessionId: string, messageId?: string): Promise<Session> {
    const before = messageId === undefined ? undefined : requireId('msg', messageId);
    const boundary = before === undefined ? undefined : { type: 'before', messageID: before };
    const path = `${pathOf(sessionId)}/fork`;
    const made = await this.#api.ask('POST', path, inData(WireSession), { body: { before, boundary } });
    return this.#known.note(toSession(made));
  }

  /** Metadata and rules are replaced whole: rules are read, and written with those that are added. */
  async updateSession(sessionId: string, change: SessionChange): Promise<Session> {
    const { title, permission, archived } = change;
    const isReading = permission !== undefined || archived !== undefined;
    const known = isReading ? await this.getRecord(sessionId) : undefined;
    const permissions = permission && addRules(known?.permissions ?? [], permission.map(toWireRule));
    const kept = change.metadata ?? known?.metadata;
    const metadata =
      archived === undefined ? change.metadata : withOurs(kept, archiveMark(sessionId, archived));
    await this.#write(sessionId, { title, metadata, permissions });
    return this.getSession(sessionId);
  }

  async deleteSession(sessionId: string): Promise<void> {
    await this.#api.ask('DELETE', pathOf(sessionId), nothing);
  }

  protected getRecord(sessionId: string): Promise<WireSession> {
    return this.#api.ask('GET', pathOf(sessionId), inData(WireSession));
  }

  async #write(
    sessionId: string,
    { title, ...rest }: { readonly title: string | undefined } & Record<string, unknown>,
  ): Promise<void> {
    const { rename } = await this.#api.variants();
    if (rename === 'PATCH') {
      await this.#api.ask('PATCH', pathOf(sessionId), nothing, { body: { title, ...rest } });
      return;
    }
    if (Object.values(rest).some((value) => value !== undefined)) {
      throw new Problem(
        l10n.t('This version of OpenCode keeps nothing with its sessions. Update it to 2.0.5 or newer.'),
      );
    }
    await this.#api.ask('POST', `${pathOf(sessionId)}/rename`, nothing, { body: { title } });
  }

  /** Page after page: the last one is empty (2.0.26). The newest come first, so that `since` ends it early. */
  async #list(filters: Readonly<Record<string, string>>, since = 0): Promise<Session[]> {
    const sessions: Session[] = [];
    const asked = new Set<string>();
    let cursor: string | undefined;
    for (;;) {
      const query = cursor === undefined ? { ...filters, limit: listPage } : { cursor, limit: listPage };
      const { data, cursor: at } = await this.#api.ask('GET', '/api/session', SessionPage, { query });
      sessions.push(...data.map((session) => this.#known.note(toSession(session))));
      const next = at.next ?? undefined;
      const isEnough = (data.at(-1)?.time.updated ?? 0) < since;
      if (data.length === 0 || next === undefined || isEnough || asked.has(next)) break;
      asked.add(next);
      cursor = next;
    }
    return since === 0 ? sessions : sessions.filter(({ time }) => time.updated >= since);
  }
}

/** Forks take rules over: what stands at the end already is not written there again. */
function addRules(known: readonly WireRule[], added: readonly WireRule[]): readonly WireRule[] {
  return isSame(known.slice(-added.length), added) ? known : [...known, ...added];
}

export function pathOf(sessionId: string): string {
  return `/api/session/${requireId('ses', sessionId)}`;
}

/** That of no variant has a name there. */
export function toWireModel({ providerID, modelID, variant }: ModelReference): WireModel {
  return { id: modelID, providerID, variant: variant ?? 'default' };
}
