import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Browser, Frame, Locator, Page } from 'playwright-core';
import { waitFor } from './waitFor.ts';

/** How long a thing may take to appear in the window, in milliseconds. */
const patience = 60_000;

/** VS Code's own themes, by what its theme picker and its window call them. */
export const themes = {
  dark: { name: 'Dark Modern', className: 'themes-dark_modern' },
  light: { name: 'Light Modern', className: 'themes-light_modern' },
  'high-contrast': { name: 'Dark High Contrast', className: 'themes-hc_black' },
} as const;

/** The texts of the agent in a transcript that say this. */
export function answersIn(transcript: Frame, text: string | RegExp): Locator {
  return transcript.locator('[data-role=assistant] [data-part-type=text]').filter({ hasText: text });
}

/** One window of VS Code in a browser, used as a person would: looked at, clicked, typed into. */
export class Workbench {
  readonly #browser: () => Promise<Browser>;
  readonly #url: string;
  #page: Page | undefined;

  private constructor(browser: () => Promise<Browser>, url: string) {
    this.#browser = browser;
    this.#url = url;
  }

  /** Opens the window at that address; resolves when its activity bar stands. `browser` answers with a living one. */
  static async open(browser: () => Promise<Browser>, url: string): Promise<Workbench> {
    const workbench = new Workbench(browser, url);
    await workbench.reopen();
    return workbench;
  }

  /** Opens the window anew, also where the browser has died under it; what only its browser kept is gone. */
  async reopen(): Promise<void> {
    await this.#page?.context().close();
    const browser = await this.#browser();
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    const page = await context.newPage();
    page.setDefaultTimeout(patience);
    // Nobody sees it, and every test after it would fail of it.
    page.on('crash', () => console.log('    The page of the window crashed.'));
    this.#page = page;
    await page.goto(this.#url);
    await this.#activity('Explorer').waitFor();
  }

  get page(): Page {
    if (this.#page === undefined) throw new Error('The window is not open.');
    return this.#page;
  }

  /** Opens the view container by its icon in the activity bar. */
  async openSessionsView(): Promise<void> {
    const view = this.view('Sessions');
    await waitFor(
      async () => {
        // A window that comes back opens the view by itself; the same click then closes it.
        if (!(await view.isVisible())) await this.#activity('OpenCode Sessions').click();
        await view.waitFor({ timeout: 3000 });
        return true;
      },
      { what: 'the view “Sessions” to open' },
    );
  }

  #activity(name: string): Locator {
    return this.page
      .locator('.activitybar [role="tab"]')
      .filter({ has: this.page.locator(`.action-label[aria-label^="${name}"]`) });
  }

  /** A view of the side bar, by its title. */
  view(title: string): Locator {
    return this.page
      .locator('.sidebar .pane')
      .filter({ has: this.page.locator(`.pane-header[aria-label^="${title}"]`) });
  }

  /** The row of the "Sessions" view that shows this text. */
  row(text: string | RegExp): Locator {
    return this.view('Sessions').locator('.monaco-list-row').filter({ hasText: text }).first();
  }

  /**
   * Clicks the row of the "Sessions" view that shows this text until its session is open. A row that is drawn anew, or
   * that moves, while the button goes down and up takes no click.
   */
  async openRow(text: string): Promise<void> {
    const active = this.page.locator('.tabs-container .tab.active').filter({ hasText: text });
    await waitFor(
      async () => {
        await this.row(text).click();
        await active.first().waitFor({ timeout: 5000 });
        return true;
      },
      { what: `the row “${text}” to open its session` },
    );
  }

  /** Waits until the row of the "Sessions" view that shows this text says this to a screen reader. */
  async untilRowSays(text: string, words: RegExp): Promise<void> {
    const row = this.row(text);
    await waitFor(
      async () => {
        const label = await row.getAttribute('aria-label');
        return label !== null && words.test(label);
      },
      { what: `the row “${text}” to say ${words}` },
    );
  }

  /** The texts of the rows of a view, with their depth in the tree (1: top). */
  async rows(title: string): Promise<{ readonly text: string; readonly level: number }[]> {
    return this.view(title)
      .locator('.monaco-list-row')
      .evaluateAll((rows) =>
        rows.map((row) => ({
          text: row.querySelector('.label-name')?.textContent ?? row.textContent ?? '',
          level: Number(row.getAttribute('aria-level')),
        })),
      );
  }

  /** Opens the row below which others stand, if it is closed. */
  async expand(row: Locator): Promise<void> {
    await row.waitFor();
    if ((await row.getAttribute('aria-expanded')) !== 'false') return;
    await row.locator('.monaco-tl-twistie').click();
  }

  /** Picks an entry of the row's context menu. */
  async pickFromMenu(row: Locator, entry: string): Promise<void> {
    const item = this.page.locator('.context-view .action-menu-item').filter({
      has: this.page.locator(`.action-label[aria-label="${entry}"]`),
    });
    await waitFor(
      async () => {
        if (!(await item.isVisible())) await row.click({ button: 'right' });
        // A menu that has just opened takes no click; one whose row changes closes by itself.
        await item.click({ timeout: 2000 });
        await item.waitFor({ state: 'hidden', timeout: 2000 });
        return true;
      },
      { what: `the entry ${entry} to be picked` },
    );
  }

  /** Presses one of the buttons that a row shows while the pointer is over it. */
  async pressOnRow(row: Locator, button: string): Promise<void> {
    await row.hover();
    await row.locator(`.actions .action-label[aria-label^="${button}"]`).click();
  }

  /** The entries of the row's context menu, which is closed again. */
  async menuOf(row: Locator): Promise<string[]> {
    await row.click({ button: 'right' });
    const labels = this.page.locator('.context-view .action-menu-item .action-label');
    await labels.first().waitFor();
    const entries = await labels.allInnerTexts();
    await this.page.keyboard.press('Escape');
    return entries.filter((entry) => entry !== '');
  }

  /** Runs a command from the palette by its title. */
  async runCommand(title: string): Promise<void> {
    // The whole title, after its category: "New Session…" is also how "Run Command in New Session…" ends.
    const label = this.page
      .locator('.quick-input-list .monaco-list-row .label-name')
      .filter({ hasText: new RegExp(`(^|: )${title.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)}$`) });
    await waitFor(
      async () => {
        // The palette closes by itself when something else takes the focus meanwhile.
        await this.page.keyboard.press('F1');
        await this.quickInput.fill(`>${title}`, { timeout: 5000 });
        await label.first().click({ timeout: 5000 });
        return true;
      },
      { what: `the command “${title}” in the palette` },
    );
    await this.#untilTaken(`>${title}`);
  }

  get quickInput(): Locator {
    return this.page.locator('.quick-input-widget:visible .quick-input-box input');
  }

  /** Types into the open input box or quick pick and accepts. */
  async answerInput(text: string): Promise<void> {
    await this.quickInput.waitFor();
    await this.quickInput.fill(text);
    await this.quickInput.press('Enter');
    await this.#untilTaken(text);
  }

  /** Waits until what was typed is gone: what is typed next is then not meant for the same input. */
  async #untilTaken(text: string): Promise<void> {
    const input = this.quickInput;
    await waitFor(
      async () => !(await input.isVisible()) || (await input.inputValue({ timeout: 1000 })) !== text,
      {
        what: `“${text}” to be taken`,
      },
    );
  }

  /** Picks the entry of the open quick pick that shows this text. */
  async pick(text: string): Promise<void> {
    await this.page.locator('.quick-input-list .monaco-list-row').filter({ hasText: text }).first().click();
  }

  /** The texts of all notifications. */
  async notifications(): Promise<string[]> {
    await this.runCommand('Notifications: Show Notifications');
    return this.page.locator('.notifications-center .notification-list-item').allInnerTexts();
  }

  /** The notification with this text, in the list of all: a VS Code that is driven by a test shows no toasts (1.139). */
  async notification(text: string): Promise<Locator> {
    await this.runCommand('Notifications: Show Notifications');
    return this.page.locator('.notifications-center .notification-list-item').filter({ hasText: text });
  }

  /** The open modal dialog. */
  get dialog(): Locator {
    return this.page.locator('.monaco-dialog-box');
  }

  /** The entry of the status bar that shows this text. */
  statusBarItem(text: string | RegExp): Locator {
    return this.page.locator('.statusbar-item').filter({ hasText: text }).first();
  }

  /** The column of editors that has the focus, or had it last. */
  get activeGroup(): Locator {
    return this.page.locator('.editor-group-container.active');
  }

  /** The tabs of the editor area, by their titles. */
  async tabs(): Promise<string[]> {
    return this.page.locator('.tabs-container .tab .monaco-icon-label-container').evaluateAll((labels) =>
      labels.map((label) =>
        // The ending of a file's name stands beside it (VS Code 1.139).
        ['.label-name', '.label-suffix'].map((part) => label.querySelector(part)?.textContent ?? '').join(''),
      ),
    );
  }

  /** The page of the transcript that is looked at; give a text to wait for the transcript that shows it. */
  async transcript(text?: string): Promise<Frame> {
    return waitFor(() => this.#transcript(text), { what: `a transcript that shows ${text ?? 'anything'}` });
  }

  async #transcript(text: string | undefined): Promise<Frame | undefined> {
    for (const frame of this.page.frames()) {
      const root = frame.locator('#transcript');
      if ((await root.count()) === 0 || !(await root.isVisible())) continue;
      if (text === undefined || (await root.innerText()).includes(text)) return frame;
    }
    return undefined;
  }

  /** Starts a session whose title begins with `name`, with a script for the model; resolves when its row stands. */
  async startNamed(name: string, ...script: string[]): Promise<void> {
    await this.runCommand('OpenCode: New Session…');
    await this.answerInput([name, ...script].join(' ;; '));
    await this.row(name).waitFor();
  }

  /** Starts a session with a prompt and answers with its transcript, in which that prompt stands. */
  async startSession(prompt: string): Promise<Frame> {
    await this.runCommand('New Session…');
    await this.answerInput(prompt);
    return this.transcript(prompt);
  }

  /** Sends what a person would type into the composer of a transcript, of the one in view where there is but one. */
  async say(text: string, transcript?: Frame): Promise<void> {
    const frame = transcript ?? (await this.transcript());
    const composer = frame.locator('[data-testid=composer] textarea');
    await composer.fill(text);
    await composer.press('Enter');
  }

  /** Picks a colour theme; resolves when the window wears it. */
  async useTheme(theme: keyof typeof themes): Promise<void> {
    const { name, className } = themes[theme];
    await this.runCommand('Preferences: Color Theme');
    await this.answerInput(name);
    await this.page.locator(`.monaco-workbench[class*="${className}"]`).waitFor();
  }

  /** Closes what stands open, in the editor area and before it; what is unsaved is given up. */
  async closeEditors(): Promise<void> {
    await this.page.keyboard.press('Escape');
    await this.runCommand('View: Close All Editors');
    const discard = this.dialog.getByText('Don’t Save').or(this.dialog.getByText("Don't Save"));
    await waitFor(
      async () => {
        if (await discard.first().isVisible()) await discard.first().click();
        return (await this.tabs()).length === 0;
      },
      { what: 'the editors to close' },
    );
  }

  async screenshot(file: string): Promise<void> {
    await mkdir(dirname(file), { recursive: true });
    // What fades in is there.
    await this.page.screenshot({ path: file, animations: 'disabled' });
  }

  /**
   * Whether this text stands in what the editor and extensions keep of the workspace, as it is there after a reload: the
   * editor writes it into databases of the browser, some time after it was handed over (VS Code 1.139). `key` names one
   * of the values that the editor keeps.
   */
  async hasKept(text: string, key?: string): Promise<boolean> {
    return this.page.evaluate(
      async ([text, key]) => {
        const resultOf = <T>(request: IDBRequest<T>): Promise<T> =>
          new Promise((resolve, reject) => {
            request.addEventListener('success', () => resolve(request.result));
            request.addEventListener('error', () => reject(request.error ?? new Error('A database failed.')));
          });
        const databases = (await indexedDB.databases()).flatMap(({ name }) => name ?? []);
        for (const name of databases.filter((name) => name.startsWith('vscode-web-state-db-'))) {
          const database = await resultOf(indexedDB.open(name));
          const table = database.transaction('ItemTable').objectStore('ItemTable');
          const values = await resultOf(key === undefined ? table.getAll() : table.getAll(key));
          database.close();
          if (values.some((value) => typeof value === 'string' && value.includes(text))) return true;
        }
        return false;
      },
      [text, key] as const,
    );
  }

  /** Reloads the window, once it has written down that a tab with this text is open: that one is open afterwards. */
  async reload(tab?: string): Promise<void> {
    if (tab !== undefined) {
      const isKept = (): Promise<boolean> => this.hasKept(tab, 'memento/workbench.parts.editor');
      await waitFor(isKept, { what: `the tab “${tab}” to be written down` });
    }
    await this.page.reload();
    await this.#activity('Explorer').waitFor();
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }
}
