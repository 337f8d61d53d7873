import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Transcript } from '../../src/core/transcript/transcript.ts';
import { TranscriptFrame } from '../../src/core/page/transcriptFrame.ts';
import { TranscriptStore } from '../../src/core/transcript/transcriptStore.ts';
import { viewEntries } from '../../src/core/page/transcriptView.ts';
import { ServerEvent } from '../../src/protocol/events.ts';
import type { EntryChange, MessageEntry } from '../../src/protocol/page/entries.ts';
import { MessageWithParts } from '../../src/protocol/records.ts';
import { aHistory } from '../unit/core/builders.ts';

/** What a real server said while a session ran, and what it kept of it (see recordSession.ts). */
export interface Recording {
  readonly sessionId: string;
  readonly messages: readonly unknown[];
  readonly events: readonly unknown[];
}

export const recordingsFolder = join(import.meta.dirname, 'recordings');

const look = { idle: true, revertedFrom: undefined };

export function readRecording(name: string): Recording {
  return JSON.parse(readFileSync(join(recordingsFolder, `${name}.json`), 'utf8')) as Recording;
}

/** The recorded messages as the page shows them when it opens the session. */
export function recordedEntries({ messages }: Recording): MessageEntry[] {
  const transcript = new Transcript({ messages: messages.map((message) => MessageWithParts.parse(message)) });
  return viewEntries(transcript, look, transcript.messageIds);
}

/** The recorded events as the host tells a page of them that looks on, so many events in each frame. */
export async function recordedChanges(
  { sessionId, events }: Recording,
  size: number,
): Promise<EntryChange[][]> {
  const store = new TranscriptStore(aHistory(() => []));
  const transcript = await store.load(sessionId);
  const frame = new TranscriptFrame();
  store.onDidChange(({ change }) => change.kind !== 'stale' && frame.add(change));
  const frames: EntryChange[][] = [];
  for (const [index, event] of events.entries()) {
    store.apply(ServerEvent.parse(event));
    if (index % size === size - 1 || index === events.length - 1) {
      frames.push(frame.take(transcript, { ...look, idle: false }));
    }
  }
  for (const { messageId, partId } of transcript.openParts()) {
    frame.add({ kind: 'part', messageId, partId });
  }
  frames.push(frame.take(transcript, look));
  return frames;
}
