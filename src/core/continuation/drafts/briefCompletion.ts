import { l10n } from '../../l10n.ts';
import { sectionTitle, whatToSay } from './briefCheck.ts';
import { briefSections, httpMethods, parseBrief } from './briefSections.ts';
import type { DraftRange } from './draft.ts';
import type { DraftSuggestion } from './draftCompletion.ts';

/** What may be written at a place of a brief's text; `range` is what a suggestion replaces. */
export interface BriefSuggestions {
  readonly range: DraftRange;
  readonly suggestions: readonly DraftSuggestion[];
}

/**
 * What helps to write a brief at the end of what stands before the cursor: at a `##` the sections that are missing, at a `###`
 * the methods, at the beginning of a line whole pieces to fill in. undefined: nothing in particular.
 */
export function suggestForBrief(
  document: string,
  bodyLine: number,
  line: number,
  character: number,
): BriefSuggestions | undefined {
  const text = document.split(/\r?\n/)[line] ?? '';
  const before = text.slice(0, character);
  const [whole, marks = '', word = ''] = /^(#{2,3}[ \t]{0,20}|[ \t]{0,20})([\w/ ]{0,40})$/.exec(before) ?? [];
  if (line < bodyLine || whole === undefined) return undefined;
  const range = { line, start: 0, end: text.length };
  if (marks.startsWith('###')) return { range, suggestions: suggestMethods() };
  const { sections } = parseBrief(document, bodyLine);
  const missing = briefSections.filter((name) => !sections.some((section) => section.name === name));
  if (marks.startsWith('##')) {
    return {
      range,
      suggestions: missing.map((name) => ({
        kind: 'section',
        label: `## ${sectionTitle(name)}`,
        detail: whatToSay(name),
        insert: `## ${sectionTitle(name)}\n\n`,
      })),
    };
  }
  // In the midst of a sentence nobody wants a whole piece.
  if (word.includes(' ') || text.slice(character).trim() !== '') return undefined;
  return { range: { line, start: marks.length, end: text.length }, suggestions: pieces() };
}

function suggestMethods(): readonly DraftSuggestion[] {
  return httpMethods.map((method) => ({
    kind: 'snippet',
    label: `### ${method}`,
    detail: l10n.t('An endpoint of this method'),
    insert: `### ${method} /\${1:path}\n\n${method === 'GET' || method === 'DELETE' ? '' : request()}${response()}`,
  }));
}

/** Whole pieces, as snippets of the editor. */
function pieces(): readonly DraftSuggestion[] {
  const methods = httpMethods.join(',');
  const piece = (label: string, detail: string, insert: string): DraftSuggestion => ({
    kind: 'snippet',
    label,
    detail,
    insert,
  });
  return [
    piece(
      'endpoint',
      l10n.t('An endpoint with its request and response'),
      `### \${1|${methods}|} /\${2:path}\n\n${request(3)}${response(4)}`,
    ),
    piece('request', l10n.t('The shape of a request'), request()),
    piece('response', l10n.t('The shape of a response'), response()),
    piece(
      'secret',
      l10n.t('A secret by its name, never its value'),
      `- \`\${1:STRIPE_KEY}\`: \${2:${l10n.t('what it is for, and where it comes from')}}\n`,
    ),
    piece(
      'screen',
      l10n.t('What a person sees and does'),
      `### \${1:${l10n.t('Screen')}}\n\n- \${2:${l10n.t('what is shown')}}\n- \${3:${l10n.t('what happens on a click')}}\n`,
    ),
    piece(
      'acceptance',
      l10n.t('Something that must be seen to work'),
      `- [ ] \${1:${l10n.t('given … when … then …')}}\n`,
    ),
  ];
}

function request(stop = 1): string {
  return `Request:\n\n\`\`\`json\n{ "\${${stop}:field}": "string" }\n\`\`\`\n\n`;
}

function response(stop = 2): string {
  return `Response:\n\n\`\`\`json\n{ "\${${stop}:field}": "string" }\n\`\`\`\n`;
}
