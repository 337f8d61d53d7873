import { type Draft, printDraft } from '../../../src/core/continuation/drafts/draft.ts';
import type { DraftOrder } from '../../../src/core/continuation/drafts/draftOrder.ts';
import type { Drafts, WrittenDraft } from '../../../src/core/continuation/drafts/drafts.ts';

/** Drafts in memory, as the editor keeps them. */
export function someDrafts(first?: WrittenDraft) {
  let written = first;
  const opened: { order: DraftOrder; draft: Draft; line?: string; hasOwnWords?: true }[] = [];
  const revised: Draft[] = [];
  const marked: string[] = [];
  const removed: string[] = [];
  /** How what was held was let go of. */
  const left: string[] = [];
  let held = false;
  const drafts: Drafts = {
    open: async (order, draft, { line, hasOwnWords } = {}) => {
      opened.push({
        order,
        draft,
        ...(line === undefined ? {} : { line }),
        ...(hasOwnWords === true && { hasOwnWords }),
      });
      return `draft:${opened.length}`;
    },
    revise: async (id, _, draft) => {
      revised.push(draft);
      return id;
    },
    find: async () => written,
    all: async () => (written === undefined ? [] : [written]),
    show: async () => undefined,
    hold: () => {
      if (held) return undefined;
      held = true;
      const letGo = (how: string): void => {
        held = false;
        left.push(how);
      };
      return { leaveOpen: () => letGo('open'), dispose: () => letGo('done') };
    },
    mark: (_, problem) => marked.push(problem),
    remove: async (id, text) => {
      if (text !== undefined && text !== written?.text) return false;
      removed.push(id);
      return true;
    },
  };
  /** What a person makes of the draft. */
  const write = (text: string): void => {
    if (written !== undefined) written = { ...written, text, edited: true };
  };
  return { drafts, opened, revised, marked, removed, left, write };
}

export function aWritten(order: DraftOrder, draft: Draft, given: Partial<WrittenDraft> = {}): WrittenDraft {
  return { id: 'draft:1', order, text: printDraft(draft), edited: false, ...given };
}
