import * as z from 'zod';
import { AttachmentShape, DraftShape } from './composer.ts';

/** What the host reads of a page's state to bring its panel back after a reload of the window; the rest is for the page alone. */
export const RestoredPanel = z.object({ sessionId: z.string() });
export type RestoredPanel = Readonly<z.infer<typeof RestoredPanel>>;

/** What the page may ask of the host; parsed on arrival, since the page is not trusted. */
export const FromPage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready') }),
  /**
   * The whole text of a clamped part, to be shown in the page (up to 200 kB; longer ones open in an editor), or the
   * pictures of a file or a tool call.
   */
  z.object({ type: z.literal('loadPart'), sessionId: z.string(), messageId: z.string(), partId: z.string() }),
  z.object({
    type: z.literal('send'),
    sessionId: z.string(),
    draft: DraftShape,
    /** While busy: `steer` goes into the running turn, `queue` after it has settled. */
    mode: z.enum(['steer', 'queue']),
  }),
  /** `attachments` only where they changed since the host had them: they may be megabytes, and this comes while typing. */
  z.object({ type: z.literal('draft'), sessionId: z.string(), draft: DraftShape }),
  /** Files that were read for a session while the page turned to another one. */
  z.object({
    type: z.literal('attach'),
    sessionId: z.string(),
    attachments: z.array(AttachmentShape).readonly(),
  }),
  /** Sessions that were dropped on the page are to be mentioned in the prompt; `insert` answers. */
  z.object({ type: z.literal('mention'), sessionId: z.string(), mentioned: z.array(z.string()).readonly() }),
  /** What was told to stand in the composer is to be written in an editor; `lent` answers. */
  z.object({ type: z.literal('lend'), sessionId: z.string() }),
  z.object({ type: z.literal('queueEdit'), sessionId: z.string(), id: z.string(), text: z.string() }),
  /**
   * Sends a prompt that waits before the others: `steer` into the running turn, `queue` only while the session is idle, e.g.
   * since the last turn was stopped or failed.
   */
  z.object({
    type: z.literal('queueSend'),
    sessionId: z.string(),
    id: z.string(),
    mode: z.enum(['steer', 'queue']),
  }),
  z.object({ type: z.literal('queueRemove'), sessionId: z.string(), id: z.string() }),
  z.object({
    type: z.literal('replyPermission'),
    sessionId: z.string(),
    requestId: z.string(),
    reply: z.enum(['once', 'always', 'reject']),
    message: z.string().optional(),
  }),
  z.object({
    type: z.literal('replyQuestion'),
    sessionId: z.string(),
    requestId: z.string(),
    answers: z.array(z.array(z.string())),
  }),
  z.object({ type: z.literal('rejectQuestion'), sessionId: z.string(), requestId: z.string() }),
  z.object({
    type: z.literal('complete'),
    sessionId: z.string(),
    token: z.string(),
    query: z.string(),
    /** Sessions alone, to be told something; absent: whatever may stand behind an `@`. */
    what: z.literal('session').optional(),
  }),
  z.object({ type: z.literal('find'), sessionId: z.string(), token: z.string(), query: z.string() }),
  /** All prompts of the session are wanted, also those that are not loaded. */
  z.object({ type: z.literal('outline'), sessionId: z.string() }),
  z.object({ type: z.literal('countBefore'), sessionId: z.string(), messageId: z.string() }),
  /** What the composer offers is not there: loading it failed. */
  z.object({ type: z.literal('choices'), sessionId: z.string() }),
  /** A message that the page does not have is wanted (outline, find): it comes in a `run`, then `reveal`. */
  z.object({ type: z.literal('loadUntil'), sessionId: z.string(), messageId: z.string() }),
  /** What stands right before or after a message of the page, and it does not have; comes as `run`, with that message. */
  z.object({
    type: z.literal('loadBeside'),
    sessionId: z.string(),
    messageId: z.string(),
    side: z.enum(['before', 'after']),
  }),
  /** Runs one of our commands with `{ sessionId, messageId?, text?, title? }`; the host checks it against its list. */
  z.object({
    type: z.literal('command'),
    command: z.string(),
    sessionId: z.string(),
    messageId: z.string().optional(),
    text: z.string().optional(),
    title: z.string().optional(),
    relayId: z.string().optional(),
  }),
  /** What the error of that message, else of the last run, offers, by its command; the host finds what goes with it. */
  z.object({
    type: z.literal('remedy'),
    sessionId: z.string(),
    messageId: z.string().optional(),
    command: z.string(),
  }),
  z.object({ type: z.literal('openSession'), sessionId: z.string() }),
  z.object({
    type: z.literal('openFile'),
    sessionId: z.string(),
    path: z.string(),
    line: z.number().optional(),
  }),
  z.object({ type: z.literal('openLink'), url: z.string() }),
  z.object({ type: z.literal('openDiff'), sessionId: z.string(), messageId: z.string(), partId: z.string() }),
  /** What the session, or the turn that a prompt began, changed in the files: in the editor's own diff of several files. */
  z.object({
    type: z.literal('showChanges'),
    sessionId: z.string(),
    messageId: z.string().optional(),
    /** As a list of the files, with what can be done to each. */
    asList: z.boolean().optional(),
  }),
  /** The whole of what a tool call was given, in an editor. */
  z.object({
    type: z.literal('openInput'),
    sessionId: z.string(),
    messageId: z.string(),
    partId: z.string(),
  }),
  /** The whole output (or input) of a tool call in an editor. */
  z.object({
    type: z.literal('openOutput'),
    sessionId: z.string(),
    messageId: z.string(),
    partId: z.string(),
  }),
  /** The whole of what ended a message badly, in an editor. */
  z.object({ type: z.literal('openError'), sessionId: z.string(), messageId: z.string() }),
  /** A file that a session holds, in the editor for its kind; of a tool call, which one of its files, from 0. */
  z.object({
    type: z.literal('openAttachment'),
    sessionId: z.string(),
    messageId: z.string(),
    partId: z.string(),
    index: z.int().nonnegative(),
  }),
  /** The whole of what a permission is asked for, in an editor. */
  z.object({ type: z.literal('openPermission'), requestId: z.string() }),
  z.object({ type: z.literal('copy'), text: z.string() }),
  z.object({ type: z.literal('insertAtCursor'), text: z.string() }),
  z.object({ type: z.literal('openAsFile'), text: z.string(), language: z.string() }),
  /** The colour theme that the page is shown in; `codeStyles` answers. */
  z.object({ type: z.literal('theme'), theme: z.string() }),
  /** A script error in the page, for the log. */
  z.object({ type: z.literal('error'), message: z.string() }),
]);
export type FromPage = z.infer<typeof FromPage>;
