import type { Abilities } from '../core/ports/abilities.ts';
import type { OpenCode } from '../core/ports/openCode.ts';

/**
 * The server of the moment: whoever holds it asks the one that the connection has then, whatever it speaks. `current` throws
 * `UnavailableProblem` while there is none.
 */
export function liveOpenCode(current: () => OpenCode, abilities: () => Abilities): OpenCode {
  return {
    get abilities() {
      return abilities();
    },
    listSessions: async (...asked) => current().listSessions(...asked),
    listProject: async (...asked) => current().listProject(...asked),
    getSession: async (...asked) => current().getSession(...asked),
    createSession: async (...asked) => current().createSession(...asked),
    forkSession: async (...asked) => current().forkSession(...asked),
    updateSession: async (...asked) => current().updateSession(...asked),
    deleteSession: async (...asked) => current().deleteSession(...asked),
    abortSession: async (...asked) => current().abortSession(...asked),
    promptSession: async (...asked) => current().promptSession(...asked),
    tellSession: async (...asked) => current().tellSession(...asked),
    extractFromSession: async (...asked) => current().extractFromSession(...asked),
    runCommand: async (...asked) => current().runCommand(...asked),
    runShell: async (...asked) => current().runShell(...asked),
    compactSession: async (...asked) => current().compactSession(...asked),
    brokenCompactions: () => current().brokenCompactions(),
    clearUpCompaction: async (...asked) => current().clearUpCompaction(...asked),
    revertSession: async (...asked) => current().revertSession(...asked),
    unrevertSession: async (...asked) => current().unrevertSession(...asked),
    listMessages: async (...asked) => current().listMessages(...asked),
    getMessage: async (...asked) => current().getMessage(...asked),
    getStored: async (...asked) => current().getStored(...asked),
    listStored: async (...asked) => current().listStored(...asked),
    listTodos: async (...asked) => current().listTodos(...asked),
    diffMessage: async (...asked) => current().diffMessage(...asked),
    listStatuses: async (...asked) => current().listStatuses(...asked),
    listPermissions: async (...asked) => current().listPermissions(...asked),
    listQuestions: async (...asked) => current().listQuestions(...asked),
    replyPermission: async (...asked) => current().replyPermission(...asked),
    replyQuestion: async (...asked) => current().replyQuestion(...asked),
    rejectQuestion: async (...asked) => current().rejectQuestion(...asked),
    listAgents: async (...asked) => current().listAgents(...asked),
    listProviders: async (...asked) => current().listProviders(...asked),
    listKnownProviders: async (...asked) => current().listKnownProviders(...asked),
    setProviderKey: async (...asked) => current().setProviderKey(...asked),
    beginSignIn: async (...asked) => current().beginSignIn(...asked),
    completeSignIn: async (...asked) => current().completeSignIn(...asked),
    reloadProviders: async (...asked) => current().reloadProviders(...asked),
    listCommands: async (...asked) => current().listCommands(...asked),
    listToolIds: async (...asked) => current().listToolIds(...asked),
    giveSign: async (...told) => current().giveSign(...told),
    hasCompanion: async (...asked) => current().hasCompanion(...asked),
    findFiles: async (...asked) => current().findFiles(...asked),
  };
}
