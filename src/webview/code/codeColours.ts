import type { CodeStyles } from '../../protocol/page/codeStyles.ts';
import type { FromPage } from '../../protocol/page/fromPage.ts';
import type { Highlighting } from './highlightApi.ts';

/**
 * Shows code in the colours of the colour theme. A page is told the theme's name and its workbench colours only, so the
 * host is asked for the others; what it does not know, or what could not be read here, looks as `highlight.css` says.
 */
export class CodeColours {
  readonly #post: (message: FromPage) => void;
  readonly #sheet = new CSSStyleSheet();
  #theme = '';
  #script: Highlighting | undefined;
  #styles: CodeStyles | undefined;

  constructor(post: (message: FromPage) => void) {
    this.#post = post;
    document.adoptedStyleSheets.push(this.#sheet);
    const changes = new MutationObserver(() => this.ask());
    changes.observe(document.body, { attributeFilter: ['data-vscode-theme-id'] });
  }

  ask(): void {
    const theme = document.body.dataset['vscodeThemeId'] ?? '';
    if (theme !== this.#theme) this.#paint(undefined);
    this.#theme = theme;
    if (theme !== '') this.#post({ type: 'theme', theme });
  }

  /** What was asked for a theme that is gone is not shown. */
  show(theme: string, styles: CodeStyles | undefined): void {
    if (theme === this.#theme) this.#paint(styles);
  }

  /** The script that colours code is there: until then no code has colours. */
  begin(script: Highlighting): void {
    this.#script = script;
    this.#paint(this.#styles);
  }

  #paint(styles: CodeStyles | undefined): void {
    this.#styles = styles;
    this.#sheet.replaceSync(styles === undefined ? '' : (this.#script?.buildSheet(styles) ?? ''));
  }
}
