import { ThemeIcon, window, type QuickPickItem } from 'vscode';
import type { Choice, ChoiceWithActs } from '../../core/ports/dialogs.ts';
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
    resolve(item && { value: item.value, act: undefined });
    pick.hide();
  });
  pick.onDidTriggerItemButton(({ item, button }) => {
    const index = (item.buttons ?? []).indexOf(button);
    resolve({ value: item.value, act: item.choice.acts?.[index]?.value });
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

function toItem<Value>({ label, description, detail, icon, value }: Choice<Value>): Item<Value> {
  return {
    label: plainLabel(label),
    value,
    ...(description === undefined ? {} : { description: plainLabel(description) }),
    ...(detail === undefined ? {} : { detail: plainLabel(detail) }),
    ...(icon === undefined ? {} : { iconPath: new ThemeIcon(icon) }),
  };
}
