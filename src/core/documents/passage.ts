import type { MessageEntry, PartEntry } from '../../protocol/page/entries.ts';
import { shorten } from '../continuation/shorten.ts';
import { noteText, namesOf } from '../entries/noteText.ts';
import { asInterrupted, isOpenPart } from '../entries/transcriptEntry.ts';
import { inlineCode, inlineText } from '../export/inlineMarkdown.ts';
import { insetMarkdown } from '../export/insetMarkdown.ts';
import { l10n } from '../l10n.ts';
import { showUnseen } from '../plainText.ts';
import type { Place } from '../transcript/place.ts';
import { withoutEarlierAttempts } from '../turns/earlierAttempts.ts';
import { describeMessageEnd, isSilent, readFinish } from '../turns/messageEnd.ts';
import { callBlocks } from './callBlocks.ts';
import { cutNote } from './cutNote.ts';

/**
 * What one message comes to in the document of its session. It depends on nothing but the message, so that a document that
 * grew with its session is the one that is made of it at once: which heading stands there, its neighbours decide.
 */
export interface Passage extends Place {
  /** The prompt that it answers; absent: it is one. */
  readonly parentId?: string;
  /** Who speaks, under one heading for as long as nobody else does. */
  readonly author: string;
  /** Stands above it, unless its author spoke before it. */
  readonly heading: string;
  /** Stands there instead where its author goes on after a call; empty: nothing does. */
  readonly again: string;
  /** In Markdown, each without an end of line behind it. */
  readonly blocks: readonly string[];
  /** How it ended, where no other step goes on with it; empty: as it should. */
  readonly end: string;
  /** What follows is below the heading of a call. */
  readonly endsWithCall: boolean;
  /** It has no end, or something in it has none. */
  readonly isOpen: boolean;
  /** What has no end in it is being written. */
  readonly isLive: boolean;
  /** A request to compact, whose heading says all. */
  readonly isCompaction: boolean;
}

export interface PassageGiven {
  /** The folder of the session, to which paths are relative. */
  readonly directory: string;
  /** Its session is at it: what has no end is not interrupted. */
  readonly isLive: boolean;
  /** Whether what calls gave back is shown. */
  readonly withOutputs: boolean;
  /** A part from which on it was reverted. */
  readonly until?: string | undefined;
}

/** Headings within what somebody wrote stand below those of who did. */
const level = 4;
/** Characters of the words in a heading. */
const wordsLength = 60;

/** Describes a message with its parts, which were clamped as a page is given them. */
export function toPassage(entry: MessageEntry, given: PassageGiven): Passage {
  const { id, created } = entry;
  const parts = standingParts(entry, given).map((part) =>
    !given.isLive && isOpenPart(part) ? asInterrupted(part) : part,
  );
  const pieces = describeParts(parts, entry, given);
  const texts = parts.filter(({ type }) => type === 'text');
  const words = firstWords(texts.find((part) => part.type === 'text' && part.synthetic !== true));
  const isOpen = entry.role === 'assistant' && entry.completed === undefined && entry.error === undefined;
  const mark = describeMark(entry, isOpen && !given.isLive);
  return {
    id,
    created,
    ...(entry.role === 'assistant' ? { parentId: entry.parentID ?? '' } : {}),
    ...headingsOf(entry, parts, words, pieces[0]?.kind === 'text'),
    blocks: [...pieces.flatMap(({ blocks }) => blocks), ...mark],
    end: describeEnd(entry, parts),
    endsWithCall: pieces.findLast(({ kind }) => kind !== 'aside')?.kind === 'call',
    isOpen: isOpen || parts.some(isOpenPart),
    isLive: given.isLive,
    isCompaction: parts.some(({ type }) => type === 'compaction'),
  };
}

function standingParts({ parts }: MessageEntry, { until }: PassageGiven): readonly PartEntry[] {
  const cut = until === undefined ? -1 : parts.findIndex(({ id }) => id === until);
  return withoutEarlierAttempts(cut === -1 ? parts : parts.slice(0, cut));
}

interface Piece {
  readonly kind: 'text' | 'call' | 'aside';
  readonly blocks: readonly string[];
}

function describeParts(
  parts: readonly PartEntry[],
  { agent }: MessageEntry,
  given: PassageGiven,
): readonly Piece[] {
  const pieces: Piece[] = [];
  const hasEdits = parts.some(
    (part) => part.type === 'tool' && (part.kind === 'editFile' || part.kind === 'writeFile'),
  );
  let isBelowCall = false;
  for (const part of parts) {
    if (part.type === 'patch' && hasEdits) continue;
    const piece = describePart(part, given);
    if (piece === undefined) continue;
    const goesOn = piece.kind === 'text' && isBelowCall && pieces.length > 0;
    const heading = goesOn ? [goOnHeading(agent, firstWords(part))] : [];
    pieces.push({ kind: piece.kind, blocks: [...heading, ...piece.blocks].map(flat) });
    if (piece.kind !== 'aside') isBelowCall = piece.kind === 'call';
  }
  return pieces;
}

function describePart(part: PartEntry, given: PassageGiven): Piece | undefined {
  switch (part.type) {
    case 'text':
      return describeText(part);
    case 'tool':
      return { kind: 'call', blocks: callBlocks(part, given) };
    case 'file':
      return aside(l10n.t('Attached: {0}', inlineCode(part.path ?? (part.filename || part.mime))));
    case 'patch':
      return aside(`${inlineText(noteText(part))} ${namesOf(part).map(inlineCode).join(', ')}`);
    // The heading says it.
    case 'compaction':
      return undefined;
    default: {
      const note = noteText(part);
      return note === '' ? undefined : aside(inlineText(note));
    }
  }
}

function describeText(part: Extract<PartEntry, { type: 'text' }>): Piece | undefined {
  if (part.text.trim() === '' || part.isOwnCommand === true) return undefined;
  if (part.synthetic === true && part.broughtBack === undefined && part.relayed === undefined) {
    const length = part.clamped ?? part.text.length;
    return aside(l10n.t('A text of {0} characters that was added to the prompt', length));
  }
  const text = insetMarkdown(plainLines(part.text), level);
  const note = cutNote(part);
  return { kind: 'text', blocks: note === '' ? [text] : [text, note] };
}

function aside(line: string): Piece {
  return { kind: 'aside', blocks: [`> - ${line}`] };
}

/** What the editor takes for lines of their own, or for the sign of a file that is no text, is made plain. */
function plainLines(text: string): string {
  return showUnseen(text.replaceAll(/\r\n?|[\u2028\u2029]/g, '\n'));
}

type Headings = Pick<Passage, 'author' | 'heading' | 'again'>;

function headingsOf(
  entry: MessageEntry,
  parts: readonly PartEntry[],
  words: string,
  beginsWithText: boolean,
): Headings {
  if (entry.role === 'user') return { author: entry.id, heading: promptHeading(parts, words), again: '' };
  if (entry.summary === true) {
    return { author: 'compaction', heading: `### ${l10n.t('Summary')}`, again: '' };
  }
  const agent = entry.agent || l10n.t('Agent');
  const named = [agent, entry.model?.modelID ?? ''].filter((name) => name !== '');
  return {
    author: `agent ${named.join(' ')}`,
    heading: flat(`### ${inlineText(named.join(' · '))}`),
    again: beginsWithText ? flat(goOnHeading(agent, words)) : '',
  };
}

function promptHeading(parts: readonly PartEntry[], words: string): string {
  const compaction = parts.find(({ type }) => type === 'compaction');
  if (compaction !== undefined) return `## ${inlineText(noteText(compaction))}`;
  const texts = parts.filter((part) => part.type === 'text');
  const relayed = texts.find((part) => part.relayed !== undefined)?.relayed;
  const author =
    relayed !== undefined
      ? relayed.from === undefined
        ? l10n.t('Relayed')
        : l10n.t('Relayed from {0}', relayed.from)
      : texts.some((part) => part.broughtBack !== undefined)
        ? l10n.t('Findings of a fork')
        : texts.length > 0 && words === '' && texts.every((part) => part.synthetic === true)
          ? l10n.t('Added to the session')
          : l10n.t('You');
  return flat(`## ${inlineText(words === '' ? author : `${author}: ${words}`)}`);
}

function goOnHeading(agent: string, words: string): string {
  const named = agent || l10n.t('Agent');
  return `### ${inlineText(words === '' ? named : `${named}: ${words}`)}`;
}

/** The first line of a text that says something, without the signs of Markdown before it. */
function firstWords(part: PartEntry | undefined): string {
  if (part?.type !== 'text') return '';
  const lines = part.text.slice(0, 4000).split('\n');
  const line = lines.find((each) => /[\p{L}\p{N}]/u.test(each)) ?? '';
  return shorten(line.replace(/^[\s#>*+`~-]+/, '').replaceAll(/[*`]+/g, ''), wordsLength);
}

/** What is to be said of an answer that failed or has no end, whatever follows it. */
function describeMark({ error, copied }: MessageEntry, isCutOff: boolean): readonly string[] {
  if (error !== undefined) return [flat(`> - **${inlineText(error.message)}**`)];
  if (!isCutOff) return [];
  return [`> - **${describeMessageEnd(copied === true ? 'ofSource' : 'unfinished')}**`];
}

function describeEnd(entry: MessageEntry, parts: readonly PartEntry[]): string {
  if (entry.role === 'user' || entry.error !== undefined || entry.completed === undefined) return '';
  const end = readFinish(entry.finish) ?? (parts.length > 0 && isSilent(parts) ? 'empty' : undefined);
  return end === undefined ? '' : `> - **${describeMessageEnd(end)}**`;
}

/** A text that holds nothing else: one that was put together keeps all its pieces, and what they were cut from (V8). */
function flat(text: string): string {
  return [text, ''].join('');
}
