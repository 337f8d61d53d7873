import assert from 'node:assert/strict';

/** Tries of which the least counts: what else the machine does only adds to the others. */
const tries = 3;
/** Milliseconds below which a time says more of the machine than of what it ran. */
const least = 5;

/**
 * Fails for what grows with the square of its input: `run` is given a text of `length` letters and one of eight times as
 * many, made of `piece`. What counts is the time of this process on the processor, which a busy machine does not lengthen.
 */
export function assertLinear(piece: string, length: number, run: (text: string) => void): void {
  const [short, long] = [length, 8 * length].map((letters) => {
    const text = piece.repeat(letters / piece.length);
    run(text);
    return Math.min(...Array.from({ length: tries }, () => timeOf(() => run(text))));
  });
  // With its square it would be sixty-four times as long.
  assert.ok(
    (long ?? 0) < 30 * Math.max(short ?? 0, least),
    `${JSON.stringify(piece)}: ${short} and ${long} ms`,
  );
}

/** Milliseconds on the processor. */
function timeOf(run: () => void): number {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
