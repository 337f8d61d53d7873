import type { InstallTerminal } from '../editor/installTerminal.ts';
import type { CommandTable } from '../editor/registerCommands.ts';
import { createAutomationCommands } from './automations.ts';
import { createChangesCommands } from './changesCommands.ts';
import { createCompanionCommands } from './companion.ts';
import { createContinuationCommands } from './continuationCommands.ts';
import { createEditorCommands } from './editorCommands.ts';
import type { PromptingRoom } from './prompting.ts';
import { createPromptCommands } from './promptCommands.ts';
import { createProviderCommands } from './providerCommands.ts';
import { createServerCommands } from './serverCommands.ts';
import { createSessionCommands } from './sessionCommands.ts';
import { createTodoCommands } from './todos.ts';
import type { createTranscripts } from './transcripts.ts';

type Of<Create extends (...given: never[]) => unknown> = Parameters<Create>[0];

/** What the commands of each subject need, but for what is made of the rooms here. */
export type CommandsInput = Omit<
  Of<typeof createServerCommands> &
    Of<typeof createCompanionCommands> &
    Of<typeof createProviderCommands> &
    Of<typeof createChangesCommands> &
    Of<typeof createTodoCommands> &
    Of<typeof createAutomationCommands> &
    Of<typeof createPromptCommands> &
    Of<typeof createSessionCommands> &
    Of<typeof createContinuationCommands>,
  | 'typing'
  | 'making'
  | 'lent'
  | 'written'
  | 'install'
  | 'openTranscript'
  | 'openText'
  | 'insertIntoComposer'
  | 'startSession'
> & {
  readonly context: Of<typeof createEditorCommands>;
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
  return {
    ...createEditorCommands(context, transcripts),
    ...createServerCommands({ ...rooms, install: () => install.install() }),
    ...createCompanionCommands(rooms),
    ...createProviderCommands(rooms),
    ...ofSessions,
    ...createPromptCommands({ ...rooms, typing: prompting.typing, lent: prompting.lent }),
    ...createChangesCommands(rooms),
    ...createTodoCommands(rooms),
    ...createAutomationCommands({ ...rooms, openText: (name, text) => transcripts.openText(name, text) }),
    ...createContinuationCommands({
      ...rooms,
      openTranscript: (sessionId, how) => {
        // Where a verb led to is gone on with: the page is told, since the editor may give it the focus before it is there.
        if (how === 'pinned') transcripts.goOn(sessionId, undefined, how);
        else transcripts.open(sessionId, how);
      },
      openText: (name, text) => transcripts.openText(name, text),
      insertIntoComposer: (...inserted) => transcripts.insert(...inserted),
      startSession: ofSessions['opencodeSessions.session.new'],
    }),
  };
}
