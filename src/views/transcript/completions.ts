import { setTimeout as delay } from 'node:timers/promises';
import { commands, type SymbolInformation, Uri } from 'vscode';
import type { Log } from '../../core/log.ts';
import type { OpenCode } from '../../core/ports/openCode.ts';
import { bestFirst, hasLetters } from '../../core/prompts/completionRank.ts';
import { toMention } from '../../core/prompts/promptText.ts';
import { mentionSessions } from '../../core/prompts/sessionMentions.ts';
import { sameLetters } from '../../core/sameLetters.ts';
import type { Sessions } from '../../core/sessions/sessionStore.ts';
import type { ToPage } from '../../protocol/page/toPage.ts';
import type { Agent, Session } from '../../protocol/records.ts';

type Completion = Extract<ToPage, { type: 'completions' }>['items'][number];

const fileLimit = 20;
const otherLimit = 8;
/** Milliseconds. */
const symbolPatience = 400;

export interface CompletionSources {
  readonly openCode: Pick<OpenCode, 'findFiles'>;
  readonly sessions: Pick<Sessions, 'all' | 'title'>;
  readonly agents: readonly Agent[];
  readonly log: Pick<Log, 'debug'>;
}

/**
 * What may stand behind an `@` in a prompt to this session: agents to call, files, symbols, other sessions; what fits
 * best comes first, whichever of these it is. A kind that cannot be had takes none of the others with it.
 */
export async function completeMention(
  sources: CompletionSources,
  session: Session,
  query: string,
): Promise<readonly Completion[]> {
  // Some language servers take seconds for their symbols.
  const noSymbols = delay(symbolPatience, [] as const, { ref: false });
  const orNone = <Found>(what: string, found: Promise<readonly Found[]>): Promise<readonly Found[]> =>
    found.catch((error: unknown) => {
      sources.log.debug(`There are no ${what} to complete a prompt with`, session.id, error);
      return [];
    });
  const [files, symbols] = await Promise.all([
    orNone('files', sources.openCode.findFiles(session.directory, query)),
    Promise.race([orNone('symbols', findSymbols(session.directory, query)), noSymbols]),
  ]);
  const items = [
    ...completeAgents(sources.agents, query),
    ...files.slice(0, fileLimit).map(toFile),
    ...symbols,
    ...mentionSessions(sources.sessions, session, query, Date.now()),
  ];
  return bestFirst(items, query);
}

/** Agents that other agents call: naming one in a prompt has it called. */
function completeAgents(agents: readonly Agent[], query: string): readonly Completion[] {
  return agents
    .filter(({ name, mode, hidden }) => mode !== 'primary' && hidden !== true && hasLetters(name, query))
    .slice(0, otherLimit)
    .map(({ name, description = '' }) => ({
      kind: 'agent',
      label: name,
      detail: description,
      insert: `@${name}`,
    }));
}

function toFile(path: string): Completion {
  const trimmed = path.replace(/\/$/, '');
  const slash = trimmed.lastIndexOf('/');
  return {
    kind: 'file',
    label: trimmed.slice(slash + 1),
    detail: slash === -1 ? '' : trimmed.slice(0, slash),
    insert: toMention(path),
  };
}

/** The sessions that may be told something, by their titles; by the id as well where a title tells not which. */
export function completeAddressee(
  sessions: Pick<Sessions, 'all' | 'title'>,
  session: Session,
  query: string,
): readonly Completion[] {
  const titles = sessions.all().map((other) => sameLetters(sessions.title(other)));
  return mentionSessions(sessions, session, query, Date.now()).map(({ sessionId = '', label, ...item }) => {
    const isPlain = !/["“”]/.test(label);
    const isOnly = titles.filter((title) => title === sameLetters(label)).length === 1;
    return {
      ...item,
      label,
      ...(isOnly ? {} : { detail: sessionId }),
      insert: isPlain ? `"${label}"${isOnly ? '' : ` (${sessionId})`}` : sessionId,
    };
  });
}

/** Symbols of the session's directory, as the editor's own search finds them. */
async function findSymbols(directory: string, query: string): Promise<readonly Completion[]> {
  if (query.length < 2 || query.includes('/')) return [];
  const found = await commands.executeCommand<SymbolInformation[] | undefined>(
    'vscode.executeWorkspaceSymbolProvider',
    query,
  );
  const root = `${Uri.file(directory).path}/`;
  return (found ?? [])
    .filter(({ location }) => location.uri.path.startsWith(root))
    .slice(0, otherLimit)
    .map(({ name, location: { uri, range } }) => {
      const path = uri.path.slice(root.length);
      const lines = { startLine: range.start.line + 1, endLine: range.end.line + 1 };
      return { kind: 'symbol', label: name, detail: path, insert: toMention(path, lines) };
    });
}
