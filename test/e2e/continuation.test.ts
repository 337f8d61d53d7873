import assert from 'node:assert/strict';
import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { demoTitles } from '../workbench/demoSessions.ts';
import { waitFor } from '../workbench/waitFor.ts';
import { answersIn, type Workbench } from '../workbench/workbench.ts';
import { pickWay, turnWith } from './continuing.ts';
import { closeWindow, openShop, sharedBench } from './sharedBench.ts';

/** The editor group that has the focus, once it shows the draft of that name with its lenses. */
async function draftNamed({ page, activeGroup: group }: Workbench, name: string): Promise<Locator> {
  const tab = page.locator('.editor-group-container .tab').filter({ hasText: name }).first();
  await waitFor(
    async () => {
      const active = group.locator('.tab.active').filter({ hasText: name });
      await active.waitFor({ timeout: 5000 }).catch(() => tab.click({ timeout: 5000 }));
      return active.isVisible();
    },
    { what: `the draft ${name} in front` },
  );
  await group.locator('.codelens-decoration').first().waitFor();
  return group;
}

/** Presses the lens of the draft that is looked at. */
async function pressLens(draft: Locator, text: string): Promise<void> {
  await draft.locator('.codelens-decoration a').filter({ hasText: text }).first().click();
}

/** Puts the cursor at the end of the draft and types. */
async function typeAtEnd(draft: Locator, text: string): Promise<void> {
  await draft.locator('.monaco-editor .view-lines').click();
  const { keyboard } = draft.page();
  await keyboard.press('Control+End');
  await keyboard.type(text);
}

/** Resolves when a draft with this text lies in the storage of the workspace. */
async function draftIsSaved(text: string): Promise<void> {
  const { vscode } = await sharedBench();
  await waitFor(
    async () => {
      for await (const file of glob(join(vscode.folder, '**', 'drafts', '*.md'))) {
        if ((await readFile(file, 'utf8')).includes(text)) return true;
      }
      return false;
    },
    { what: `a saved draft with "${text}"` },
  );
}

async function tabIsGone(workbench: Workbench, title: RegExp): Promise<void> {
  await waitFor(async () => (await workbench.tabs()).every((tab) => !title.test(tab)), {
    what: `the tab ${String(title)} to close`,
  });
}

describe('continuation prompts', () => {
  let workbench: Workbench;

  before(async () => {
    workbench = await openShop();
    // The first connection starts a server.
    await workbench.row(demoTitles.rounding).waitFor({ timeout: 180_000 });
  });

  after(() => closeWindow(workbench));

  it('relay to another agent from the context menu', async () => {
    await workbench.pickFromMenu(workbench.row(demoTitles.rounding), 'Relay to Agent…');
    await workbench.pick('build');
    await workbench.answerInput('say: Relayed to the build agent.');
    await workbench.dialog.getByText('Relay', { exact: true }).click();
    const turn = await turnWith('Relayed to the build agent');
    assert.ok(turn.messages.some(({ text }) => text.includes('basket')));
    assert.ok(turn.tools.includes('edit'));
    const prompt = turn.messages.findLast(({ role }) => role === 'user')?.text ?? '';
    assert.match(prompt, /^The \w+ agent finished: "/, 'what was done last goes before it');
    await workbench.openRow(demoTitles.rounding);
    const transcript = await workbench.transcript('Relayed to the build agent.');
    await transcript.getByTestId('agent-change').filter({ hasText: '→ build' }).last().waitFor();
  });

  it('relay to a session that works, in a row below it until its turn has settled', async () => {
    const { shop } = await sharedBench();
    await workbench.startNamed('Work that takes long', 'hold: relay', 'say: The work is done.');
    await workbench.untilRowSays('Work that takes long', /working/);
    await workbench.pickFromMenu(workbench.row('Work that takes long'), 'Relay to Agent…');
    await workbench.pick('plan');
    await workbench.answerInput('say: Relayed once it was done.');
    const relay = workbench.row('Relay to plan');
    await relay.waitFor();
    shop.model.release('relay');
    const turn = await turnWith('Relayed once it was done');
    assert.ok(turn.messages.some(({ text }) => text.includes('The work is done.')));
    await relay.waitFor({ state: 'detached' });
  });

  it('hand off from the palette, as a draft that survives a reload and is sent as it stands', async () => {
    await workbench.untilRowSays(demoTitles.rounding, /idle|finished/);
    await workbench.openRow(demoTitles.rounding);
    await workbench.transcript('Relayed to the build agent.');
    await workbench.runCommand('OpenCode: Hand Off to Fresh Session…');
    await workbench.answerInput('Fix the rounding of taxes');
    await typeAtEnd(await draftNamed(workbench, 'Handoff – '), 'say: Handed off with a word of mine.');
    await workbench.page.keyboard.press('Control+S');
    await draftIsSaved('say: Handed off with a word of mine.');
    await workbench.reload();
    await workbench.openSessionsView();
    // Whether a browser that is reloaded at once brings its tabs back is VS Code's affair; the draft is there.
    await workbench.runCommand('OpenCode: Open Draft…');
    await workbench.pick('Handoff – ');
    await pressLens(await draftNamed(workbench, 'Handoff – '), 'sends to build in a new session');
    const turn = await turnWith('Handed off with a word of mine');
    assert.equal(turn.messages.filter(({ role }) => role === 'user').length, 1);
    assert.match(
      turn.messages[0]?.text ?? '',
      /## Session Handoff[\s\S]+\*\*Goal:\*\* Fix the rounding of taxes/,
    );
    await tabIsGone(workbench, /^Handoff – /);
    await workbench.row(`Handoff: ${demoTitles.rounding}`).waitFor();
  });

  it('fork with a prompt from the context menu, typed at once into the composer of the fork', async () => {
    await workbench.pickFromMenu(workbench.row(demoTitles.rounding), 'Fork with Prompt…');
    const fork = await workbench.transcript('(fork #1)');
    await fork.locator('[data-testid=composer] textarea:focus').waitFor();
    await workbench.page.keyboard.type('say: Forked with a prompt.');
    await workbench.page.keyboard.press('Enter');
    const turn = await turnWith('Forked with a prompt');
    assert.ok(turn.messages.some(({ text }) => text.includes('Relayed to the build agent')));
  });

  it('fork into approaches from the palette, side by side below their source', async () => {
    await workbench.openRow(demoTitles.slidingWindow);
    await workbench.transcript('I would take the sliding window');
    await workbench.runCommand('OpenCode: Fork into Approaches…');
    const draft = await draftNamed(workbench, 'Approaches – ');
    // What asks for the first approach is selected, and Tab goes to the second.
    await draft.locator('.selected-text').first().waitFor();
    const { keyboard } = workbench.page;
    await keyboard.type('say: The first approach.');
    await keyboard.press('Tab');
    await keyboard.type('say: The second approach.');
    await typeAtEnd(draft, '\n\n## Approach C\n\nsay: The third approach.');
    await draft.locator('.codelens-decoration').filter({ hasText: 'starts 3 forks' }).waitFor();
    await keyboard.press('Control+Enter');
    await tabIsGone(workbench, /^Approaches – /);
    await Promise.all(['first', 'second', 'third'].map((name) => turnWith(`say: The ${name} approach`)));
    await waitFor(
      async () => {
        const rows = await workbench.rows('Sessions');
        return ['A', 'B', 'C'].every((name) =>
          rows.some(({ text }) => text === `${demoTitles.slidingWindow}: Approach ${name}`),
        );
      },
      { what: 'the three approaches below their source' },
    );
  });

  it('compact from the context menu, with guidance that the summary reads, and go on', async () => {
    const { shop } = await sharedBench();
    await workbench.pickFromMenu(workbench.row(demoTitles.rateLimit), 'Compact Session and Continue…');
    const draft = await draftNamed(workbench, 'Compact – ');
    await typeAtEnd(draft, '\n\nsay: On after the compaction.');
    await pressLens(draft, 'compacts “');
    await turnWith('On after the compaction');
    const summary = shop.model.requests.find(({ kind }) => kind === 'compaction');
    assert.match(
      summary?.messages.map(({ text }) => text).join('\n') ?? '',
      /\[Compacting session - build agent will respond after completion\]/,
    );
    await tabIsGone(workbench, /^Compact – /);
  });

  it('tell a session something from the palette, which its next turn reads', async () => {
    await workbench.openRow(demoTitles.rounding);
    await workbench.transcript('Relayed to the build agent.');
    await workbench.runCommand('OpenCode: Tell Session (No Reply)…');
    await workbench.answerInput('Taxes are per mille.');
    const told = await workbench.transcript('Context added to the prompt');
    await workbench.say('say: I know about the taxes.', told);
    const turn = await turnWith('I know about the taxes');
    assert.ok(turn.messages.some(({ text }) => text.includes('Taxes are per mille.')));
  });

  it('hand off from an earlier message, by a right-click in the transcript', async () => {
    const frame = await workbench.startSession('say: The first answer stands.');
    await answersIn(frame, 'The first answer stands.').waitFor();
    await workbench.say('say: The second answer does not.', frame);
    await answersIn(frame, 'The second answer does not.').waitFor();
    await workbench.pickFromMenu(answersIn(frame, 'The first answer stands.'), 'Hand Off from Message…');
    await workbench.answerInput('Go on from the first one');
    const draft = await draftNamed(workbench, 'Handoff – ');
    await draft.locator('.codelens-decoration').filter({ hasText: 'Ends with the chosen message' }).waitFor();
    await pressLens(draft, 'sends to build in a new session');
    const turn = await turnWith('Go on from the first one');
    const said = turn.messages.map(({ text }) => text).join('\n');
    assert.match(said, /The first answer stands\./);
    assert.doesNotMatch(said, /The second answer/);
    await tabIsGone(workbench, /^Handoff – /);
  });
});

describe('the verbs', () => {
  let workbench: Workbench;
  let row: Locator;
  // Half of its context is used: its row offers to compact it.
  const name = 'Long work';

  before(async () => {
    const { shop } = await sharedBench();
    workbench = await openShop(await shop.addFolder());
    await workbench.startNamed(name, 'usage: 120000 50 ;; say: Much was done.');
    row = workbench.row(name);
    await workbench.untilRowSays(name, /idle|finished/);
  });

  after(() => closeWindow(workbench));

  /** What the pick of a row's button calls the verbs. */
  const picks: Readonly<Record<string, string>> = {
    'Relay to Agent…': 'Relay to Another Agent…',
    'Hand Off to Fresh Session…': 'Hand Off…',
    'Compact Session and Continue…': 'Compact…',
    'Fork Session Here': 'Fork',
  };

  const pick = (title: string): Promise<void> => pickWay(workbench, picks[title] ?? title);

  const ways: Readonly<Record<string, (title: string) => Promise<void>>> = {
    'the palette': async (title) => {
      await row.click();
      await workbench.transcript('Much was done.');
      await workbench.runCommand(`OpenCode: ${title}`);
    },
    'a button on the row': async (title) => {
      await workbench.pressOnRow(row, 'Continue Session…');
      await pick(title);
    },
    'a right-click on the row': (title) => workbench.pickFromMenu(row, title),
  };

  /** Waits for the question with this title, and leaves it without an answer. */
  const asked = async (title: RegExp): Promise<void> => {
    const { page } = workbench;
    await page.locator('.quick-input-title').filter({ hasText: title }).waitFor();
    await page.keyboard.press('Escape');
    await page.locator('.quick-input-title').filter({ hasText: title }).waitFor({ state: 'hidden' });
  };

  for (const [way, run] of Object.entries(ways)) {
    it(`are reached by ${way}`, async () => {
      await run('Relay to Agent…');
      await asked(/Relay “Long work.*” to Which Agent/);
      await run('Hand Off to Fresh Session…');
      await asked(/Hand Off “Long work/);
      await run('Compact Session and Continue…');
      const draft = await draftNamed(workbench, 'Compact – Long work');
      await pressLens(draft, 'Discard');
      await tabIsGone(workbench, /^Compact – /);
    });
  }

  it('fork by each of them, each time under another title', async () => {
    for (const [index, run] of Object.values(ways).entries()) {
      await run('Fork Session Here');
      await workbench.row(`(fork #${index + 1})`).waitFor();
    }
  });

  // Twice: where the row of a fork is put and where it is shown are two answers that come in any order.
  for (const answer of ['The first answer.', 'An early answer.']) {
    it(`fork at a message by the button that it shows under the pointer: ${answer}`, async () => {
      const frame = await workbench.startSession(`say: ${answer}`);
      await answersIn(frame, answer).waitFor();
      await workbench.say('say: The second answer.', frame);
      await answersIn(frame, 'The second answer.').waitFor();
      const message = frame.locator('[data-role=assistant]').filter({ hasText: answer });
      await message.hover();
      await message.getByRole('button', { name: 'Fork Session Here' }).click();
      await workbench.row(`${answer} (fork #1)`).waitFor();
      const fork = await workbench.transcript('(fork #1)');
      await answersIn(fork, answer).waitFor();
      assert.equal(await answersIn(fork, 'The second answer.').count(), 0);
    });
  }

  it('compact and hand off from the context meter of a transcript', async () => {
    await row.click();
    const frame = await workbench.transcript('Much was done.');
    const meter = frame.getByTestId('context-meter');
    await meter.click();
    await pick('Hand Off to Fresh Session…');
    await asked(/Hand Off “Long work/);
    await meter.click();
    await pick('Compact Session and Continue…');
    await pressLens(await draftNamed(workbench, 'Compact – Long work'), 'Discard');
    await tabIsGone(workbench, /^Compact – /);
  });
});
