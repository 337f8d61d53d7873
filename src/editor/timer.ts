/** Calls back once, after so many milliseconds, unless it is taken back. */
export function startTimer(callback: () => void, milliseconds: number): { dispose(): void } {
  const timer = setTimeout(callback, milliseconds);
  return { dispose: () => clearTimeout(timer) };
}

/** Resolves after so many milliseconds. */
export function wait(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}
