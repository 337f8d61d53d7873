import { QuickPickItemKind, ThemeIcon, window, type QuickPickItem } from 'vscode';
import type { Choice, ChoiceWithActs } from '../../core/ports/dialogs.ts';
import { isolate } from '../../core/isolate.ts';
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

export function pickAct<Value, Act>(
  title: string,
  choices: readonly ChoiceWithActs<Value, Act>[],
): Promise<{ readonly value: Value; readonly act: Act | undefined } | undefined> {
  const { promise, resolve } = Promise.withResolvers<{ value: Value; act: Act | undefined } | undefined>();
  const pick = window.createQuickPick<Item<Value> & { readonly choice: ChoiceWithActs<Value, Act> }>();
  Object.assign(pick, options(title));
  pick.items = choices.map((choice) => ({
    ...toItem(choice),
    choice,
    buttons: (choice.acts ?? []).map((act) => ({
      iconPath: new ThemeIcon(act.icon),
      tooltip: plainLine(act.title),
    })),
  }));
  pick.onDidAccept(() => {
    const [item] = pick.selectedItems;
    resolve(item && { value: item.choice.value, act: undefined });
    pick.hide();
  });
  pick.onDidTriggerItemButton(({ item, button }) => {
    const index = (item.buttons ?? []).indexOf(button);
    resolve({ value: item.choice.value, act: item.choice.acts?.[index]?.value });
    pick.hide();
  });
  pick.onDidHide(() => {
    resolve(undefined);
    pick.dispose();
  });
  pick.show();
  return promise;
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

function toItem<Value>({ label, description, detail, icon, picked, value }: Choice<Value>): Item<Value> {
  return {
    label: isolate(plainLabel(label)),
    value,
    ...(description === undefined ? {} : { description: isolate(plainLabel(description)) }),
    ...(detail === undefined ? {} : { detail: isolate(plainLabel(detail)) }),
    ...(picked === undefined ? {} : { picked }),
    ...(icon === undefined ? {} : { iconPath: new ThemeIcon(icon) }),
  };
}
