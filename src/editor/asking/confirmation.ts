import { window } from 'vscode';
import { plainLine, plainWords } from '../../core/plainText.ts';

/** Asks in a modal dialog before something that cannot be undone; Escape is no. */
export async function confirm(question: {
  readonly message: string;
  readonly detail?: string;
  readonly action: string;
}): Promise<boolean> {
  const { message, detail, action } = question;
  const chosen = await window.showWarningMessage(
    plainLine(message),
    { modal: true, ...(detail === undefined ? {} : { detail: plainWords(detail) }) },
    action,
  );
  return chosen === action;
}
