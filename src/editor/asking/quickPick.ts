import { ThemeIcon, window, type QuickPickItem } from 'vscode';
import type { Choice } from '../../core/ports/dialogs.ts';
import { plainLabel, plainLine } from '../../core/plainText.ts';

type Item<Value> = QuickPickItem & { readonly value: Value };

export async function pickOne<Value>(
  title: string,
  choices: readonly Choice<Value>[],
): Promise<Value | undefined> {
  const picked = await window.showQuickPick(choices.map(toItem), options(title));
  return picked?.value;
}

export async function pickSeveral<Value>(
  title: string,
  choices: readonly Choice<Value>[],
): Promise<readonly Value[] | undefined> {
  const picked = await window.showQuickPick(choices.map(toItem), { ...options(title), canPickMany: true });
  return picked?.map(({ value }) => value);
}

function options(title: string) {
  return { title: plainLine(title), matchOnDescription: true, matchOnDetail: true };
}

function toItem<Value>({ label, description, detail, icon, value }: Choice<Value>): Item<Value> {
  return {
    label: plainLabel(label),
    value,
    ...(description === undefined ? {} : { description: plainLabel(description) }),
    ...(detail === undefined ? {} : { detail: plainLabel(detail) }),
    ...(icon === undefined ? {} : { iconPath: new ThemeIcon(icon) }),
  };
}
