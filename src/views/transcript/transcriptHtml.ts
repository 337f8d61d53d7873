import { randomBytes } from 'node:crypto';
import { env, l10n, Uri, type Webview } from 'vscode';

/** The folder of the built extension that the page may load from, and nothing else. */
export function pageRoot(extensionUri: Uri): Uri {
  return Uri.joinPath(extensionUri, 'dist');
}

/**
 * The page: nothing from elsewhere, no inline script or style, no script but ours. Its script is a module: what it
 * imports later comes from beside it, with the nonce that a module hands on to what it imports, so that the policy need
 * not allow scripts of a whole address. Webviews serve the files of an extension with the type of a script and to any
 * origin, as modules need it, on the desktop and in a browser: one service worker does it for both. The page is told where
 * the files are, which need not be the system that it is shown on.
 */
export function buildTranscriptHtml(
  webview: Webview,
  extensionUri: Uri,
  system: NodeJS.Platform = process.platform,
): string {
  const nonce = randomBytes(18).toString('base64url');
  const uriOf = (name: string) => webview.asWebviewUri(Uri.joinPath(pageRoot(extensionUri), name)).toString();
  const policy = [
    `default-src 'none'`,
    `script-src 'nonce-${nonce}'`,
    `style-src ${webview.cspSource}`,
    `font-src ${webview.cspSource}`,
    `img-src data:`,
    `base-uri 'none'`,
    `form-action 'none'`,
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="${l10n.bundle === undefined ? 'en' : env.language}" data-system="${system}">
  <head>
    <meta charset="utf-8" />
    <meta http-equiv="Content-Security-Policy" content="${policy}" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <link rel="stylesheet" href="${uriOf('transcript.css')}" />
  </head>
  <body>
    <div id="transcript"></div>${buildStrings()}
    <script type="module" nonce="${nonce}" src="${uriOf('transcript.js')}"></script>
  </body>
</html>
`;
}

/** The sentences in the person's language, by their English text; no more than data to the page. */
function buildStrings(): string {
  if (l10n.bundle === undefined) return '';
  const strings = Object.entries(l10n.bundle).map(([key, value]: [string, string | { message: string }]) => {
    return [key, typeof value === 'string' ? value : value.message];
  });
  const json = JSON.stringify(Object.fromEntries(strings)).replaceAll('<', '\\u003c');
  return `<script id="strings" type="application/json">${json}</script>`;
}
