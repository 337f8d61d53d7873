import type { PermissionRequest } from '../../protocol/records.ts';
import { l10n } from '../l10n.ts';

/** What a permission request asks for, in a line: the words of known permissions, the name of others. */
export function describePermission({ permission, patterns }: PermissionRequest): string {
  const what = patterns.join(', ');
  switch (permission) {
    case 'bash':
      return l10n.t('Run {0}?', what);
    case 'edit':
      return l10n.t('Edit {0}?', what);
    case 'read':
      return l10n.t('Read {0}?', what);
    case 'webfetch':
      return l10n.t('Fetch {0}?', what);
    case 'external_directory':
      return l10n.t('Work outside the folder, in {0}?', what);
    case 'task':
      return l10n.t('Start the subagent {0}?', what);
    case 'skill':
      return l10n.t('Load the skill {0}?', what);
    case 'list':
      return l10n.t('List {0}?', what);
    case 'glob':
      return l10n.t('Look for files {0}?', what);
    case 'grep':
      return l10n.t('Search files for {0}?', what);
    case 'websearch':
      return l10n.t('Search the web for {0}?', what);
    case 'lsp':
      return l10n.t('Ask the language server?');
    case 'todowrite':
      return l10n.t('Change the todos?');
    case 'doom_loop':
      return l10n.t('Go on although {0} repeats itself?', what);
    default:
      return what === '' || what === '*'
        ? l10n.t('Use {0}?', permission)
        : l10n.t('Use {0}: {1}?', permission, what);
  }
}
