import { type ExtensionContext, Uri } from 'vscode';
import type { ConnectionState } from '../core/connectionState.ts';
import { isLive } from '../core/connectionState.ts';
import type { Event } from '../core/event.ts';
import type { Log } from '../core/log.ts';
import type { OpenCode } from '../core/openCode.ts';
import type { KeptValues } from '../core/transcript/keptValues.ts';
import { startTimer, wait } from '../editor/timer.ts';
import { deliverPrompt } from '../flows/prompting/promptDelivery.ts';
import { TypedPrompting } from '../flows/prompting/typedPrompting.ts';
import { AttachmentMemento } from '../views/transcript/attachmentMemento.ts';
import { findKind } from '../views/transcript/sessionFiles.ts';
import { ids } from './continuationPorts.ts';
import type { Stores } from './stores.ts';

export interface PromptingInput {
  readonly context: Pick<ExtensionContext, 'storageUri' | 'workspaceState'>;
  readonly stores: Pick<Stores, 'sessions' | 'directoryFacts' | 'transcripts' | 'turns' | 'lock'>;
  readonly connection: { readonly openCode: OpenCode; readonly onDidChangeState: Event<ConnectionState> };
  /** Shows a person what went wrong. */
  readonly report: (error: unknown) => void;
  readonly log: Log;
}

/** What is typed for the sessions of this window, and the way in which it is sent. */
export function createPrompting({
  context,
  stores,
  connection,
  report,
  log,
}: PromptingInput): TypedPrompting {
  const { openCode } = connection;
  return new TypedPrompting({
    ...stores,
    facts: stores.directoryFacts,
    openCode,
    memento: createMemento(context, log),
    onDidSettle: stores.turns.onDidSettle,
    onDidGoLive: (listener) => connection.onDidChangeState((state) => isLive(state) && listener()),
    deliver: async (session, prompt) => {
      await stores.lock.hold(session.id, () =>
        deliverPrompt({ openCode, turns: stores.turns, wait }, session, prompt),
      );
    },
    findKind: (path) => findKind(Uri.file(path)),
    startTimer,
    ids,
    report,
    log,
  });
}

/** A window without a folder has no place of its own for files, nor sessions to attach them to. */
function createMemento({ workspaceState, storageUri }: PromptingInput['context'], log: Log): KeptValues {
  if (storageUri === undefined) return workspaceState;
  return new AttachmentMemento(workspaceState, Uri.joinPath(storageUri, 'attachments').fsPath, log);
}
