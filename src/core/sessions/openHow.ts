/** How a session's transcript is opened: where the next one is looked at, too, in a panel of its own, or beside what is open. */
export type OpenHow = 'preview' | 'pinned' | 'side';
