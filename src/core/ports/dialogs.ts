import type { Session } from '../../protocol/records.ts';

export interface Choice<Value> {
  readonly label: string;
  readonly description?: string;
  readonly detail?: string;
  /** The name of an icon (codicon). */
  readonly icon?: string;
  /** What stands above it, and above those of the same group that follow. */
  readonly group?: string;
  /** It is ticked from the beginning, where several can be picked. */
  readonly picked?: boolean;
  readonly value: Value;
}

/** Something to pick with buttons of its own. */
export interface ChoiceWithActs<Value, Act> extends Choice<Value> {
  readonly acts?: readonly { readonly title: string; readonly icon: string; readonly value: Act }[];
}

export interface TextQuestion {
  readonly title: string;
  readonly prompt?: string;
  readonly placeholder?: string;
  readonly value?: string;
  /** Stands in the field, selected, if it is there soon; the question does not wait for it long. It must not fail. */
  readonly suggestion?: Promise<string>;
  /** Hides what is typed. */
  readonly secret?: boolean;
  /** A sentence that says what is wrong with the text; undefined: nothing. */
  readonly validate?: (text: string) => string | undefined;
  /** Is told of each change while it is typed; a sentence is shown meanwhile. */
  readonly onChange?: (text: string) => string | undefined;
  /** Is told what was typed when the person leaves without an answer. */
  readonly onLeave?: (text: string) => void;
}

/** What commands may ask a person. `undefined` means that the person chose nothing. */
export interface Dialogs {
  askText(question: TextQuestion): Promise<string | undefined>;
  pickSession(title: string, sessions: readonly Session[]): Promise<string | undefined>;
  pickOne<Value>(title: string, choices: readonly Choice<Value>[]): Promise<Value | undefined>;
  pickSeveral<Value>(title: string, choices: readonly Choice<Value>[]): Promise<readonly Value[] | undefined>;
  /** Answers with the button that was pressed; without one where the line itself was picked. */
  pickAct<Value, Act>(
    title: string,
    choices: readonly ChoiceWithActs<Value, Act>[],
  ): Promise<{ readonly value: Value; readonly act: Act | undefined } | undefined>;
  /** Asks in a modal dialog whose one button is `action`. */
  confirm(question: { message: string; detail?: string; action: string }): Promise<boolean>;
  inform(message: string): void;
}
