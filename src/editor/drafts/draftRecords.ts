import * as vscode from 'vscode';
import * as z from 'zod';
import { DraftOrder } from '../../core/continuation/drafts/draftOrder.ts';

/** What is known about a draft beside its text. */
const DraftRecord = z.object({
  order: DraftOrder,
  /** The document as it was drafted: what differs from it was written by a person. */
  written: z.string(),
  /** Whether what a person wrote stands in it as it was drafted. */
  hasOwnWords: z.boolean().optional(),
  /** When it was begun to be sent, in milliseconds since 1970; it is being sent, or was when its window ended. */
  sendingSince: z.number().optional(),
});
export type DraftRecord = z.infer<typeof DraftRecord>;

const key = 'opencodeSessions.drafts';
const Stored = z.record(z.string(), z.unknown()).catch({});

/** The records of the drafts, by uri, in the memory of the workspace. */
export class DraftRecords {
  readonly #memory: vscode.Memento;

  constructor(memory: vscode.Memento) {
    this.#memory = memory;
  }

  /** undefined for a file that no verb drafted, or that an unknown version wrote. */
  get(uri: vscode.Uri): DraftRecord | undefined {
    return DraftRecord.safeParse(this.#stored()[uri.toString()]).data;
  }

  uris(): readonly vscode.Uri[] {
    return Object.keys(this.#stored()).map((text) => vscode.Uri.parse(text));
  }

  async set(uri: vscode.Uri, record: DraftRecord): Promise<void> {
    await this.#memory.update(key, { ...this.#stored(), [uri.toString()]: record });
  }

  /** Says since when a draft is being sent, absent: not; nothing where there is no draft any more. */
  async setSending(uri: vscode.Uri, sendingSince?: number): Promise<void> {
    const record = this.get(uri);
    if (record !== undefined) await this.set(uri, { ...record, sendingSince });
  }

  async delete(uri: vscode.Uri): Promise<void> {
    const { [uri.toString()]: _, ...others } = this.#stored();
    await this.#memory.update(key, others);
  }

  #stored(): Record<string, unknown> {
    return Stored.parse(this.#memory.get(key));
  }
}
