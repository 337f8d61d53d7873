import { parseDocumentQuery } from '../../core/documents/documentAddress.ts';
import { Emitter, type Disposable } from '../../core/event.ts';
import { l10n } from '../../core/l10n.ts';
import type { DirectorySnapshot, Look, ServerSink } from '../../core/ports/serverSink.ts';
import type { ServerEvent } from '../../protocol/events.ts';
import { LiveDocument, type LiveDocumentPorts } from './liveDocument.ts';

/** Milliseconds that a document waits for its older messages before it shows what there is. */
const patience = 8000;
/** The same where somebody waits for it: they read the newest messages meanwhile. */
const hurry = 1000;

interface Kept {
  readonly sessionId: string;
  readonly document: LiveDocument;
}

/** The documents of sessions that are open in the editor, by their addresses. */
export class SessionDocuments implements ServerSink, Disposable {
  readonly #ports: LiveDocumentPorts;
  readonly #kept = new Map<string, Kept>();
  /** Addresses that are to be shown at once. */
  readonly #hurried = new Set<string>();
  readonly #didChange = new Emitter<string>();
  readonly #didOpen = new Emitter<string>();

  /** The address of a document whose text is another one. */
  readonly onDidChange = this.#didChange.event;
  /** The address of a document that was not open. */
  readonly onDidOpen = this.#didOpen.event;

  constructor(ports: LiveDocumentPorts) {
    this.#ports = ports;
  }

  /** Somebody waits for this document: it shows the newest messages while it reads the others. */
  hurry(address: string): void {
    this.#hurried.add(address);
  }

  /** The text of a document; `query` says which session it shows. What cannot be shown says why. */
  async read(address: string, query: string): Promise<string> {
    const named = parseDocumentQuery(query);
    if (named === undefined) return `# ${l10n.t('OpenCode session')}\n\n> **${describeMalformed()}**\n`;
    const kept = this.#kept.get(address) ?? this.#open(address, named);
    return kept.document.read(this.#hurried.has(address) ? hurry : patience);
  }

  version(address: string): number {
    return this.#kept.get(address)?.document.version ?? 0;
  }

  isFilling(address: string): boolean {
    return this.#kept.get(address)?.document.isFilling === true;
  }

  /** The folder of the session that a document shows. */
  directoryOf(address: string): string | undefined {
    return this.#kept.get(address)?.document.directory;
  }

  /** Only these documents are seen by somebody. */
  show(visible: ReadonlySet<string>): void {
    for (const [address, { document }] of this.#kept) document.setVisible(visible.has(address));
  }

  /** Lets a document go. */
  close(address: string): void {
    this.#hurried.delete(address);
    this.#kept.get(address)?.document.dispose();
    this.#kept.delete(address);
  }

  reset(snapshot: readonly DirectorySnapshot[]): void {
    this.#look(snapshot, new Set());
    for (const { document } of this.#kept.values()) document.compare();
  }

  compare({ snapshot, told }: Look): void {
    this.#look(snapshot, told.records);
  }

  apply(event: ServerEvent): void {
    if (this.#kept.size === 0) return;
    const told = toldOf(event);
    if (told === undefined) return;
    for (const { sessionId, document } of this.#kept.values()) {
      if (sessionId !== told.sessionId) continue;
      if (told.kind === 'deleted') document.markDeleted();
      else if (told.kind === 'noted') document.note(told.updated);
      else if (told.kind === 'removed') document.remove(told.messageId);
      else document.touch(told.messageId);
    }
  }

  dispose(): void {
    for (const address of this.#kept.keys()) this.close(address);
    this.#didChange.dispose();
    this.#didOpen.dispose();
  }

  #look(snapshot: readonly DirectorySnapshot[], told: ReadonlySet<string>): void {
    for (const { sessionId, document } of this.#kept.values()) {
      const found = snapshot.flatMap(({ sessions }) => sessions).find(({ id }) => id === sessionId);
      if (found !== undefined && !told.has(sessionId)) document.look(found.time.updated);
    }
  }

  #open(address: string, named: NonNullable<ReturnType<typeof parseDocumentQuery>>): Kept {
    const isHurried = this.#hurried.has(address);
    const document = new LiveDocument(this.#ports, named, isHurried, () => this.#didChange.fire(address));
    const kept = { sessionId: named.sessionId, document };
    this.#kept.set(address, kept);
    this.#didOpen.fire(address);
    return kept;
  }
}

function describeMalformed(): string {
  return l10n.t('This address names no session. Open the document again with “Open as Document”.');
}

type Told =
  | { readonly kind: 'deleted'; readonly sessionId: string }
  | { readonly kind: 'noted'; readonly sessionId: string; readonly updated: number }
  | { readonly kind: 'removed' | 'touched'; readonly sessionId: string; readonly messageId: string };

/** Which message of which session is otherwise, or what became of the session. */
function toldOf(event: ServerEvent): Told | undefined {
  switch (event.type) {
    case 'session.deleted':
      return { kind: 'deleted', sessionId: event.properties.info.id };
    case 'session.updated': {
      const { id, time } = event.properties.info;
      return { kind: 'noted', sessionId: id, updated: time.updated };
    }
    case 'message.updated':
      return {
        kind: 'touched',
        sessionId: event.properties.info.sessionID,
        messageId: event.properties.info.id,
      };
    case 'message.part.updated':
      return {
        kind: 'touched',
        sessionId: event.properties.part.sessionID,
        messageId: event.properties.part.messageID,
      };
    case 'message.removed':
      return {
        kind: 'removed',
        sessionId: event.properties.sessionID,
        messageId: event.properties.messageID,
      };
    case 'message.part.delta':
    case 'message.part.removed':
      return {
        kind: 'touched',
        sessionId: event.properties.sessionID,
        messageId: event.properties.messageID,
      };
    default:
      return undefined;
  }
}
