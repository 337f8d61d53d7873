import * as z from 'zod/mini';

/** Where a server of ours listened and how one was let in. */
const ServerPlace = z.object({
  port: z.int().check(z.positive(), z.maximum(65_535)),
  password: z.string().check(z.minLength(24)),
});
export type ServerPlace = z.infer<typeof ServerPlace>;

/** What the window's extension brings for the next server that is started; absent: nothing. */
const companion = z.optional(z.object({ file: z.string(), options: z.record(z.string(), z.unknown()) }));

/**
 * What a window tells the keeper once both have proven themselves; from then on its connection is its lease on the
 * server. One JSON text a line.
 */
export const ToKeeper = z.discriminatedUnion('type', [
  /**
   * Run a server, if none runs: at the place of the one that this window knew before, where the keeper has had none,
   * so that other clients find it again after a keeper was killed.
   */
  z.object({ type: z.literal('start'), before: z.optional(ServerPlace), companion }),
  /** Stop the server that runs, and run another. */
  z.object({ type: z.literal('restart'), companion }),
  /** As `restart` where nobody else uses the server that runs, else as `start`. */
  z.object({ type: z.literal('reread'), companion }),
  /** Stop the server that runs, for all windows, which look for another one then. */
  z.object({ type: z.literal('stop') }),
  /** Say who uses the server that runs. */
  z.object({ type: z.literal('use') }),
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

const ServerUse = z.object({
  working: z.optional(z.array(z.string())),
  windows: z.int(),
  clients: z.optional(z.array(z.string())),
});

export const FromKeeper = z.discriminatedUnion('type', [
  z.object({ type: z.literal('running'), server: RunningServer }),
  /** `output` is the end of what the server printed. */
  z.object({ type: z.literal('failed'), why: StartFailure, output: z.string() }),
  /** The server ended; it is started again only when a window asks. */
  z.object({ type: z.literal('ended'), output: z.string() }),
  z.object({ type: z.literal('reaped') }),
  z.object({ type: z.literal('use'), use: ServerUse }),
  /** The server went on without a window, for so many minutes, for that reason. */
  z.object({ type: z.literal('stayed'), minutes: z.int(), why: z.string() }),
]);
export type FromKeeper = z.infer<typeof FromKeeper>;
