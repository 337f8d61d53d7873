import type { MessagePage, OpenCode, PageEnd } from '../ports/openCode.ts';
import type { Place } from './place.ts';
import type { Transcript } from './transcript.ts';

const limit = 100;
/** So many messages after the one that is wanted are enough. */
const wanted = 40;
const attempts = 8;

/**
 * A page with the message at `place` and some after it. The server lists only what stands before an end, so
 * the time up to which to ask is guessed from how close the messages stand that are known, and guessed again where it
 * was too far or too near. undefined: the session does not have the message.
 */
export async function findAround(
  openCode: Pick<OpenCode, 'listMessages'>,
  sessionId: string,
  place: Place,
  known: Transcript,
): Promise<MessagePage | undefined> {
  const pageBefore = (before: PageEnd): Promise<MessagePage> =>
    openCode.listMessages(sessionId, { limit, before });
  let span = wanted * averagePause(known);
  let [near, far] = [0, Number.POSITIVE_INFINITY];
  let best: MessagePage | undefined;
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const page = await pageBefore({ time: Math.ceil(place.created + span) });
    const index = page.messages.findIndex(({ info }) => info.id === place.id);
    if (index === -1) {
      far = span;
    } else {
      const after = page.messages.length - 1 - index;
      best = page;
      if (after >= wanted / 2 || page.messages.slice(index + 1).some(({ info }) => known.has(info.id))) break;
      near = span;
    }
    span = far === Number.POSITIVE_INFINITY ? near * 8 : Math.sqrt(Math.max(1, near) * far);
  }
  best ??= await pageBefore({ last: place });
  return best.messages.some(({ info }) => info.id === place.id) ? best : undefined;
}

/** Milliseconds between two of the newest messages, on average. */
function averagePause(transcript: Transcript): number {
  const newest = transcript.messageIds.slice(-wanted);
  const [first, last] = [newest[0], newest.at(-1)].map((id) => transcript.head(id ?? '')?.created ?? 0);
  return Math.max(1, ((last ?? 0) - (first ?? 0)) / Math.max(1, newest.length - 1));
}
