import { window } from 'vscode';
import type { TextQuestion } from '../../core/ports/dialogs.ts';
import { plainLabel, plainLine } from '../../core/plainText.ts';

/** Milliseconds that a question waits for what it may suggest: later it would come in between what is typed. */
const patience = 400;

/** Asks for a line of text. What was typed when the person leaves is not lost: `onLeave` is told. */
export async function askText(question: TextQuestion): Promise<string | undefined> {
  const { title, prompt, placeholder, value = '', secret = false } = question;
  const { validate, suggestion, onChange, onLeave } = question;
  const suggested = await soon(suggestion);
  const box = window.createInputBox();
  const { promise, resolve } = Promise.withResolvers<string | undefined>();
  box.title = plainLine(title);
  box.prompt = prompt === undefined ? prompt : plainLabel(prompt);
  box.placeholder = placeholder === undefined ? placeholder : plainLine(placeholder);
  // All of it is selected, so what is typed replaces it.
  box.value = value || plainLine(suggested);
  box.password = secret;
  box.ignoreFocusOut = true;
  box.onDidChangeValue((text) => {
    const remark = onChange?.(text);
    box.validationMessage = remark === undefined ? remark : plainLabel(remark);
  });
  box.onDidAccept(() => {
    const fault = validate?.(box.value);
    box.validationMessage = fault === undefined ? fault : plainLabel(fault);
    if (fault === undefined) resolve(box.value);
  });
  box.onDidHide(() => resolve(undefined));
  box.show();
  try {
    const answer = await promise;
    if (answer === undefined) onLeave?.(box.value);
    return answer;
  } finally {
    box.dispose();
  }
}

/** What is suggested, if it is there soon; else nothing. */
async function soon(suggestion: Promise<string> | undefined): Promise<string> {
  if (suggestion === undefined) return '';
  const { promise, resolve } = Promise.withResolvers<string>();
  const timer = setTimeout(() => resolve(''), patience);
  try {
    return await Promise.race([suggestion, promise]);
  } finally {
    clearTimeout(timer);
  }
}
