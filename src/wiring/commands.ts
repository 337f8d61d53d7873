import type { InstallTerminal } from '../editor/installTerminal.ts';
import type { OpenHow } from '../core/sessions/openHow.ts';
import type { CommandTable } from '../editor/registerCommands.ts';
import { createAutomationCommands } from './automations/automationCommands.ts';
import { createChangesCommands, createCompareCommands } from './changesCommands.ts';
import { createCompanionCommands } from './companion.ts';
import { createContinuationCommands } from './continuationCommands.ts';
import { createDeliveryCommands } from './deliveries/deliveryCommands.ts';
import { createDocumentCommands } from './documents/documents.ts';
import { createEditorCommands } from './editorCommands.ts';
import type { PromptingRoom } from './prompting.ts';
import { createPromptCommands } from './promptCommands.ts';
import { createProviderCommands } from './providerCommands.ts';
import { createServerCommands } from './serverCommands.ts';
import { createServiceCommands } from './services/serviceCommands.ts';
import { createSessionCommands } from './sessionCommands.ts';
import { createTodoCommands } from './todos.ts';
import { createTransferCommands } from './transfer/transferCommands.ts';
import type { createTranscripts } from './transcripts.ts';

type Of<Create extends (...given: never[]) => unknown> = Parameters<Create>[0];

/** What the commands of each subject need, but for what is made of the rooms here. */
export type CommandsInput = Omit<
  Of<typeof createServerCommands> &
    Of<typeof createCompanionCommands> &
    Of<typeof createProviderCommands> &
    Of<typeof createChangesCommands> &
    Of<typeof createCompareCommands> &
    Of<typeof createTodoCommands> &
    Of<typeof createDeliveryCommands> &
    Of<typeof createDocumentCommands> &
    Of<typeof createAutomationCommands> &
    Of<typeof createPromptCommands> &
    Of<typeof createServiceCommands> &
    Of<typeof createSessionCommands> &
    Of<typeof createTransferCommands> &
    Of<typeof createContinuationCommands>,
  | 'typing'
  | 'making'
  | 'lent'
  | 'written'
  | 'install'
  | 'openTranscript'
  | 'openDeliveryAt'
  | 'openText'
  | 'insertIntoComposer'
  | 'startSession'
> & {
  readonly context: Of<typeof createEditorCommands> &
    Of<typeof createTransferCommands>['context'] &
    Of<typeof createServerCommands>['context'];
  readonly prompting: PromptingRoom;
  readonly transcripts: ReturnType<typeof createTranscripts>;
  readonly install: InstallTerminal;
};

/** All that a person may ask for, by subject. */
export function createCommands({ context, prompting, install, ...rooms }: CommandsInput): CommandTable {
  const { transcripts } = rooms;
  const ofSessions = createSessionCommands({
    ...rooms,
    typing: prompting.typing,
    written: prompting.written,
    making: prompting.flow,
  });
  const showing = {
    openTranscript: (sessionId: string, how: OpenHow) => {
      // Where a verb led to is gone on with: the page is told, since the editor may give it the focus before it is there.
      if (how === 'pinned') transcripts.goOn(sessionId, undefined, how);
      else transcripts.open(sessionId, how);
    },
    startSession: ofSessions['opencodeSessions.session.new'],
  };
  return {
    ...createEditorCommands(context, transcripts),
    ...createServerCommands({
      ...rooms,
      context,
      install: () => install.install(),
      openText: (name, text) => transcripts.openText(name, text),
    }),
    ...createCompanionCommands(rooms),
    ...createProviderCommands(rooms),
    ...ofSessions,
    ...createPromptCommands({ ...rooms, typing: prompting.typing, lent: prompting.lent }),
    ...createChangesCommands(rooms),
    ...createCompareCommands({ ...rooms, prompting }),
    ...createTodoCommands(rooms),
    ...createDeliveryCommands({
      ...rooms,
      openDeliveryAt: (...opened) => transcripts.open(...opened),
    }),
    ...createDocumentCommands(rooms),
    ...createTransferCommands({ ...rooms, context }),
    ...createServiceCommands({ ...rooms, ...showing }),
    ...createAutomationCommands({ ...rooms, openText: (name, text) => transcripts.openText(name, text) }),
    ...createContinuationCommands({
      ...rooms,
      ...showing,
      openText: (name, text) => transcripts.openText(name, text),
      insertIntoComposer: (...inserted) => transcripts.insert(...inserted),
    }),
  };
}
