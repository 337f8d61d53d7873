import type { InView } from '../messages/keptViews.ts';

/** Keeps the text that is read where it is while what stands above `stage` comes, goes or takes other room. */
export function keepTextSteady(stage: HTMLElement, inView: InView): void {
  let before: { readonly sessionId: string; readonly top: number } | undefined;
  const resized = new ResizeObserver(() => {
    const { sessionId, current } = inView;
    const { top } = stage.getBoundingClientRect();
    const distance = before?.sessionId === sessionId ? top - before.top : 0;
    before = { sessionId, top };
    // Whoever follows the end is kept there.
    if (distance !== 0 && current?.isFollowing === false) current.scrollBy(distance);
  });
  resized.observe(stage);
}
