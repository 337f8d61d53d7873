import { shorten } from '../../core/continuation/shorten.ts';
import type { Dialogs } from '../../core/ports/dialogs.ts';
import { NotFoundProblem, Problem } from '../../core/errors.ts';
import { l10n } from '../../core/l10n.ts';
import type { OpenCode } from '../../core/ports/openCode.ts';
import type { PromptTarget } from '../../core/turns/promptTarget.ts';
import type { Session, SlashCommand } from '../../protocol/records.ts';
import { chooseSession, type ChooseSessionDeps } from '../choosing/chooseSession.ts';
import type { Command } from '../command.ts';
import { resolveTarget, type ResolveTargetDeps } from '../../flows/preparing/target.ts';
import { parseSessionArgument } from '../choosing/sessionArgument.ts';

export interface RunCommandInNewDeps extends ChooseSessionDeps, ResolveTargetDeps {
  readonly sessions: ChooseSessionDeps['sessions'];
  readonly openCode: ChooseSessionDeps['openCode'] &
    ResolveTargetDeps['openCode'] &
    Pick<OpenCode, 'listCommands'>;
  readonly dialogs: Pick<Dialogs, 'pickSession' | 'pickOne' | 'askText'>;
  readonly runInNewSession: (
    request: PromptTarget & {
      readonly source: Session;
      readonly title: string;
      readonly command: string;
      readonly arguments: string;
    },
  ) => Promise<Session>;
  readonly openTranscript: (sessionId: string, how: 'pinned') => void;
}

/** Runs a slash command in a session of its own, without the baggage of the one that it came from. */
export function runCommandInNew(deps: RunCommandInNewDeps): Command {
  return async (argument) => {
    const given = parseSessionArgument(argument);
    const source = await chooseSession(deps, argument, {
      title: l10n.t('Run Command in New Session'),
      none: l10n.t('There is no session to start from. Start one with “New Session…”.'),
    });
    if (source === undefined) return undefined;
    const commands = await deps.openCode.listCommands(source.directory);
    const call = given.text === undefined ? await askCall(deps, commands) : parseCall(given.text, commands);
    if (call === undefined) return undefined;
    const target = await resolveTarget(deps, source, {
      agent: given.agent ?? call.command.agent,
      model: given.model,
    });
    const session = await deps.runInNewSession({
      ...target,
      source,
      title: given.title ?? shorten(`/${call.command.name} ${call.arguments}`, 60),
      command: call.command.name,
      arguments: call.arguments,
    });
    deps.openTranscript(session.id, 'pinned');
    return session.id;
  };
}

interface Call {
  readonly command: SlashCommand;
  readonly arguments: string;
}

function parseCall(text: string, commands: readonly SlashCommand[]): Call {
  const [, name = '', rest = ''] = /^\/?(\S*)\s*(.*)$/s.exec(text.trim()) ?? [];
  const command = commands.find((candidate) => candidate.name === name);
  if (command !== undefined) return { command, arguments: rest };
  throw new NotFoundProblem(
    l10n.t(
      'There is no command “/{0}” here. There are: {1}.',
      name,
      commands.map((known) => `/${known.name}`).join(', '),
    ),
  );
}

async function askCall(
  { dialogs }: Pick<RunCommandInNewDeps, 'dialogs'>,
  commands: readonly SlashCommand[],
): Promise<Call | undefined> {
  if (commands.length === 0) {
    throw new Problem(l10n.t('OpenCode has no slash commands here. Write one in .opencode/command/NAME.md.'));
  }
  const command = await dialogs.pickOne(
    l10n.t('Which Command in a New Session?'),
    commands.map((candidate) => ({
      label: `/${candidate.name}`,
      ...(candidate.agent === undefined ? {} : { description: candidate.agent }),
      ...(candidate.description === undefined ? {} : { detail: candidate.description }),
      icon: 'terminal',
      value: candidate,
    })),
  );
  if (command === undefined) return undefined;
  const text = await dialogs.askText({
    title: `/${command.name}`,
    placeholder: l10n.t('Arguments'),
    prompt: l10n.t('Leave it empty to run the command without arguments.'),
  });
  return text === undefined ? undefined : { command, arguments: text };
}
