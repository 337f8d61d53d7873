import { l10n } from '../../l10n.ts';
import { choosableAgents } from '../../turns/promptTarget.ts';
import { parseApproaches } from './approaches.ts';
import { checkBrief, isSecretNote } from './briefCheck.ts';
import { findBlanks, isWithoutGoal } from './blanks.ts';
import type { ParsedDraft } from './draft.ts';
import { checkDraft, checkModelNamed, type DraftNote, type DraftWorld } from './draftCheck.ts';
import type { DraftOrder } from './draftOrder.ts';
import { isChangedLine } from './goingTodos.ts';
import { checkAgentNames, parseChain } from './relayChain.ts';

/** All that is to be said about a draft that is to be sent by this order, in the order of the document. */
export function checkOrder(
  order: DraftOrder,
  parsed: ParsedDraft,
  document: string,
  world: DraftWorld,
): readonly DraftNote[] {
  const notes = checkDraft(parsed, document, world);
  if (parsed.draft.body === '') return notes;
  const lines = document.split(/\r?\n/);
  const blanks = checkBlanks(order, parsed, document);
  // Where a question stands, that it is open is all there is to say.
  const isAnswered = (note: DraftNote) =>
    isSecretNote(note) || !blanks.some(({ range }) => range.line === note.range.line);
  return [
    ...notes,
    ...(order.verb === 'brief'
      ? checkBrief(document, parsed.bodyLine, world.secrets).filter(isAnswered)
      : []),
    ...(order.verb === 'forkMany' ? checkApproaches(parsed, document) : []),
    ...(order.verb === 'chain' ? checkChain(parsed, document, world) : []),
    ...blanks,
    ...checkTodoLine(order, parsed, lines),
  ].toSorted((a, b) => a.range.line - b.range.line);
}

/** The body with the lines of the document, so that places in it are places of the document. */
export function bodyInPlace({ bodyLine }: ParsedDraft, document: string): string {
  const lines = document.split(/\r?\n/);
  return [...lines.slice(0, bodyLine).fill(''), ...lines.slice(bodyLine)].join('\n');
}

/** What nobody has written yet is no part of a prompt, and the question in its place is none either. */
function checkBlanks(
  { blanks }: DraftOrder,
  { bodyLine }: ParsedDraft,
  document: string,
): readonly DraftNote[] {
  const lines = document.split(/\r?\n/);
  return findBlanks(document, blanks, bodyLine)
    .filter(({ line }) => !isWithoutGoal(lines[line] ?? '', blanks))
    .map((range) => ({
      severity: 'error',
      message: l10n.t('Nothing is written here yet. Write it in the place of this question, or delete it.'),
      range,
      isUnfinished: true,
    }));
}

function checkTodoLine(
  { going }: DraftOrder,
  { bodyLine }: ParsedDraft,
  lines: readonly string[],
): readonly DraftNote[] {
  if (going === undefined) return [];
  return lines.flatMap((text, line): DraftNote[] =>
    line < bodyLine || !isChangedLine(text, going)
      ? []
      : [
          {
            severity: 'error',
            message: l10n.t(
              'This line stands for the todos as it was written. Undo the change, or delete all of it so that no todos go along.',
            ),
            range: { line, start: 0, end: text.length },
          },
        ],
  );
}

function checkChain(parsed: ParsedDraft, document: string, { agents, providers }: DraftWorld): DraftNote[] {
  const legs = parseChain(bodyInPlace(parsed, document));
  const lines = document.split(/\r?\n/);
  const known = choosableAgents(agents).map(({ name }) => name);
  const at = (line: number) => ({ line, start: 0, end: lines[line]?.length ?? 0 });
  const error = (line: number, message: string): DraftNote => ({
    severity: 'error',
    message,
    range: at(line),
  });
  if (legs.length < 2) {
    const message = l10n.t(
      'A chain has at least two agents, each as a heading with its prompt below: ## build',
    );
    return [{ ...error(parsed.bodyLine, message), isUnfinished: true }];
  }
  return legs.flatMap(({ agent, model, prompt, line }) => {
    const stranger = checkAgentNames([agent], known);
    const fault = model === undefined ? undefined : checkModelNamed(model, providers);
    return [
      ...(stranger === undefined ? [] : [error(line, stranger)]),
      ...(fault === undefined ? [] : [error(line, fault)]),
      ...(prompt === '' ? [noPrompt(agent, at(line))] : []),
    ];
  });
}

function checkApproaches(parsed: ParsedDraft, document: string): DraftNote[] {
  const approaches = parseApproaches(bodyInPlace(parsed, document));
  const lines = document.split(/\r?\n/);
  const at = (line: number) => ({ line, start: 0, end: lines[line]?.length ?? 0 });
  const tooFew: DraftNote[] =
    approaches.length >= 2
      ? []
      : [
          {
            severity: 'error',
            message: l10n.t('Write at least two approaches, each below a heading of its own (## Name).'),
            range: at(parsed.bodyLine),
            isUnfinished: true,
          },
        ];
  const empty = approaches
    .filter(({ prompt }) => prompt === '')
    .map(({ title, line }) => noPrompt(title, at(line)));
  return [...tooFew, ...empty];
}

function noPrompt(name: string, range: DraftNote['range']): DraftNote {
  return {
    severity: 'error',
    message: l10n.t('“{0}” has no prompt yet: write it below its heading.', name),
    range,
    isUnfinished: true,
  };
}
