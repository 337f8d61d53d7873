// The ids that package.json and the code share; a test keeps the two equal.

/** The verbs that make a session go on, and the drafts that they write. */
export const continuationCommandIds = [
  'opencodeSessions.session.continue',
  'opencodeSessions.session.relay',
  'opencodeSessions.session.runChain',
  'opencodeSessions.session.handOff',
  'opencodeSessions.session.undoHandOff',
  'opencodeSessions.session.runCommandInNew',
  'opencodeSessions.session.fork',
  'opencodeSessions.session.forkMany',
  'opencodeSessions.session.forkWithPrompt',
  'opencodeSessions.session.compact',
  'opencodeSessions.session.tell',
  'opencodeSessions.session.bringBack',
  'opencodeSessions.message.fork',
  'opencodeSessions.message.relay',
  'opencodeSessions.message.handOff',
  'opencodeSessions.relay.edit',
  'opencodeSessions.relay.moveUp',
  'opencodeSessions.relay.moveDown',
  'opencodeSessions.relay.cancel',
  'opencodeSessions.relay.release',
  'opencodeSessions.relay.stopAll',
  'opencodeSessions.draft.open',
  'opencodeSessions.draft.send',
  'opencodeSessions.draft.discard',
  'opencodeSessions.draft.summarize',
  'opencodeSessions.draft.saveChain',
] as const;

/** The account of what was sent, and what holds what is sent by itself. */
export const deliveryCommandIds = [
  'opencodeSessions.deliveries.show',
  'opencodeSessions.deliveries.stopAll',
  'opencodeSessions.deliveries.release',
  'opencodeSessions.delivery.open',
  'opencodeSessions.delivery.openCause',
  'opencodeSessions.delivery.copy',
  'opencodeSessions.delivery.lookAgain',
] as const;

/** All commands. */
export const commandIds = [
  'opencodeSessions.session.new',
  'opencodeSessions.session.forFolder',
  'opencodeSessions.brief.new',
  'opencodeSessions.session.open',
  'opencodeSessions.session.openToSide',
  'opencodeSessions.session.openInTerminal',
  'opencodeSessions.session.openAsDocument',
  'opencodeSessions.session.compareWith',
  'opencodeSessions.session.prompt',
  'opencodeSessions.composer.focus',
  'opencodeSessions.session.switchAgent',
  'opencodeSessions.session.switchModel',
  'opencodeSessions.session.switchVariant',
  'opencodeSessions.prompt.editInEditor',
  'opencodeSessions.prompt.backToComposer',
  'opencodeSessions.prompt.sendFromEditor',
  'opencodeSessions.session.next',
  'opencodeSessions.session.previous',
  'opencodeSessions.session.nextNeedingYou',
  'opencodeSessions.session.addSelection',
  'opencodeSessions.session.answer',
  'opencodeSessions.session.abort',
  'opencodeSessions.session.retry',
  'opencodeSessions.session.retryWithModel',
  'opencodeSessions.session.rename',
  'opencodeSessions.session.archive',
  'opencodeSessions.session.unarchive',
  'opencodeSessions.session.delete',
  'opencodeSessions.session.undoDelete',
  'opencodeSessions.session.copyId',
  'opencodeSessions.session.copyMarkdown',
  'opencodeSessions.session.export',
  'opencodeSessions.session.import',
  'opencodeSessions.session.unrevert',
  'opencodeSessions.session.changes',
  'opencodeSessions.session.changes.pick',
  'opencodeSessions.changes.discard',
  'opencodeSessions.changes.undoDiscard',
  'opencodeSessions.approaches.compare',
  'opencodeSessions.approaches.compareAnswers',
  'opencodeSessions.approaches.compareFiles',
  'opencodeSessions.approaches.keep',
  'opencodeSessions.transcript.collapseTurns',
  'opencodeSessions.transcript.expandTurns',
  'opencodeSessions.message.revert',
  'opencodeSessions.message.editAndResend',
  'opencodeSessions.message.copy',
  'opencodeSessions.message.copyTurn',
  'opencodeSessions.message.export',
  'opencodeSessions.message.copyLink',
  'opencodeSessions.sessions.filter',
  'opencodeSessions.sessions.clearFilter',
  'opencodeSessions.sessions.groupByService',
  'opencodeSessions.sessions.ungroup',
  'opencodeSessions.sessions.refresh',
  'opencodeSessions.todo.add',
  'opencodeSessions.todo.edit',
  'opencodeSessions.todo.toggle',
  'opencodeSessions.todo.start',
  'opencodeSessions.todo.cancel',
  'opencodeSessions.todo.priority',
  'opencodeSessions.todo.moveUp',
  'opencodeSessions.todo.moveDown',
  'opencodeSessions.todo.remove',
  'opencodeSessions.todo.takeBack',
  'opencodeSessions.automations.show',
  'opencodeSessions.automation.runNow',
  'opencodeSessions.automation.dryRun',
  'opencodeSessions.automation.approve',
  'opencodeSessions.automation.enable',
  'opencodeSessions.automation.disable',
  'opencodeSessions.automation.pauseAll',
  'opencodeSessions.automation.resumeAll',
  'opencodeSessions.automation.openSettings',
  'opencodeSessions.server.connect',
  'opencodeSessions.server.reconnect',
  'opencodeSessions.server.restart',
  'opencodeSessions.server.install',
  'opencodeSessions.companion.install',
  'opencodeSessions.companion.remove',
  'opencodeSessions.provider.connect',
  'opencodeSessions.log.show',
  'opencodeSessions.log.report',
  'opencodeSessions.settings.open',
  'opencodeSessions.help.open',
  ...continuationCommandIds,
  ...deliveryCommandIds,
] as const;

/** What the links of a session's hover run: nothing in it may run anything else. */
export const storyCommands = [
  'opencodeSessions.session.open',
  'opencodeSessions.session.answer',
  'opencodeSessions.session.retry',
  'opencodeSessions.session.continue',
  'opencodeSessions.session.copyId',
] as const satisfies readonly CommandId[];

export type CommandId = (typeof commandIds)[number];

export type DeliveryCommandId = (typeof deliveryCommandIds)[number];

export type ContinuationCommandId = (typeof continuationCommandIds)[number];

export const viewIds = {
  container: 'opencodeSessions',
  sessions: 'opencodeSessions.sessions',
  todos: 'opencodeSessions.todos',
  deliveries: 'opencodeSessions.deliveries',
  automations: 'opencodeSessions.automations',
  transcript: 'opencodeSessions.transcript',
} as const;

/** The scheme of the files that sessions hold; reading one wakes the extension. */
export const attachmentScheme = 'opencode-sessions-file';

/** The scheme of the documents of sessions; opening one wakes the extension. */
export const documentScheme = 'opencode-session';
