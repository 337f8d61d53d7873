import type { Attachment } from '../protocol/page.ts';

/** Files of the workspace that the editor's explorer or tabs hand over when dragged. */
function draggedPaths(data: DataTransfer): Attachment[] {
  const lines = data.getData('application/vnd.code.uri-list') || data.getData('text/uri-list');
  return lines
    .split(/\r?\n/)
    .filter((line) => /^(?:file|vscode-remote):\/\//.test(line) && URL.canParse(line))
    .map((line) => ({ kind: 'file', path: decodeURIComponent(new URL(line).pathname) }));
}

/** What was pasted or dropped, as attachments. */
export async function readAttachments(data: DataTransfer): Promise<readonly Attachment[]> {
  const dragged = draggedPaths(data);
  if (dragged.length > 0) return dragged;
  return Promise.all([...data.files].map(readFile));
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
