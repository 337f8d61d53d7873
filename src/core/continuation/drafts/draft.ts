import type { ModelReference } from '../../../protocol/records.ts';

/** A continuation prompt as a document: front matter that says where it goes, then the prompt. */
export interface Draft {
  readonly agent?: string;
  readonly model?: Pick<ModelReference, 'providerID' | 'modelID'>;
  readonly variant?: string;
  readonly title?: string;
  /** The session that it continues. */
  readonly source?: string;
  readonly body: string;
}

/** The keys of the front matter, in the order in which they are printed. */
export const draftKeys = ['agent', 'model', 'variant', 'title', 'source'] as const;
export type DraftKey = (typeof draftKeys)[number];

/** Where something stands: line and characters from 0, `end` exclusive. */
export interface DraftRange {
  readonly line: number;
  readonly start: number;
  readonly end: number;
}

export interface DraftField {
  readonly value: string;
  /** Of the value, for completions and diagnostics. */
  readonly range: DraftRange;
}

/** What is wrong with the document itself, whoever may be on the server. */
export interface DraftFault {
  readonly kind: 'unknownKey' | 'repeatedKey' | 'notAField' | 'modelWithoutProvider' | 'unclosed';
  readonly text: string;
  readonly range: DraftRange;
}

export interface ParsedDraft {
  readonly draft: Draft;
  readonly fields: ReadonlyMap<DraftKey, DraftField>;
  readonly faults: readonly DraftFault[];
  /** Line of the document on which the body starts, from 0. */
  readonly bodyLine: number;
}

const fence = /^---\s*$/;

/** Reads a document, however far it is from being right: a document without front matter is all body. */
export function parseDraft(document: string): ParsedDraft {
  const lines = document.replace(/^\uFEFF/, '').split(/\r?\n/);
  const close = fence.test(lines[0] ?? '')
    ? lines.findIndex((line, index) => index > 0 && fence.test(line))
    : 0;
  const open = lines[0] ?? '';
  const unclosed: DraftFault[] =
    close === -1 ? [{ kind: 'unclosed', text: open, range: { line: 0, start: 0, end: open.length } }] : [];
  const { fields, faults } = parseFields(lines.slice(1, Math.max(close, 1)));
  const bodyLine = close > 0 ? close + 1 : 0;
  const body = lines.slice(bodyLine).join('\n').trim();
  return {
    draft: toDraft(fields, body),
    fields,
    faults: [...unclosed, ...faults, ...modelFaults(fields)],
    bodyLine,
  };
}

/** The document of a draft; `parseDraft` reads the same draft back. */
export function printDraft(draft: Draft): string {
  const values: Record<DraftKey, string | undefined> = {
    agent: draft.agent,
    model: draft.model && `${draft.model.providerID}/${draft.model.modelID}`,
    variant: draft.variant,
    title: draft.title,
    source: draft.source,
  };
  const lines = draftKeys.flatMap((key) =>
    values[key] === undefined ? [] : [`${key}: ${printValue(values[key])}`],
  );
  return ['---', ...lines, '---', '', draft.body.trim(), ''].join('\n');
}

function parseFields(lines: readonly string[]): { fields: Map<DraftKey, DraftField>; faults: DraftFault[] } {
  const fields = new Map<DraftKey, DraftField>();
  const faults: DraftFault[] = [];
  for (const [index, text] of lines.entries()) {
    const line = index + 1;
    if (/^\s*(#.*)?$/.test(text)) continue;
    const match = /^(\s*)([\w-]+)(\s*:\s*)/.exec(text);
    const [whole = '', indent = '', key = '', colon = ''] = match ?? [];
    const value = text.slice(whole.length).trimEnd();
    const range = { line, start: indent.length, end: indent.length + key.length };
    if (match === null)
      faults.push({ kind: 'notAField', text: text.trim(), range: { line, start: 0, end: text.length } });
    else if (!isDraftKey(key)) faults.push({ kind: 'unknownKey', text: key, range });
    else if (fields.has(key)) faults.push({ kind: 'repeatedKey', text: key, range });
    else {
      const start = range.end + colon.length;
      fields.set(key, { value: parseValue(value), range: { line, start, end: start + value.length } });
    }
  }
  return { fields, faults };
}

function modelFaults(fields: ReadonlyMap<DraftKey, DraftField>): DraftFault[] {
  const model = fields.get('model');
  if (model === undefined || model.value === '' || parseModel(model.value) !== undefined) return [];
  return [{ kind: 'modelWithoutProvider', text: model.value, range: model.range }];
}

function toDraft(fields: ReadonlyMap<DraftKey, DraftField>, body: string): Draft {
  const value = (key: DraftKey): string | undefined => fields.get(key)?.value || undefined;
  const agent = value('agent');
  const model = parseModel(value('model') ?? '');
  const variant = value('variant');
  const title = value('title');
  const source = value('source');
  return {
    ...(agent === undefined ? {} : { agent }),
    ...(model === undefined ? {} : { model }),
    ...(variant === undefined ? {} : { variant }),
    ...(title === undefined ? {} : { title }),
    ...(source === undefined ? {} : { source }),
    body,
  };
}

/** `provider/model`; the model's name may have slashes of its own. */
function parseModel(text: string): Draft['model'] {
  const [, providerID, modelID] = /^([^/\s]+)\/(\S+)$/.exec(text) ?? [];
  return providerID === undefined || modelID === undefined ? undefined : { providerID, modelID };
}

/** Quoted as JSON where it would not read back as itself. */
function printValue(value: string): string {
  return parseValue(value) === value && value === value.trim() && !/[\r\n]/.test(value)
    ? value
    : JSON.stringify(value);
}

function parseValue(text: string): string {
  if (!/^".*"$/.test(text)) return text;
  try {
    return String(JSON.parse(text));
  } catch {
    // Not a JSON text: somebody's title that stands between quotation marks.
    return text.slice(1, -1);
  }
}

function isDraftKey(key: string): key is DraftKey {
  return (draftKeys as readonly string[]).includes(key);
}
