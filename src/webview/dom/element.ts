type Child = Node | string | undefined | false;

type Listeners = Readonly<Record<string, (event: never) => void>>;

interface Properties {
  readonly class?: string | undefined;
  readonly text?: string | undefined;
  readonly on?: Listeners;
  readonly [attribute: string]: string | number | boolean | undefined | Listeners;
}

/** An element with attributes, listeners (`on`) and children. An attribute of undefined or false is left out. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  properties: Properties = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === false) continue;
    if (typeof value === 'object') listen(made, value);
    else if (name === 'class') made.className = String(value);
    else if (name === 'text') made.textContent = String(value);
    else made.setAttribute(name, value === true ? '' : String(value));
  }
  for (const child of children) if (child !== undefined && child !== false) made.append(child);
  return made;
}

function listen(target: HTMLElement, listeners: Listeners): void {
  for (const [type, listener] of Object.entries(listeners)) {
    target.addEventListener(type, listener as EventListener);
  }
}

/** A codicon; decoration only, so it is hidden from screen readers. */
export function icon(name: string, extra = ''): HTMLElement {
  return element('span', {
    class: `codicon codicon-${name}${extra ? ` ${extra}` : ''}`,
    'aria-hidden': 'true',
  });
}

export interface ButtonOptions {
  readonly label: string;
  readonly run: (event: MouseEvent) => void;
  readonly icon?: string | undefined;
  readonly testId?: string | undefined;
  readonly class?: string | undefined;
  /** What the tooltip says beyond the label, e.g. a keybinding. */
  readonly title?: string | undefined;
}

/** A button with words. */
export function textButton(options: ButtonOptions): HTMLButtonElement {
  return element(
    'button',
    {
      type: 'button',
      class: `button ${options.class ?? ''}`.trim(),
      title: options.title,
      'data-testid': options.testId,
      on: { click: options.run },
    },
    options.icon !== undefined && icon(options.icon),
    element('span', { text: options.label }),
  );
}

/** A button of one icon, named for screen readers and by its tooltip. */
export function iconButton(options: ButtonOptions & { readonly icon: string }): HTMLButtonElement {
  return element(
    'button',
    {
      type: 'button',
      class: `icon-button ${options.class ?? ''}`.trim(),
      title: options.title ?? options.label,
      'aria-label': options.label,
      'data-testid': options.testId,
      on: { click: options.run },
    },
    icon(options.icon),
  );
}
