import type { InView } from '../messages/keptViews.ts';
import type { FindSlot } from './findSlot.ts';

interface KeysPorts {
  readonly inView: InView;
  readonly find: Pick<FindSlot, 'open'>;
}

/** Acts on the keys that are for the page as a whole, wherever in it the focus is. */
export function takeKeys(ports: KeysPorts): void {
  document.addEventListener('keydown', (event) => {
    if (goesElsewhere(event, ports)) event.preventDefault();
  });
}

/** Whether the key has brought the reader to another place. */
function goesElsewhere(event: KeyboardEvent, { inView, find }: KeysPorts): boolean {
  const isCommand = event.ctrlKey || event.metaKey;
  if (isCommand && !event.altKey && event.key.toLowerCase() === 'f') find.open();
  else if (event.altKey && event.key === 'ArrowUp') inView.current?.goToTurn(-1);
  else if (event.altKey && event.key === 'ArrowDown') inView.current?.goToTurn(1);
  else if (isCommand && event.key === 'End' && !isTextField(event.target)) inView.current?.scrollToEnd();
  else return false;
  return true;
}

/** Where the key that goes to the end goes to the end of what is written. */
function isTextField(target: EventTarget | null): boolean {
  return target instanceof HTMLTextAreaElement || target instanceof HTMLInputElement;
}
