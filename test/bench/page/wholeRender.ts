import MarkdownIt from 'markdown-it';
import { MarkdownStream } from '../../../src/webview/markdown/markdownStream.ts';
import * as shortcuts from '../../../src/webview/markdown/shortcuts.ts';

// What a token costs that comes to a long text: where the whole text is rendered again, and where it is a stream. Both in
// the same empty page, laid out after each token, with no frame between them: a frame costs more than a token.

const markdown = new MarkdownIt();
let root = document.body;
let stream: MarkdownStream | undefined;

function renderWhole(start: string, tokens: readonly string[]): void {
  makeRoot();
  let text = start;
  for (const token of tokens) {
    text += token;
    root.innerHTML = markdown.render(text);
    layOut();
  }
}

/** Shows the text that the tokens of `renderTokens` come to. */
function startStream(start: string): void {
  makeRoot();
  stream = new MarkdownStream(root, () => undefined, { shortcuts: () => shortcuts });
  stream.append(start);
  layOut();
}

function renderTokens(tokens: readonly string[]): void {
  for (const token of tokens) {
    stream?.append(token);
    layOut();
  }
}

function makeRoot(): void {
  root = document.createElement('div');
  document.body.replaceChildren(root);
}

function layOut(): void {
  void root.offsetHeight;
}

Object.assign(globalThis, { renderWhole, startStream, renderTokens });
