import { isolate } from './isolate.ts';

/**
 * Sentences for people, from rooms that do not know the editor. The editor hands in its translator at
 * activation (`vscode.l10n.t`); the page is given the same bundle. Until then the English text stands.
 */
type Translate = (message: string, ...values: (string | number | boolean)[]) => string;

const inEnglish: Translate = (message, ...values) =>
  message.replaceAll(/\{(\d+)\}/g, (whole, index: string) => String(values[Number(index)] ?? whole));

let translate: Translate = inEnglish;

export const l10n = {
  /** `message` with `{0}`, `{1}`… filled in, in the person's language; what is filled in turns none of the words around it. */
  t: (message: string, ...values: (string | number | boolean)[]): string =>
    translate(message, ...values.map((value) => (typeof value === 'string' ? isolate(value) : value))),

  /** Uses `next` from here on. */
  use(next: Translate): void {
    translate = next;
  },

  /** Uses a bundle of translations by English text, as VS Code writes them. */
  useBundle(bundle: Readonly<Record<string, string>>): void {
    translate = (message, ...values) => inEnglish(bundle[message] ?? message, ...values);
  },
};
