import { l10n } from '../../core/l10n.ts';
import { askInNotice } from '../asking/notice.ts';

/** Asks in a notification whether an automation is to be run; undefined: it was closed. */
export function askWhetherToRun(question: string): Promise<'run' | 'notNow' | undefined> {
  return askInNotice(question, { run: l10n.t('Run'), notNow: l10n.t('Not Now') });
}
