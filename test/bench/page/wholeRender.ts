import MarkdownIt from 'markdown-it';

// What every delta costs a page that renders the whole text again each time; for comparison.

const markdown = new MarkdownIt();

async function renderWhole(start: string, tokens: readonly string[]): Promise<void> {
  const root = document.createElement('div');
  document.body.replaceChildren(root);
  let text = start;
  for (const token of tokens) {
    text += token;
    root.innerHTML = markdown.render(text);
    await new Promise((resolve) => requestAnimationFrame(resolve));
  }
}

Object.assign(globalThis, { renderWhole });
