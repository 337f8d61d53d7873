/**
 * Makes the children of `parent` after `settled` (null: all) equal to `wanted`, touching as little as it can:
 * equal leading nodes stay, text grows in place, so a selection in what has not changed survives. What it
 * costs depends on the number of nodes after `settled` only.
 */
export function patchChildren(parent: Node, settled: ChildNode | null, wanted: readonly Node[]): void {
  let old = settled ? settled.nextSibling : parent.firstChild;
  for (const node of wanted) {
    const next = old?.nextSibling ?? null;
    if (old === null) parent.appendChild(node);
    else patchNode(parent, old, node);
    old = next;
  }
  while (old) {
    const next = old.nextSibling;
    old.remove();
    old = next;
  }
}

/** The child of `parent` that is `count` behind `from` (null: before the first). */
export function childBehind(parent: Node, from: ChildNode | null, count: number): ChildNode | null {
  let node = from;
  for (let passed = 0; passed < count; passed += 1) node = node ? node.nextSibling : parent.firstChild;
  return node;
}

function patchNode(parent: Node, old: ChildNode, wanted: Node): void {
  if (old.isEqualNode(wanted) || isSameCode(old, wanted)) return;
  if (old instanceof Text && wanted instanceof Text) patchText(old, wanted.data);
  else if (old instanceof HTMLElement && wanted instanceof HTMLElement && old.tagName === wanted.tagName) {
    patchAttributes(old, wanted);
    patchChildren(old, null, [...wanted.childNodes]);
  } else parent.replaceChild(wanted, old);
}

function patchText(old: Text, wanted: string): void {
  if (wanted.startsWith(old.data)) old.appendData(wanted.slice(old.length));
  else old.data = wanted;
}

function patchAttributes(old: HTMLElement, wanted: HTMLElement): void {
  for (const name of old.getAttributeNames()) {
    // The reader has opened it, or comes to it by other keys than Tab.
    if (name !== 'open' && !isNoStop(old, name) && !wanted.hasAttribute(name)) old.removeAttribute(name);
  }
  for (const { name, value } of wanted.attributes) {
    if (isNoStop(old, name) || old.getAttribute(name) === value) continue;
    // A style attribute would be refused by the content security policy; a rule set by script is not.
    if (name === 'style') old.style.cssText = wanted.style.cssText;
    else old.setAttribute(name, value);
  }
}

const isNoStop = (node: HTMLElement, attribute: string): boolean =>
  attribute === 'tabindex' && node.getAttribute(attribute) === '-1';

/** Coloured code differs in its spans only. */
function isSameCode(old: Node, wanted: Node): boolean {
  if (!(old instanceof HTMLElement && wanted instanceof HTMLElement)) return false;
  return (
    old.hasAttribute('data-highlighted') &&
    old.dataset['language'] === wanted.dataset['language'] &&
    old.querySelector('code')?.textContent === wanted.querySelector('code')?.textContent
  );
}
