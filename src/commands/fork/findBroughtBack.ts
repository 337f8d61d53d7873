import type { OpenCode } from '../../core/ports/openCode.ts';
import { loadMessagesBack } from '../../core/transcript/messagesBack.ts';
import { parseBroughtBack } from '../../protocol/broughtBack.ts';
import type { Session } from '../../protocol/records.ts';

export interface BroughtBackText {
  readonly text: string;
  /** When it was written there, in milliseconds since 1970. */
  readonly created: number;
}

/** Messages of the session that are read: what stands before them is so long ago that it counts no more. */
const readLimit = 2_000;

/** What a fork brought back to a session, oldest first. `since`: when the fork was made, before which there is nothing of it. */
export async function findBroughtBack(
  openCode: Pick<OpenCode, 'listMessages'>,
  { id }: Pick<Session, 'id'>,
  forkId: string,
  since = -Infinity,
): Promise<readonly BroughtBackText[]> {
  const messages = await loadMessagesBack(openCode, id, (loaded) => {
    const first = loaded[0]?.info.time.created ?? Infinity;
    return first < since || loaded.length >= readLimit;
  });
  return messages.flatMap(({ info, parts }) =>
    parts.flatMap((part) =>
      part.type === 'text' && parseBroughtBack(part)?.from === forkId
        ? { text: part.text, created: info.time.created }
        : [],
    ),
  );
}
