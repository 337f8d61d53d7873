import MarkdownIt from 'markdown-it';
import { showUnseen } from '../plainText.ts';

const renderer = makeRenderer();

/** Nothing of what a model wrote becomes an element of its own, is loaded, or leads anywhere but to the web. */
function makeRenderer() {
  const markdown = new MarkdownIt({ html: false, linkify: false, maxNesting: 40 });
  markdown.validateLink = (address) => /^https?:\/\//i.test(address);
  // They are shown as they were written; what they would do to HTML is escaped where they are put into it.
  markdown.normalizeLink = (address) => address;
  markdown.normalizeLinkText = (address) => address;
  const { rules } = markdown.renderer;
  rules['link_open'] = (tokens, index) => openLink(tokens[index]?.attrGet('href'));
  // A picture of somewhere else would tell whoever has it that the file is read.
  rules['image'] = (tokens, index) => {
    const { content = '' } = tokens[index] ?? {};
    const address = tokens[index]?.attrGet('src');
    return `${openLink(address)}${escapeHtml(content || String(address))}</a>`;
  };
  rules['table_open'] = () => '<div class="wide"><table>';
  rules['table_close'] = () => '</table></div>';
  return markdown;
}

/** Markdown as HTML. */
export function renderMarkdown(text: string): string {
  return renderer.render(showUnseen(text)).trimEnd();
}

/** A line of Markdown as HTML. */
export function renderLine(text: string): string {
  return renderer.renderInline(text);
}

function openLink(address: string | number | null | undefined): string {
  return `<a href="${escapeHtml(String(address ?? ''))}" rel="noopener noreferrer">`;
}

export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
