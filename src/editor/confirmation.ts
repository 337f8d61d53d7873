import { window } from 'vscode';

/** Asks in a modal dialog before something that cannot be undone; Escape is no. */
export async function confirm(question: {
  readonly message: string;
  readonly detail?: string;
  readonly action: string;
}): Promise<boolean> {
  const { message, detail, action } = question;
  const chosen = await window.showWarningMessage(
    message,
    { modal: true, ...(detail === undefined ? {} : { detail }) },
    action,
  );
  return chosen === action;
}
