import type { ToolEntry } from '../protocol/page/entries.ts';
import { fileName } from './filePath.ts';
import { formatClock } from './figures.ts';
import { l10n } from './l10n.ts';
import { plainLine } from './plainText.ts';

/** So many characters of what a call is about. */
const shortSubject = 40;

/** What a call does, in a few words that stand behind others: "reading basket.ts". */
export function describeCall({ kind, given, tool }: Pick<ToolEntry, 'kind' | 'given' | 'tool'>): string {
  const name = shorten(fileName(given.path ?? ''));
  const subject = shorten(given.subject ?? '');
  switch (kind) {
    case 'readFile':
      return l10n.t('reading {0}', name);
    case 'editFile':
      return name === '' ? l10n.t('editing files') : l10n.t('editing {0}', name);
    case 'writeFile':
      return l10n.t('writing {0}', name);
    case 'command':
      return l10n.t('running {0}', subject);
    case 'searchText':
      return l10n.t('searching for {0}', subject);
    case 'findFiles':
      return l10n.t('looking for files');
    case 'listFolder':
      return l10n.t('listing {0}', name || '.');
    case 'fetchPage':
      return l10n.t('fetching {0}', subject);
    case 'searchWeb':
      return l10n.t('searching the web for {0}', subject);
    case 'writeTodos':
      return l10n.t('updating todos');
    case 'startSubagent':
      return l10n.t('waiting for a subagent');
    case 'askPerson':
    case 'proposePlan':
      return l10n.t('asking you');
    case 'loadSkill':
      return l10n.t('loading a skill');
    case 'unknownTool':
    case 'otherTool':
      return l10n.t('calling {0}', shorten(tool));
  }
}

/** What is done and for how long: "Working · 1:12 · reading basket.ts". */
export function activityLine(words: string, milliseconds: number | undefined, doing = ''): string {
  const time = milliseconds === undefined ? '' : formatClock(milliseconds);
  return [words, time, doing].filter((piece) => piece !== '').join(' · ');
}

function shorten(text: string): string {
  const line = plainLine(text);
  return line.length > shortSubject ? `${line.slice(0, shortSubject)}…` : line;
}
