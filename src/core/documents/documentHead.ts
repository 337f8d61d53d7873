import { inlineText } from '../export/inlineMarkdown.ts';
import { l10n } from '../l10n.ts';

export interface HeadGiven {
  readonly title: string;
  /** When the session began, in milliseconds since 1970. */
  readonly created?: number;
  readonly directory?: string;
  /** Only what follows a message is shown. */
  readonly isRest: boolean;
  /** What a reader is to know before anything else, in sentences. */
  readonly notices: readonly string[];
}

/** What stands above the messages: which session that is, what is left out of it, and whether it is as it says. */
export function buildDocumentHead({
  title,
  created,
  directory,
  isRest,
  notices,
}: HeadGiven): readonly string[] {
  const begun =
    created === undefined ? '' : l10n.t('OpenCode session, begun {0}.', utcMinute(created).trim());
  const folder = directory === undefined ? '' : l10n.t('Folder: {0}', inlineText(directory));
  const about = [begun, folder].filter((words) => words !== '').join(' ');
  return [
    `# ${inlineText(title)}`,
    ...(about === '' ? [] : [`*${about}*`]),
    `*${isRest ? l10n.t('Only what follows the point where another session parts from it.') : shown()}*`,
    ...notices.map((notice) => `> **${inlineText(notice)}**`),
  ];
}

function shown(): string {
  return l10n.t('What the model thought is left out; the long results of calls are cut.');
}

/** The same everywhere, as whoever reads the text may be anywhere. */
export function utcMinute(time: number): string {
  return `${new Date(time).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
