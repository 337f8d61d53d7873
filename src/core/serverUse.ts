/** Who uses a server of ours beside the window that asks. */
export interface ServerUse {
  /** The titles of the sessions that work, in all folders; absent: it is not known. */
  readonly working?: readonly string[] | undefined;
  /** How many other windows there are. */
  readonly windows: number;
  /** The names of the other programs that are connected, empty where one is not known; absent: it is not known. */
  readonly clients?: readonly string[] | undefined;
}
