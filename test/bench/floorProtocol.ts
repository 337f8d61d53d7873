/** What the floor's host and page say to each other: the least that can carry a transcript. */

export interface FloorPart {
  readonly id: string;
  readonly type: string;
  /** Markdown of a text or reasoning; of all else the line that stands for it. */
  text: string;
  readonly detail?: string;
}

export interface FloorMessage {
  readonly id: string;
  readonly role: string;
  readonly parts: FloorPart[];
}

export type FloorChange =
  | { readonly kind: 'message'; readonly id: string; readonly role: string }
  | { readonly kind: 'part'; readonly messageId: string; readonly part: FloorPart }
  | { readonly kind: 'append'; readonly messageId: string; readonly partId: string; text: string };

export type ToFloor =
  | { readonly type: 'show' | 'older'; readonly messages: readonly FloorMessage[] }
  | { readonly type: 'changes'; readonly changes: readonly FloorChange[] };

export type FromFloor = { readonly type: 'ready' } | { readonly type: 'loadOlder' };
