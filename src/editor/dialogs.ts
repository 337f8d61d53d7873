import { window } from 'vscode';
import type { Dialogs } from '../core/dialogs.ts';
import { confirm } from './confirmation.ts';
import { askText } from './inputBox.ts';
import { pickOne, pickSeveral } from './quickPick.ts';

/** The editor's own dialogs, behind the words that commands know. */
export function createDialogs(pickSession: Dialogs['pickSession']): Dialogs {
  return {
    askText,
    pickSession,
    pickOne,
    pickSeveral,
    confirm,
    inform: (message) => void window.showInformationMessage(message),
  };
}
