import { l10n } from '../l10n.ts';
import { inlineText } from './inlineMarkdown.ts';
import type { LeftOut, Section } from './section.ts';
import { addLeftOut } from './toSection.ts';

export interface SessionText {
  /** Absent: a part of a session, without a title. */
  readonly title?: string;
  /** When the session began, in milliseconds since 1970. */
  readonly created?: number;
  /** In the order of time. */
  readonly sections: readonly Section[];
  /** So many messages a revert took back: they are no part of it. */
  readonly reverted: number;
  /** Earlier messages are left out, as they would be too much. */
  readonly isPartial: boolean;
}

/** A session, or a part of one, as Markdown to be read, sent or kept; it ends with what it leaves out. */
export function buildSessionMarkdown({ title, created, sections, reverted, isPartial }: SessionText): string {
  const blocks = [
    ...(title === undefined ? [] : [`# ${inlineText(title)}`]),
    ...(created === undefined ? [] : [`*${l10n.t('OpenCode session, begun {0}', formatDay(created))}*`]),
    ...(isPartial ? [`*${l10n.t('What came before is left out: it is too long for one text.')}*`] : []),
    ...toBlocks(sections),
  ];
  const leftOut = sections.map((section) => section.leftOut).reduce(addLeftOut, none);
  const omitted = describeLeftOut(leftOut, reverted);
  if (omitted !== '') blocks.push('---', `*${omitted}*`);
  return `${blocks.join('\n\n')}\n`;
}

const none: LeftOut = { thoughts: 0, calls: 0, files: 0, contexts: 0 };

/** A heading for each who speaks, what was written, and quoted lists of what was done. */
function toBlocks(sections: readonly Section[]): readonly string[] {
  const blocks: string[] = [];
  let author: string | undefined;
  let asides: string[] = [];
  const flush = (): void => {
    if (asides.length > 0) blocks.push(asides.map((line) => `> - ${line}`).join('\n'));
    asides = [];
  };
  for (const section of sections) {
    if (section.pieces.length === 0 && section.author !== 'compaction') continue;
    if (section.author !== author) {
      flush();
      blocks.push(`## ${section.heading}`);
      ({ author } = section);
    }
    for (const { kind, text } of section.pieces) {
      if (kind === 'aside') asides.push(text);
      else {
        flush();
        blocks.push(text);
      }
    }
  }
  flush();
  return blocks;
}

function describeLeftOut({ thoughts, calls, files, contexts }: LeftOut, reverted: number): string {
  const named = [
    thoughts > 0 ? l10n.t('the reasoning of the model') : '',
    calls === 1 ? l10n.t('what 1 tool call gave back') : '',
    calls > 1 ? l10n.t('what {0} tool calls gave back', calls) : '',
    files === 1 ? l10n.t('the content of 1 attached file') : '',
    files > 1 ? l10n.t('the content of {0} attached files', files) : '',
    contexts === 1 ? l10n.t('1 text that was added to a prompt') : '',
    contexts > 1 ? l10n.t('{0} texts that were added to prompts', contexts) : '',
    reverted === 1 ? l10n.t('1 reverted message') : '',
    reverted > 1 ? l10n.t('{0} reverted messages', reverted) : '',
  ].filter((words) => words !== '');
  return named.length === 0 ? '' : l10n.t('Left out: {0}.', named.join(', '));
}

/** The same everywhere, as whoever reads the text may be anywhere. */
function formatDay(time: number): string {
  return `${new Date(time).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
