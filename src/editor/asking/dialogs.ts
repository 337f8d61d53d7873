import type { Dialogs } from '../../core/ports/dialogs.ts';
import type { Notify } from '../../core/ports/notify.ts';
import { confirm } from './confirmation.ts';
import { askText } from './inputBox.ts';
import { pickAct, pickOne, pickSeveral } from './quickPick.ts';

/** The editor's own dialogs, behind the words that commands know. */
export function createDialogs(pickSession: Dialogs['pickSession'], notify: Notify): Dialogs {
  return {
    askText,
    pickSession,
    pickOne,
    pickSeveral,
    pickAct,
    confirm,
    inform: (message) => notify({ message, actions: [] }),
  };
}
