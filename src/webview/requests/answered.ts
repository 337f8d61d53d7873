/** Closes the card of a request while its answer is on the way, or opens it again, with what was typed. */
export function setAnswered(card: HTMLElement, isAnswered: boolean): void {
  card.classList.toggle('answered', isAnswered);
  for (const control of card.querySelectorAll<HTMLButtonElement | HTMLInputElement>('button, input')) {
    control.disabled = isAnswered;
  }
}
