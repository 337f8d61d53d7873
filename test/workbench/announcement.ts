import type { TestResult } from './testResult.ts';

/** What a suite in the extension host says to the program that started it, between all else that a window logs. */
export interface Announcement {
  readonly text?: string;
  readonly counts?: TestResult;
}

const mark = '@suite ';

export function toAnnouncementLine(announcement: Announcement): string {
  return mark + JSON.stringify(announcement);
}

/** undefined: the line is none. The host may put its own words before it. */
export function parseAnnouncement(line: string): Announcement | undefined {
  const start = line.indexOf(mark);
  return start < 0 ? undefined : (JSON.parse(line.slice(start + mark.length)) as Announcement);
}
