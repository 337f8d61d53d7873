/** Marks the words found without changing the document: a highlight of its own (`::highlight(found)`). */
export function markFound(root: Element, query: string): void {
  const wanted = query.toLowerCase();
  const ranges: StaticRange[] = [];
  const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  for (let node = texts.nextNode(); node; node = texts.nextNode()) {
    const text = node.textContent?.toLowerCase() ?? '';
    for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + wanted.length)) {
      const place = {
        startContainer: node,
        startOffset: at,
        endContainer: node,
        endOffset: at + wanted.length,
      };
      ranges.push(new StaticRange(place));
    }
  }
  CSS.highlights.set('found', new Highlight(...ranges));
}

/** Takes the marks away. */
export function clearFound(): void {
  CSS.highlights.delete('found');
}
