import type { Agent, ProviderList } from '../../../protocol/records.ts';
import { l10n } from '../../l10n.ts';
import { choosableAgents } from '../../turns/promptTarget.ts';
import { mayEdit } from '../agentRights.ts';
import { draftKeys, type DraftKey, type DraftRange, type ParsedDraft } from './draft.ts';

/** What may stand at a place of a draft. */
export interface DraftSuggestion {
  readonly kind: 'key' | 'agent' | 'model' | 'variant' | 'file' | 'section' | 'snippet';
  readonly label: string;
  readonly detail: string;
  /** Of a `snippet`: with the editor's own places to fill in. */
  readonly insert: string;
}

/** What a place of a draft asks for; `range` is what a suggestion replaces. */
export type DraftPlace =
  | { readonly kind: 'key'; readonly range: DraftRange }
  | { readonly kind: 'value'; readonly key: DraftKey; readonly range: DraftRange }
  | { readonly kind: 'file'; readonly query: string; readonly range: DraftRange };

/** What is to be written at this place; undefined where nothing can be suggested. */
export function findDraftPlace(
  parsed: ParsedDraft,
  lineText: string,
  line: number,
  character: number,
): DraftPlace | undefined {
  return line >= parsed.bodyLine
    ? findFilePlace(lineText, line, character)
    : findFieldPlace(lineText, line, character);
}

/** The keys that the front matter does not have yet. */
export function suggestKeys({ fields }: ParsedDraft): readonly DraftSuggestion[] {
  return draftKeys
    .filter((key) => !fields.has(key))
    .map((key) => ({ kind: 'key', label: key, detail: keyMeaning(key), insert: `${key}: ` }));
}

/** The values that a field can have on this server. Of title and source there are none to choose from. */
export function suggestValues(
  key: DraftKey,
  { draft }: ParsedDraft,
  agents: readonly Agent[],
  { providers }: ProviderList,
): readonly DraftSuggestion[] {
  switch (key) {
    case 'agent':
      return choosableAgents(agents).map((agent) => ({
        kind: 'agent',
        label: agent.name,
        detail: describeAgent(agent),
        insert: agent.name,
      }));
    case 'model':
      return providers.flatMap((provider) =>
        Object.values(provider.models).map((model) => ({
          kind: 'model' as const,
          label: `${provider.id}/${model.id}`,
          detail: `${provider.name} · ${model.name}`,
          insert: `${provider.id}/${model.id}`,
        })),
      );
    case 'variant': {
      const provider = providers.find(({ id }) => id === draft.model?.providerID);
      const model = draft.model === undefined ? undefined : provider?.models[draft.model.modelID];
      return Object.keys(model?.variants ?? {}).map((name) => ({
        kind: 'variant',
        label: name,
        detail: model?.name ?? '',
        insert: name,
      }));
    }
    case 'title':
    case 'source':
      return [];
  }
}

/** One line about an agent: what it says of itself, and whether it may change files. */
export function describeAgent(agent: Agent): string {
  const rights = mayEdit(agent) ? l10n.t('may edit files') : l10n.t('reads only');
  return agent.description === undefined || agent.description === ''
    ? rights
    : `${rights} · ${agent.description}`;
}

function findFieldPlace(text: string, line: number, character: number): DraftPlace | undefined {
  const match = /^(\s*)([\w-]*)(\s*:\s*)?/.exec(text);
  const [whole = '', indent = '', word = '', colon] = match ?? [];
  if (colon === undefined) {
    return line === 0
      ? undefined
      : { kind: 'key', range: { line, start: indent.length, end: indent.length + word.length } };
  }
  const key = draftKeys.find((name) => name === word);
  if (key === undefined || character < whole.trimEnd().length) return undefined;
  const start = Math.min(whole.length, character);
  return { kind: 'value', key, range: { line, start, end: Math.max(start, text.trimEnd().length) } };
}

function findFilePlace(text: string, line: number, character: number): DraftPlace | undefined {
  const match = /(?<![\w`@/])@([\w./-]*)$/.exec(text.slice(0, character));
  if (match === null) return undefined;
  const rest = /^[\w./-]*/.exec(text.slice(character))?.[0] ?? '';
  return {
    kind: 'file',
    query: match[1] ?? '',
    range: { line, start: match.index + 1, end: character + rest.length },
  };
}

function keyMeaning(key: DraftKey): string {
  switch (key) {
    case 'agent':
      return l10n.t('Who answers');
    case 'model':
      return l10n.t('provider/model that answers');
    case 'variant':
      return l10n.t('Variant of the model');
    case 'title':
      return l10n.t('Title of the session that is made');
    case 'source':
      return l10n.t('The session that is continued');
  }
}
