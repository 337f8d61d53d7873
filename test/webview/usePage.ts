import assert from 'node:assert/strict';
import type { Locator, Page } from 'playwright-core';
import { PageBench, type TranscriptPage } from './transcriptPage.ts';

/** A page and the host's side of it. */
export type Shown = Pick<TranscriptPage, 'page' | 'send' | 'posted' | 'allPosted'>;

/** The page of the test that runs, and what tests look for in it. */
interface UsedPage {
  readonly shown: Shown;
  readonly part: (id: string) => Locator;
  /** The field for the prompt. */
  readonly composer: () => Locator;
  /** Opens one more; whoever does closes it. */
  readonly open: PageBench['open'];
  /** Where the page is, under a theme. */
  readonly address: PageBench['server']['address'];
}

/**
 * Gives each test of the suite around it a page of its own, all in one browser, and fails those that left errors in it.
 * `isUnfolded`: the calls of what is sent stand open, with their diffs.
 */
export function usePage({ isUnfolded = false } = {}): UsedPage {
  let bench: PageBench;
  let shown: TranscriptPage;

  before(async () => {
    bench = await PageBench.start();
  });

  beforeEach(async () => {
    shown = await bench.open({ height: 3000 });
    if (isUnfolded) await shown.send({ type: 'init', settings: { enterSends: true, openDiffs: true } });
  });

  afterEach(async () => {
    assert.deepEqual(shown.errors, []);
    await shown.close();
  });

  after(() => bench.stop());

  return {
    shown: {
      get page(): Page {
        return shown.page;
      },
      send: async (...messages) => {
        await shown.send(...messages);
        if (isUnfolded) await openGroups(shown.page);
      },
      posted: (type) => shown.posted(type),
      allPosted: () => shown.allPosted(),
    },
    part: (id) => shown.page.locator(`[data-part-id="${id}"]`),
    composer: () => shown.page.getByTestId('composer').locator('.composer-box textarea'),
    open: (options) => bench.open(options),
    address: (theme) => bench.server.address(theme),
  };
}

/** Opens what calls are folded to. */
export async function openGroups(page: Page): Promise<void> {
  const closed = page.locator('.session:not(.kept) [data-testid=call-group][aria-expanded=false]');
  while ((await closed.count()) > 0) await closed.first().click();
}
