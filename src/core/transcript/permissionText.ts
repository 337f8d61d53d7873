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
    default:
      return what === '' ? l10n.t('Use {0}?', permission) : l10n.t('Use {0}: {1}?', permission, what);
  }
}
