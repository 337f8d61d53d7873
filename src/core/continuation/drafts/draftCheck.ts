import type { Agent, ProviderList } from '../../../protocol/records.ts';
import { l10n } from '../../l10n.ts';
import { choosableAgents } from '../../turns/promptTarget.ts';
import type { SecretPlace } from './looksSecret.ts';
import type { DraftFault, DraftRange, ParsedDraft } from './draft.ts';

/** Something to be said at a place of a draft; with an error it cannot be sent. */
export interface DraftNote {
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly range: DraftRange;
  /** Something is still to be written there: no fault while a person has not come to it. */
  readonly isUnfinished?: true;
}

/** What a draft is checked against: what the server offers, and which of the files that it names are there. */
export interface DraftWorld {
  readonly agents: readonly Agent[];
  readonly providers: ProviderList;
  /** Of `fileReferences`, those that do not exist. */
  readonly missingFiles: ReadonlySet<string>;
  /** Where a brief has what looks like a secret, by somebody else's rules than ours. */
  readonly secrets?: readonly SecretPlace[];
}

export interface FileReference {
  /** As written, without the `@`. */
  readonly path: string;
  readonly range: DraftRange;
}

/** The files that the body names as `@path`, with their places in the document. */
export function fileReferences(document: string, bodyLine: number): readonly FileReference[] {
  return document.split(/\r?\n/).flatMap((text, line) => {
    if (line < bodyLine) return [];
    return [...text.matchAll(/(?<![\w`@/])@((?:[\w.-]+\/)*[\w-]*\.?[\w-]+(?:\.[\w-]+)*)/g)]
      .filter(([, path = '']) => /[./]/.test(path))
      .map((match) => ({
        path: match[1] ?? '',
        range: { line, start: match.index, end: match.index + match[0].length },
      }));
  });
}

/** Where the body names the session that it continues, as the text of a hand off does. */
export function sessionReference(document: string, sessionId: string): DraftRange | undefined {
  const lines = document.split(/\r?\n/);
  const line = lines.findLastIndex((text) => text.startsWith(`Previous: \`${sessionId}\``));
  const start = 'Previous: `'.length;
  return line === -1 ? undefined : { line, start, end: start + sessionId.length };
}

/** All that is to be said about a draft, in the order of the document. */
export function checkDraft(parsed: ParsedDraft, document: string, world: DraftWorld): readonly DraftNote[] {
  return [
    ...parsed.faults.map(noteFault),
    ...checkAgent(parsed, world.agents),
    ...checkModel(parsed, world.providers),
    ...checkFiles(document, parsed.bodyLine, world.missingFiles),
    ...checkBody(parsed),
  ].sort((a, b) => a.range.line - b.range.line || a.range.start - b.range.start);
}

function noteFault({ kind, text, range }: DraftFault): DraftNote {
  switch (kind) {
    case 'unknownKey':
      return warning(
        range,
        l10n.t('"{0}" is not known here: agent, model, variant, title and source are.', text),
      );
    case 'repeatedKey':
      return warning(range, l10n.t('"{0}" stands here twice; the first one counts.', text));
    case 'notAField':
      return warning(range, l10n.t('This line is no "name: value" and is passed over.'));
    case 'modelWithoutProvider':
      return error(
        range,
        l10n.t('Write the model as provider/model, for example anthropic/claude-sonnet-4-5.'),
      );
    case 'unclosed':
      return error(range, l10n.t('The front matter has no end: put a line "---" below it.'));
  }
}

function checkAgent({ fields }: ParsedDraft, agents: readonly Agent[]): DraftNote[] {
  const field = fields.get('agent');
  const names = choosableAgents(agents).map(({ name }) => name);
  if (field === undefined || field.value === '' || names.includes(field.value)) return [];
  const message = l10n.t(
    'There is no agent "{0}" to talk to. Choose one of: {1}.',
    field.value,
    names.join(', '),
  );
  return [error(field.range, message)];
}

function checkModel({ fields, draft }: ParsedDraft, { providers }: ProviderList): DraftNote[] {
  const field = fields.get('model');
  if (field === undefined || draft.model === undefined) return [];
  const fault = checkModelNamed(draft.model, { providers });
  if (fault !== undefined) return [error(field.range, fault)];
  const { providerID, modelID } = draft.model;
  const model = providers.find(({ id }) => id === providerID)?.models[modelID];
  const variant = fields.get('variant');
  if (variant === undefined || variant.value === '' || Object.hasOwn(model?.variants ?? {}, variant.value))
    return [];
  return [error(variant.range, l10n.t('{0} has no variant "{1}".', model?.name ?? modelID, variant.value))];
}

/** Says that the server does not have a model, as a sentence; undefined: it does. */
export function checkModelNamed(
  { providerID, modelID }: NonNullable<ParsedDraft['draft']['model']>,
  { providers }: Pick<ProviderList, 'providers'>,
): string | undefined {
  const provider = providers.find(({ id }) => id === providerID);
  if (provider === undefined) return l10n.t('There is no provider "{0}" on this server.', providerID);
  if (provider.models[modelID] !== undefined) return undefined;
  return l10n.t('{0} has no model "{1}".', provider.name, modelID);
}

function checkFiles(document: string, bodyLine: number, missing: ReadonlySet<string>): DraftNote[] {
  return fileReferences(document, bodyLine)
    .filter(({ path }) => missing.has(path))
    .map(({ path, range }) => warning(range, l10n.t('There is no file "{0}".', path)));
}

function checkBody({ draft, bodyLine }: ParsedDraft): DraftNote[] {
  if (draft.body !== '') return [];
  const message = l10n.t('There is nothing to send: write the prompt here.');
  return [{ ...error({ line: bodyLine, start: 0, end: 0 }, message), isUnfinished: true }];
}

function error(range: DraftRange, message: string): DraftNote {
  return { severity: 'error', message, range };
}

function warning(range: DraftRange, message: string): DraftNote {
  return { severity: 'warning', message, range };
}
