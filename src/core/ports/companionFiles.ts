/** Where the companion is installed: in a folder of the workspace, or for all projects of this user. */
export type CompanionPlace =
  | { readonly kind: 'folder'; readonly directory: string }
  | { readonly kind: 'allProjects' };

/** What stands where the companion is installed. */
export type CompanionFile = { readonly path: string } & (
  | { readonly kind: 'absent' }
  /** Its first line says that it is ours; `isChanged` that somebody wrote into it since. */
  | { readonly kind: 'ours'; readonly version: string; readonly isChanged: boolean }
  | { readonly kind: 'foreign' }
);

/** The companion as a file among the plugins of servers that the editor does not start. */
export interface CompanionFiles {
  /** That which this extension brings. */
  readonly version: string;
  /** Throws a `Problem` where the place leads out of its folder. */
  look(place: CompanionPlace): Promise<CompanionFile>;
  /** Puts the companion of this extension in the place of what was read; throws a `Problem` where something else stands there by now. */
  install(place: CompanionPlace, over: CompanionFile): Promise<void>;
  /** Removes what was read; throws a `Problem` where something else stands there by now. */
  remove(place: CompanionPlace, read: CompanionFile): Promise<void>;
}
