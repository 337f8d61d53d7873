import { isTypedPrompt } from '../../core/continuation/conversation.ts';
import type { SavedChain } from '../../core/continuation/drafts/savedChains.ts';
import { Problem } from '../../core/errors.ts';
import { l10n } from '../../core/l10n.ts';
import type { Choice, Dialogs } from '../../core/ports/dialogs.ts';
import type { OpenCode } from '../../core/ports/openCode.ts';
import { toMention } from '../../core/prompts/promptText.ts';
import { typedAsText } from '../../core/prompts/typedText.ts';
import type { Typed } from '../../core/prompts/prompting.ts';
import { readSlash, type SlashReading, type SlashVerb, whyNot } from '../../core/prompts/slashVerbs.ts';
import { withSessionIds } from '../../core/prompts/takenMentions.ts';
import type { Sessions } from '../../core/sessions/sessionStore.ts';
import { knownCommands, type Offer, type Offers } from '../../core/state/offers.ts';
import { loadMessagesBack } from '../../core/transcript/messagesBack.ts';
import { withoutReverted } from '../../core/turns/standing.ts';
import { withoutUndefined } from '../../core/withoutUndefined.ts';
import type { Attachment, ComposerDraft } from '../../protocol/page/composer.ts';
import type { MessageWithParts, Session } from '../../protocol/records.ts';
import { planVerb, type PlannedVerb } from './plannedVerb.ts';
import type { TypedPrompting } from './typedPrompting.ts';

export interface TypedVerbsPorts {
  readonly sessions: Pick<Sessions, 'get' | 'all' | 'title'>;
  readonly offers: Pick<Offers, 'load'>;
  readonly openCode: Pick<OpenCode, 'listMessages'>;
  readonly typing: Pick<TypedPrompting, 'send' | 'sendHeld' | 'isFree' | 'drafts'>;
  readonly dialogs: Pick<Dialogs, 'pickOne'>;
  /** What stands at an absolute path. */
  readonly findKind: (path: string) => Promise<'file' | 'folder' | undefined>;
  readonly savedChains: () => readonly SavedChain[];
  /** Runs a command of the palette, which tells a person itself what goes wrong; undefined: it did nothing. */
  readonly executeCommand: (id: string, argument: unknown) => Promise<unknown>;
}

/** What is to be done with what was typed. */
type Meant =
  | { readonly kind: 'prompt'; readonly draft: ComposerDraft }
  | Exclude<Typed, { readonly kind: 'sent' }>;

const messagePage = 20;

/**
 * What a person sends from a composer may be a verb of ours: that is done at once, by the command of the palette, also
 * while the session works. All else is sent as a prompt.
 */
export class TypedVerbs {
  readonly #ports: TypedVerbsPorts;

  constructor(ports: TypedVerbsPorts) {
    this.#ports = ports;
  }

  /** Throws what says why it was not taken, or not done; the text then stands in the composer again. */
  async send(sessionId: string, draft: ComposerDraft, mode: 'queue' | 'steer'): Promise<Typed> {
    const { typing, sessions } = this.#ports;
    const session = sessions.get(sessionId);
    if (session === undefined || !draft.text.startsWith('/')) return typing.send(sessionId, draft, mode);
    typing.drafts.send(sessionId, draft);
    const meant = await this.#orPutBack(session, draft, () => this.#take(session, draft));
    switch (meant.kind) {
      case 'prompt':
        return typing.sendHeld(sessionId, draft, meant.draft, mode);
      case 'done':
        typing.drafts.release(draft);
        return meant;
      case 'givenBack':
        typing.drafts.putBack(sessionId, draft);
        return meant;
    }
  }

  async #orPutBack<T>({ id }: Session, draft: ComposerDraft, act: () => Promise<T>): Promise<T> {
    try {
      return await act();
    } catch (error) {
      this.#ports.typing.drafts.putBack(id, draft);
      throw error;
    }
  }

  async #take(session: Session, draft: ComposerDraft): Promise<Meant> {
    const offer = await this.#ports.offers.load(session.directory);
    const reading = readSlash(withSessionIds(draft), knownCommands(offer));
    switch (reading.kind) {
      case 'prompt':
        return { kind: 'prompt', draft };
      case 'verb':
        return this.#act(session, draft, offer, reading);
      case 'unknown':
        return this.#askAbout(session, draft, reading);
    }
  }

  async #askAbout(
    session: Session,
    draft: ComposerDraft,
    { name, near }: Extract<SlashReading, { kind: 'unknown' }>,
  ): Promise<Meant> {
    // A folder right below the root is no typing error.
    if ((await this.#ports.findKind(`/${name}`)) !== undefined) return { kind: 'prompt', draft };
    const answer = await this.#ports.dialogs.pickOne(describeUnknown(name, near), choicesFor(near));
    // The question goes away also where the window loses the focus.
    if (answer === undefined) {
      return { kind: 'givenBack', why: l10n.t('Nothing was sent: /{0} is no command here.', name) };
    }
    if (answer === 'text') return { kind: 'prompt', draft: { ...draft, text: typedAsText(draft.text) } };
    return this.#take(session, { ...draft, text: draft.text.replace(name, () => near ?? name) });
  }

  async #act(
    session: Session,
    draft: ComposerDraft,
    offer: Offer,
    { verb, rest }: Extract<SlashReading, { kind: 'verb' }>,
  ): Promise<Meant> {
    const { sessions, savedChains, executeCommand } = this.#ports;
    if (verb.hint === undefined && rest !== '') {
      throw new Problem(l10n.t('Nothing can stand behind “/{0}”, so nothing was done.', verb.name));
    }
    const messages = verb.needs.includes('messages') ? await this.#latest(session) : [];
    this.#assertUsable(session, verb, messages);
    const picked = withoutUndefined({ agent: draft.agent, model: draft.model });
    const standing = withoutReverted(messages, session.revert);
    const sources = { session, sessions, offer, picked, messages: standing, chains: savedChains() };
    const planned = planVerb(verb.name, rest, sources);
    const { argument, left } = withFiles(planned, draft.attachments ?? [], verb);
    const made = await executeCommand(planned.command, argument);
    if (made === undefined) return { kind: 'givenBack' };
    if (typeof made === 'string' && made !== session.id && made !== argument.sessionId) {
      await executeCommand('opencodeSessions.composer.focus', { sessionId: made });
    }
    return { kind: 'done', left };
  }

  #assertUsable(session: Session, verb: SlashVerb, messages: readonly MessageWithParts[]): void {
    const why = whyNot(verb, {
      isEmpty: messages.length === 0,
      isBusy: !this.#ports.typing.isFree(session.id),
      isReverted: session.revert !== undefined,
    });
    if (why !== undefined) throw new Problem(l10n.t('“/{0}” cannot be used here. {1}', verb.name, why));
  }

  /** Back to a prompt, so that a verb finds the last one. */
  #latest({ id, revert }: Session): Promise<readonly MessageWithParts[]> {
    const hasPrompt = (loaded: readonly MessageWithParts[]): boolean =>
      withoutReverted(loaded, revert).some(isTypedPrompt);
    return loadMessagesBack(this.#ports.openCode, id, hasPrompt, messagePage);
  }
}

function describeUnknown(name: string, near: string | undefined): string {
  return near === undefined
    ? l10n.t('There is no command /{0} here.', name)
    : l10n.t('There is no command /{0}. Did you mean /{1}?', name, near);
}

function choicesFor(near: string | undefined): readonly Choice<'near' | 'text'>[] {
  const asText: Choice<'text'> = {
    label: l10n.t('Send as Text'),
    description: l10n.t('The agent reads it as it stands.'),
    icon: 'send',
    value: 'text',
  };
  if (near === undefined) return [asText];
  return [{ label: l10n.t('Run /{0}', near), icon: 'play', value: 'near' }, asText];
}

/**
 * What is attached goes along by name in a text that an agent reads; where a verb has no such text it is left for the
 * next prompt.
 */
function withFiles(
  { argument }: PlannedVerb,
  attachments: readonly Attachment[],
  { name }: SlashVerb,
): { readonly argument: PlannedVerb['argument']; readonly left: readonly Attachment[] } {
  const { text = '' } = argument;
  if (text.trim() === '') return { argument, left: attachments };
  const mentions = attachments.map((attachment) => {
    if (attachment.kind === 'file') return mentionOf(attachment);
    throw new Problem(
      l10n.t(
        '“/{0}” takes files by their names, and “{1}” is not on the disk. Remove it, or send it with a prompt.',
        name,
        attachment.filename,
      ),
    );
  });
  return { argument: { ...argument, text: [text, ...mentions].join(' ') }, left: [] };
}

function mentionOf({ path, startLine, endLine = startLine }: Extract<Attachment, { kind: 'file' }>): string {
  return startLine === undefined || endLine === undefined
    ? toMention(path)
    : toMention(path, { startLine, endLine });
}
