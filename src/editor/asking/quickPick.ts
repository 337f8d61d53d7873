import { QuickPickItemKind, ThemeIcon, window, type QuickPickItem } from 'vscode';
import type { Choice } from '../../core/ports/dialogs.ts';
import { plainLabel, plainLine } from '../../core/plainText.ts';

/** A heading of a group has no value, and cannot be picked. */
type Item<Value> = QuickPickItem & { readonly value?: Value };

export async function pickOne<Value>(
  title: string,
  choices: readonly Choice<Value>[],
): Promise<Value | undefined> {
  const picked = await window.showQuickPick(toItems(choices), options(title));
  return picked?.value;
}

export async function pickSeveral<Value>(
  title: string,
  choices: readonly Choice<Value>[],
): Promise<readonly Value[] | undefined> {
  const picked = await window.showQuickPick(toItems(choices), { ...options(title), canPickMany: true });
  return picked?.flatMap((item) => (item.value === undefined ? [] : [item.value]));
}

function options(title: string) {
  return { title: plainLine(title), matchOnDescription: true, matchOnDetail: true };
}

function toItems<Value>(choices: readonly Choice<Value>[]): Item<Value>[] {
  return choices.flatMap((choice, index) => {
    const { group } = choice;
    if (group === undefined || group === choices[index - 1]?.group) return [toItem(choice)];
    return [{ label: plainLine(group), kind: QuickPickItemKind.Separator }, toItem(choice)];
  });
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
