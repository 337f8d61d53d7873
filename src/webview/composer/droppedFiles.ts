import { l10n } from '../../core/l10n.ts';
import { sessionsAmong } from '../../core/sessions/sessionAddress.ts';
import { decodePath, fromFileUrl } from '../../core/prompts/promptText.ts';
import type { Attachment } from '../../protocol/page/composer.ts';
import type { Addressee } from './addressee.ts';
import type { AttachmentChips } from './attachmentChips.ts';

/** Megabytes of one file, and of all files of a prompt: they are held in memory, kept with the draft and sent whole. */
const fileLimit = 10;
const promptLimit = 20;
const megabyte = 1024 * 1024;

/** What came in, and the names of the files that are too large to go with a prompt. */
interface ReadAttachments {
  readonly attachments: readonly Attachment[];
  readonly tooLarge: readonly string[];
}

/** What was handed over: its data can be read as long as the event is handled, and no longer. */
export interface HandedOver {
  /** Addresses, one a line. */
  readonly addresses: string;
  readonly files: readonly File[];
}

/** Files of the workspace that the editor's explorer or tabs hand over when dragged. */
function draggedPaths(addresses: string): Attachment[] {
  return addresses
    .split(/\r?\n/)
    .filter((line) => /^(?:file|vscode-remote):\/\//.test(line) && URL.canParse(line))
    .map((line) => ({ kind: 'file', path: fromFileUrl(line) ?? decodePath(new URL(line).pathname) }));
}

/**
 * Attaches what was handed over `to` a session; other sessions the host knows how to mention. What takes a while to be read goes to the session for which it came, by
 * way of the host once another is `shown`.
 */
export async function attach(
  data: HandedOver,
  { post, sessionId }: Addressee,
  shown: Addressee,
  chips: AttachmentChips,
  problem: HTMLElement,
): Promise<void> {
  const mentioned = sessionsAmong(data.addresses);
  if (mentioned.length > 0) post({ type: 'mention', sessionId, mentioned });
  try {
    const { attachments, tooLarge } = await readAttachments(data, chips.attachments);
    if (sessionId === shown.sessionId) chips.add(attachments);
    else post({ type: 'attach', sessionId, attachments });
    if (tooLarge.length > 0) problem.textContent = describeTooLarge(tooLarge);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    problem.textContent = l10n.t('The file could not be read: {0}', reason);
  }
}

/** What was pasted or dropped, as attachments that go with a prompt beside those that it has. */
async function readAttachments(
  { addresses, files }: HandedOver,
  others: readonly Attachment[],
): Promise<ReadAttachments> {
  const dragged = draggedPaths(addresses);
  if (dragged.length > 0) return { attachments: dragged, tooLarge: [] };
  let room = promptLimit * megabyte - others.reduce((sum, other) => sum + sizeOf(other), 0);
  const taken: File[] = [];
  const tooLarge: string[] = [];
  for (const file of files) {
    if (file.size > Math.min(fileLimit * megabyte, room)) tooLarge.push(file.name);
    else {
      taken.push(file);
      room -= file.size;
    }
  }
  return { attachments: await Promise.all(taken.map(readFile)), tooLarge };
}

function describeTooLarge(names: readonly string[]): string {
  return l10n.t(
    'Too large to attach: {0}. One file may have up to {1} MB, all files of a prompt {2} MB. Save it in the workspace and mention it with @ instead.',
    names.join(', '),
    fileLimit,
    promptLimit,
  );
}

/** Bytes of a file that goes along whole; four characters of its data URL stand for three. */
function sizeOf(attachment: Attachment): number {
  return attachment.kind === 'data' ? (attachment.url.length * 3) / 4 : 0;
}

function readFile(file: File): Promise<Attachment> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener('load', () => {
      const mime = file.type || 'application/octet-stream';
      const url = typeof reader.result === 'string' ? reader.result : '';
      resolve({ kind: 'data', mime, filename: file.name || mime, url });
    });
    reader.addEventListener('error', () => reject(reader.error ?? new Error(file.name)));
    reader.readAsDataURL(file);
  });
}
