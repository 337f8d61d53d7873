import * as z from 'zod/mini';

/** What a window tells the keeper; its connection itself is its lease on the server. One JSON text a line. */
export const ToKeeper = z.discriminatedUnion('type', [
  /** Run a server, if none runs. */
  z.object({ type: z.literal('start') }),
  /** Stop the server that runs, and run another. */
  z.object({ type: z.literal('restart') }),
  /** As `restart` where no other window uses the server that runs, else as `start`. */
  z.object({ type: z.literal('reread') }),
]);
export type ToKeeper = z.infer<typeof ToKeeper>;

const RunningServer = z.object({
  url: z.string(),
  username: z.string(),
  password: z.string(),
  version: z.string(),
  pid: z.number(),
});
/** The server that the keeper runs. */
export type RunningServer = z.infer<typeof RunningServer>;

/** Why a server could not be started. */
export const StartFailure = z.enum(['ended', 'silent', 'open']);
export type StartFailure = z.infer<typeof StartFailure>;

export const FromKeeper = z.discriminatedUnion('type', [
  z.object({ type: z.literal('running'), server: RunningServer }),
  /** `output` is the end of what the server printed. */
  z.object({ type: z.literal('failed'), why: StartFailure, output: z.string() }),
  /** The server ended; it is started again only when a window asks. */
  z.object({ type: z.literal('ended'), output: z.string() }),
  z.object({ type: z.literal('reaped') }),
]);
export type FromKeeper = z.infer<typeof FromKeeper>;
