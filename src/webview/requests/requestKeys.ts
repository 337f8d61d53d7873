/** What a key means to a request. */
export type RequestKey =
  | { readonly kind: 'accept' | 'always' }
  /** All that are asked for together are allowed. */
  | { readonly kind: 'acceptAll' }
  /** `index`: of an option, from 0. */
  | { readonly kind: 'choose'; readonly index: number };

const isMac = navigator.userAgent.includes('Mac');

/** How a key is called on a button, and to assistive technology. */
interface KeyNames {
  readonly shown: string;
  readonly spoken: string;
}

export const acceptKey: KeyNames = isMac
  ? { shown: '⌘Enter', spoken: 'Meta+Enter' }
  : { shown: 'Ctrl+Enter', spoken: 'Control+Enter' };

export const acceptAllKey: KeyNames = isMac
  ? { shown: '⇧⌘Enter', spoken: 'Shift+Meta+Enter' }
  : { shown: 'Ctrl+Shift+Enter', spoken: 'Control+Shift+Enter' };

export const alwaysKey: KeyNames = { shown: isMac ? '⌥A' : 'Alt+A', spoken: 'Alt+A' };

/** Says on a control by which key it is used; the style sheet shows it, so that it is no part of the control's name. */
export function nameKey(control: HTMLElement, { shown, spoken }: KeyNames): void {
  control.dataset['key'] = shown;
  control.setAttribute('aria-keyshortcuts', spoken);
}

export function readKey({
  key,
  code,
  ctrlKey,
  metaKey,
  altKey,
  shiftKey,
}: KeyboardEvent): RequestKey | undefined {
  const isCommand = ctrlKey || metaKey;
  if (shiftKey) return key === 'Enter' && isCommand && !altKey ? { kind: 'acceptAll' } : undefined;
  if (key === 'Enter') return isCommand && !altKey ? { kind: 'accept' } : undefined;
  if (isCommand) return undefined;
  // With the option key of macOS the letter comes as another one, which no other keyboard has in its place.
  if (altKey)
    return key.toLowerCase() === 'a' || (key === 'å' && code === 'KeyA') ? { kind: 'always' } : undefined;
  return /^[1-9]$/.test(key) ? { kind: 'choose', index: Number(key) - 1 } : undefined;
}

/** Presses a button as a person does, where it is there to be pressed. */
export function press(button: HTMLButtonElement): boolean {
  if (button.hidden || button.disabled) return false;
  button.click();
  return true;
}
