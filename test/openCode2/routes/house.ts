import type { Executions } from '../runs/executions.ts';
import type { Rooms } from '../runs/rooms.ts';

/** What all routes know. */
export interface House extends Rooms {
  readonly executions: Executions;
  /** `2.0.26`: its routes and fields are those of that version. */
  readonly version: string;
  url(): string;
}

/** Names that changed between patch versions. */
export interface Names {
  /** Of the answer to a permission. */
  readonly decision: 'decision' | 'reply';
  /** Whether title, metadata and permissions are changed by PATCH; else the title alone, by POST rename. */
  readonly hasPatch: boolean;
  /** Of going on after an interrupt. */
  readonly resume: 'resume' | 'continue';
}

export function namesOf(version: string): Names {
  const [, minor = 0, patch = 0] = version.split('.').map(Number);
  const isOld = minor === 0 && patch < 5;
  return { decision: isOld ? 'reply' : 'decision', hasPatch: !isOld, resume: isOld ? 'continue' : 'resume' };
}
