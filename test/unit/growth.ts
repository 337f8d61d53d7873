import assert from 'node:assert/strict';

/** Tries of which the least counts: what else the machine does only adds to the others. */
const tries = 12;

interface Bounds {
  /** Milliseconds below which a time says more of the machine than of what it ran. */
  readonly least: number;
  /** Growth from here on is too much. */
  readonly most: number;
}

/**
 * Fails for what grows with the square of its input: `run` is given a text of about `length` letters and one of eight times
 * as many, made of `piece`, or what that makes of a length.
 */
export function assertLinear(
  piece: string | ((length: number) => string),
  length: number,
  run: (text: string) => void,
): void {
  const textOf = (letters: number): string =>
    typeof piece === 'string' ? piece.repeat(letters / piece.length) : piece(letters);
  // With its square it would be sixty-four times as long.
  const bounds = { least: 5, most: 30 };
  const times = growth(run, textOf(length), textOf(8 * length), bounds);
  assert.ok(times < bounds.most, `${JSON.stringify(textOf(200).slice(0, 40))}: ${times} times as long`);
}

/**
 * How many times as long the long text takes, by the least of some tries. What counts is the time of this process on the
 * processor, which a busy machine does not lengthen.
 */
export function growth(
  run: (text: string) => void,
  short: string,
  long: string,
  { least, most }: Bounds,
): number {
  let [leastShort, leastLong, times] = [Infinity, Infinity, Infinity];
  for (let count = 0; count < tries && times >= most; count++) {
    leastShort = Math.min(
      leastShort,
      timeOf(() => run(short)),
    );
    leastLong = Math.min(
      leastLong,
      timeOf(() => run(long)),
    );
    times = leastLong / Math.max(leastShort, least);
  }
  return times;
}

/** Milliseconds on the processor. */
function timeOf(run: () => void): number {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
