import { l10n } from '../../l10n.ts';
import { choosableAgents } from '../../turns/promptTarget.ts';
import { parseApproaches } from './approaches.ts';
import type { ParsedDraft } from './draft.ts';
import { checkDraft, type DraftNote, type DraftWorld } from './draftCheck.ts';
import type { DraftOrder } from './draftOrder.ts';
import { checkChainNames, parseChain } from './relayChain.ts';

/** All that is to be said about a draft that is to be sent by this order, in the order of the document. */
export function checkOrder(
  order: DraftOrder,
  parsed: ParsedDraft,
  document: string,
  world: DraftWorld,
): readonly DraftNote[] {
  const notes = checkDraft(parsed, document, world);
  if (parsed.draft.body === '') return notes;
  if (order.verb === 'forkMany') return [...notes, ...checkApproaches(parsed, document)];
  return order.verb === 'chain' ? [...notes, ...checkChain(parsed, document, world)] : notes;
}

/** The body with the lines of the document, so that places in it are places of the document. */
export function bodyInPlace({ bodyLine }: ParsedDraft, document: string): string {
  const lines = document.split(/\r?\n/);
  return [...lines.slice(0, bodyLine).fill(''), ...lines.slice(bodyLine)].join('\n');
}

function checkChain(parsed: ParsedDraft, document: string, { agents }: DraftWorld): DraftNote[] {
  const legs = parseChain(bodyInPlace(parsed, document));
  const lines = document.split(/\r?\n/);
  const known = choosableAgents(agents).map(({ name }) => name);
  const names = checkChainNames(
    legs.map(({ agent }) => agent),
    known,
    Number.POSITIVE_INFINITY,
  );
  const wrong = legs.find(({ agent }) => !known.includes(agent))?.line ?? parsed.bodyLine;
  return [
    ...(names === undefined ? [] : [{ line: wrong, message: names }]),
    ...legs
      .filter(({ prompt }) => prompt === '')
      .map(({ agent, line }) => ({
        line,
        message: l10n.t('“{0}” has no prompt yet: write it below its heading.', agent),
      })),
  ].map(({ line, message }) => ({
    severity: 'error',
    message,
    range: { line, start: 0, end: lines[line]?.length ?? 0 },
  }));
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
          },
        ];
  const empty = approaches
    .filter(({ prompt }) => prompt === '')
    .map(({ title, line }): DraftNote => ({
      severity: 'error',
      message: l10n.t('“{0}” has no prompt yet: write it below its heading.', title),
      range: at(line),
    }));
  return [...tooFew, ...empty];
}
