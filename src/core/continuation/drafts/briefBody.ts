import { l10n } from '../../l10n.ts';
import { findHeadings } from './approaches.ts';
import { parseDraft, type Draft } from './draft.ts';
import { fillTemplate } from './promptTemplate.ts';

/** The text that a brief begins as, with the questions in it in whose place somebody is to write. */
export interface BriefForm extends Pick<Draft, 'agent' | 'model' | 'variant' | 'title'> {
  readonly body: string;
  readonly blanks: readonly string[];
}

/** What a template of a brief may ask for. */
export interface BriefPlace {
  /** What the folder is called that the brief is for. */
  readonly service: string;
  /** The same as a path from its workspace folder on; empty: that folder itself. */
  readonly folder: string;
  readonly agent: string;
}

/** The layout that is built in. */
export function builtInBrief(): BriefForm {
  const title = l10n.t('What is to be built, in one line?');
  const what = l10n.t('What is it for, who uses it, and how does it work inside?');
  const endpoint = l10n.t('Which method and path, such as POST /orders?');
  const request = l10n.t('Which fields come in, each with its type?');
  const response = l10n.t('Which fields go out, and which errors?');
  const secrets = l10n.t('Which secrets by name, each with what it is for? Never a value.');
  const screens = l10n.t('What does a person see and do, on which screen?');
  const acceptance = l10n.t('What must be seen to work?');
  const body = [
    `# ${title}`,
    '## What to build and how it works',
    what,
    '## Endpoints',
    `### ${endpoint}`,
    'Request:',
    `\`\`\`json\n${request}\n\`\`\``,
    'Response:',
    `\`\`\`json\n${response}\n\`\`\``,
    '## Secrets (names only)',
    `- ${secrets}`,
    '## User interface',
    screens,
    '## Acceptance',
    `- [ ] ${acceptance}`,
  ].join('\n\n');
  return { body, blanks: [title, what, endpoint, request, response, secrets, screens, acceptance] };
}

/**
 * A template of one's own: Markdown, with front matter where it says who answers. `{{ask: A question?}}` in it is a blank;
 * `{{service}}`, `{{folder}}` and `{{agent}}` stand for what they name.
 */
export function fillBriefTemplate(template: string, { service, folder, agent }: BriefPlace): BriefForm {
  const { draft } = parseDraft(template);
  const blanks: string[] = [];
  const asked = draft.body.replaceAll(/\{\{\s{0,10}ask:([^{}\r\n]{1,300})\}\}/g, (_whole, words: string) => {
    const question = words.trim();
    if (question !== '') blanks.push(question);
    return question;
  });
  const { body: _body, source: _source, ...front } = draft;
  return { ...front, body: fillTemplate(asked, { service, folder, agent }), blanks };
}

/** The name of the session that a brief begins: what its first heading says; undefined: the server names it. */
export function briefTitle(body: string): string | undefined {
  const title = findHeadings(body.split('\n')).find(({ level }) => level === 1)?.title ?? '';
  return title === '' ? undefined : title;
}
