import type { MessageEntry, PartEntry, EntryChange } from './entries.ts';
import type { SessionHeader, ConnectionBanner, OfferedRemedy } from './header.ts';
import type { PermissionEntry, QuestionEntry } from './requests.ts';
import type {
  ComposerChoices,
  ComposerDraft,
  PickedTarget,
  Attachment,
  QueuedPrompt,
  TakenMention,
} from './composer.ts';
import type { CodeStyles } from './codeStyles.ts';

/**
 * What the host and the transcript page say to each other. The page holds no truth: the host sends a window
 * of entries and then changes to it, at most one message a frame; the page renders, measures and asks.
 * Times are milliseconds since 1970, costs USD. Long texts are clamped by the host (`clamped` gives the
 * full length in characters); the page asks for the rest with `openOutput` or `loadPart`.
 */

/** A prompt of the person, as the outline lists it. */
export interface OutlineTurn {
  readonly messageId: string;
  /** Its beginning. */
  readonly text: string;
}

/** What the composer has a list for. */
export type Picked = 'agent' | 'model' | 'variant';

export interface PageSettings {
  /** Whether Enter sends (and Shift+Enter breaks the line) or the other way round with Ctrl/Cmd+Enter. */
  readonly enterSends: boolean;
  /** Whether the diffs of turns that are over stand open by themselves; left out: they do not. */
  readonly openDiffs?: boolean;
}

/** Everything about one session, as it is when the page turns to it. */
export interface SessionPicture {
  readonly header: SessionHeader;
  /** The newest messages, oldest first. */
  readonly entries: readonly MessageEntry[];
  readonly hasOlder: boolean;
  readonly permissions: readonly PermissionEntry[];
  readonly questions: readonly QuestionEntry[];
  readonly draft: ComposerDraft;
  readonly queue: readonly QueuedPrompt[];
  /** What was typed of commands, by the ids of the messages that they became. */
  readonly typed?: Readonly<Record<string, string>>;
  /** Its prompt is written in an editor: the composer is locked. */
  readonly isLent?: boolean;
}

export type ToPage =
  /** What happened within one frame, in the order in which it is to be shown. */
  | { readonly type: 'together'; readonly messages: readonly ToPage[] }
  | {
      readonly type: 'init';
      readonly settings: PageSettings;
      /** The commands that the host runs for the page; it offers no others. */
      readonly commands?: readonly string[];
    }
  /** The page was asked for a session whose messages are still being fetched. */
  | { readonly type: 'loading'; readonly sessionId: string; readonly title: string }
  | {
      readonly type: 'show';
      readonly view: SessionPicture;
      /** Scroll to this message, which may not be among them. */
      readonly reveal?: string;
    }
  /** A session whose entries the page has already, as they stand. A page that has not says `ready` again. */
  | { readonly type: 'showAgain'; readonly view: Omit<SessionPicture, 'entries' | 'hasOlder'> }
  | {
      readonly type: 'failed';
      readonly sessionId: string;
      readonly message: string;
      readonly action?: { readonly title: string; readonly command: string };
    }
  | { readonly type: 'changes'; readonly sessionId: string; readonly changes: readonly EntryChange[] }
  /**
   * Messages between which none is missing. Where they meet what the page has, they share a message with it; else
   * some are missing there, which it asks for with `loadBeside`.
   */
  | {
      readonly type: 'stretch';
      readonly sessionId: string;
      readonly entries: readonly MessageEntry[];
      /** Whether there are messages before the first of these. */
      readonly hasOlder: boolean;
    }
  | {
      readonly type: 'part';
      readonly sessionId: string;
      readonly messageId: string;
      readonly part: PartEntry;
    }
  | { readonly type: 'header'; readonly header: SessionHeader }
  | {
      readonly type: 'requests';
      readonly sessionId: string;
      readonly permissions: readonly PermissionEntry[];
      readonly questions: readonly QuestionEntry[];
    }
  | { readonly type: 'choices'; readonly choices: ComposerChoices }
  | { readonly type: 'queue'; readonly sessionId: string; readonly queue: readonly QueuedPrompt[] }
  /** A prompt was taken, with what was picked for it: that is no pick any more, since the session uses it. */
  | {
      readonly type: 'sent';
      readonly sessionId: string;
      readonly picked: PickedTarget;
      /** What the next prompt goes on with, after a command with an agent or a model of its own. */
      readonly kept?: PickedTarget;
      readonly typed?: Readonly<Record<string, string>>;
    }
  /** What was typed was not taken: it stands in the composer of its session again, before what was typed since. */
  | {
      readonly type: 'unsent';
      readonly sessionId: string;
      readonly draft: ComposerDraft;
      /** Why, as a sentence. */
      readonly problem: string;
      /** What helps, as a command to run. */
      readonly action?: OfferedRemedy;
    }
  /** To be put into the composer of the session that is shown. */
  | {
      readonly type: 'insert';
      readonly sessionId: string;
      readonly text: string;
      /** Nobody in the window asked for it: it stands behind what is typed, and takes no focus. */
      readonly isBehind?: true;
      readonly attachments?: readonly Attachment[];
      /** What words of the text stand for. */
      readonly mentions?: readonly TakenMention[];
    }
  /** The prompt is to be written in an editor: the page tells what stands in its composer, then asks with `lend`. */
  | { readonly type: 'lend'; readonly sessionId: string }
  /** The prompt is written in an editor from here on, or no more; this is what stands in its composer. */
  | {
      readonly type: 'lent';
      readonly sessionId: string;
      readonly isLent: boolean;
      readonly draft: ComposerDraft;
    }
  /** The list of the composer is to be opened from which this is picked. */
  | { readonly type: 'pick'; readonly sessionId: string; readonly what: Picked }
  /** Somebody came to do what the session needs: they go on at what waits for an answer, else in the composer. */
  | { readonly type: 'attend'; readonly sessionId: string }
  | {
      readonly type: 'completions';
      readonly token: string;
      readonly items: readonly {
        readonly kind: 'file' | 'agent' | 'session' | 'symbol';
        readonly label: string;
        readonly detail?: string;
        readonly insert: string;
        /** Of a session, which `insert` names by its title. */
        readonly sessionId?: string;
      }[];
    }
  | {
      readonly type: 'found';
      readonly token: string;
      readonly matches: readonly {
        readonly messageId: string;
        readonly partId: string;
        /** Which one it is in its part, from 0. */
        readonly occurrence: number;
      }[];
      /** There are more before these. */
      readonly isMore?: boolean;
    }
  | { readonly type: 'outline'; readonly sessionId: string; readonly turns: readonly OutlineTurn[] }
  /** How many messages stand before `messageId`; `isMore`: at least so many. */
  | {
      readonly type: 'counted';
      readonly sessionId: string;
      readonly messageId: string;
      readonly count: number;
      readonly isMore: boolean;
    }
  /** All turns that are over are to be folded to a line each, or none. */
  | { readonly type: 'foldTurns'; readonly sessionId: string; readonly isFolded: boolean }
  /** Scroll to this message; the page asks for one that it does not have. */
  | { readonly type: 'reveal'; readonly messageId: string }
  | { readonly type: 'connection'; readonly banner: ConnectionBanner }
  /** How a colour theme shows code, where that could be found out. */
  | { readonly type: 'codeStyles'; readonly theme: string; readonly styles?: CodeStyles };
