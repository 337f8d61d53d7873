import { fillNames } from '../continuation/drafts/promptTemplate.ts';
import { Problem } from '../errors.ts';
import { l10n } from '../l10n.ts';
import type { Frame } from './exportForm.ts';

/** What a template of an export may ask for, by name; each in Markdown. */
export interface ExportWords {
  /** In one line. */
  readonly title: string;
  /** When the session began, and by what it is known. */
  readonly facts: string;
  /** What is left out and what was redacted; empty where nothing was. */
  readonly notes: string;
  readonly session: string;
  readonly directory: string;
  /** When it was exported. */
  readonly exported: string;
}

const builtIn = '# {{title}}\n\n*{{facts}}*\n\n{{content}}\n\n{{notes}}';

/**
 * The words around what is exported, in Markdown: of a template, or as they are built in. What a file does not say is said in
 * it, whatever the template is. Throws where a template has no place for the sessions.
 */
export function frameOf(template: string | undefined, title: string, words: ExportWords): Frame {
  const lines = (template ?? builtIn).split(/\r?\n/);
  const at = lines.findIndex((line) => /^\s*\{\{\s*content\s*\}\}\s*$/.test(line));
  if (at === -1) {
    throw new Problem(
      l10n.t(
        'The template of exports has no line {{content}}, where the sessions are to stand. Write one, or take the template away.',
      ),
    );
  }
  const fill = (part: readonly string[]): string => fillNames(part.join('\n'), { ...words });
  const tellsNotes = /\{\{\s*notes\s*\}\}/.test(lines.join('\n'));
  const rest = tellsNotes ? lines.slice(at + 1) : [...lines.slice(at + 1), '', '{{notes}}'];
  return { title, head: fill(lines.slice(0, at)), tail: fill(rest) };
}
