import { backToComposer, editPromptInEditor, sendFromEditor } from '../commands/session/editPrompt.ts';
import type { Dialogs } from '../core/ports/dialogs.ts';
import type { OpenCode } from '../core/ports/openCode.ts';
import type { Lending } from '../core/prompts/prompting.ts';
import type { CommandTable } from '../editor/registerCommands.ts';
import type { TypedPrompting } from '../flows/prompting/typedPrompting.ts';
import type { TypedVerbs } from '../flows/prompting/typedVerbs.ts';
import type { CommandId } from '../manifest.ts';
import type { ComposerDraft } from '../protocol/page/composer.ts';
import type { Stores } from './stores.ts';
import type { Views } from './views.ts';
import { whenLive } from '../commands/whenLive.ts';

export interface PromptCommandsInput {
  readonly stores: Pick<Stores, 'currentSession' | 'proof' | 'sessions'>;
  readonly views: Pick<Views, 'sessionsView'>;
  readonly connection: { readonly openCode: OpenCode; connect(): Promise<void> };
  readonly transcripts: {
    goOn(sessionId: string): void;
    lend(sessionId: string): Promise<void>;
    openText(name: string, text: string): Promise<void>;
  };
  readonly typing: Pick<TypedPrompting, 'drafts'>;
  readonly verbs: Pick<TypedVerbs, 'send'>;
  readonly lent: Lending;
  readonly dialogs: Dialogs;
}

export type PromptCommandId = Extract<CommandId, `opencodeSessions.prompt.${string}`>;

/** The ways of a prompt between its composer and an editor. */
export function createPromptCommands(input: PromptCommandsInput): Pick<CommandTable, PromptCommandId> {
  const { stores, views, connection, transcripts, typing, verbs, lent, dialogs } = input;
  const deps = {
    ...stores,
    openCode: connection.openCode,
    dialogs,
    lent,
    currentSessionId: () => stores.currentSession.id,
    selectedSessionIds: () => views.sessionsView.selectedSessionIds,
    focusPrompt: (sessionId: string) => transcripts.goOn(sessionId),
    lendPrompt: (sessionId: string) => transcripts.lend(sessionId),
    showPrompt: async (sessionId: string) =>
      lent.has(sessionId)
        ? lent.lend(sessionId)
        : transcripts.openText('prompt.md', typing.drafts.get(sessionId).text),
    sendTyped: (sessionId: string, draft: ComposerDraft) => verbs.send(sessionId, draft, 'queue'),
  };
  const live = whenLive(connection);
  return {
    'opencodeSessions.prompt.editInEditor': live(editPromptInEditor(deps)),
    'opencodeSessions.prompt.backToComposer': live(backToComposer(deps)),
    'opencodeSessions.prompt.sendFromEditor': live(sendFromEditor(deps)),
  };
}
