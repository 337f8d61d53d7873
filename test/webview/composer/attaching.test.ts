import assert from 'node:assert/strict';
import { anotherSession, aView } from '../builders.ts';
import { sampleSession } from '../sampleSession.ts';
import { usePage } from '../usePage.ts';

describe('The composer and what is attached', () => {
  const { shown, composer } = usePage();

  const pasteFile = (name: string, megabytes: number) =>
    composer().evaluate(
      (field, [fileName, size]) => {
        const clipboardData = new DataTransfer();
        const content = new Uint8Array(size * 1024 * 1024).fill(size);
        clipboardData.items.add(new File([content], fileName, { type: 'image/png' }));
        field.dispatchEvent(new ClipboardEvent('paste', { clipboardData, cancelable: true, bubbles: true }));
      },
      [name, megabytes] as const,
    );

  it('pastes the text that comes with a picture of it, and a picture or a file alone', async () => {
    await shown.send({ type: 'show', view: aView() });
    const paste = (text: string) =>
      composer().evaluate((field, copied) => {
        const clipboardData = new DataTransfer();
        clipboardData.items.add(new File(['…'], 'image.png', { type: 'image/png' }));
        if (copied !== '') clipboardData.setData('text/plain', copied);
        const event = new ClipboardEvent('paste', { clipboardData, cancelable: true, bubbles: true });
        return field.dispatchEvent(event);
      }, text);
    const chips = shown.page.getByTestId('composer').locator('.chip');
    assert.equal(await paste('1\t2'), true, 'The editor of the page puts the text in.');
    assert.equal(await chips.count(), 0);
    assert.equal(await paste('image.png'), false, 'A file manager names the file.');
    await chips.first().waitFor();
    assert.equal(await paste(''), false);
  });

  it('gives the host a file that was still being read for one session when another is shown', async () => {
    await shown.send({ type: 'show', view: aView() });
    await composer().evaluate((field, view) => {
      const clipboardData = new DataTransfer();
      clipboardData.items.add(new File([new Uint8Array(1000)], 'a.png', { type: 'image/png' }));
      field.dispatchEvent(new ClipboardEvent('paste', { clipboardData, cancelable: true, bubbles: true }));
      // Before the file was read, which takes at least a turn of the event loop.
      window.dispatchEvent(new MessageEvent('message', { data: { type: 'show', view } }));
    }, anotherSession());
    const { sessionId, attachments } = await shown.posted('attach');
    assert.deepEqual([sessionId, attachments.length], ['ses_1', 1]);
    assert.equal(await shown.page.getByTestId('composer').locator('.chip').count(), 0);
    await shown.send({ type: 'insert', sessionId: 'ses_2', text: '', attachments });
    assert.equal(await shown.page.getByTestId('composer').locator('.chip').count(), 1);
  });

  it('takes files that are dropped anywhere on the page, shows where they will be, and leaves texts alone', async () => {
    await shown.send({ type: 'show', view: sampleSession() });
    const drag = (type: string, kind: 'file' | 'text') =>
      shown.page.locator('.scroller').evaluate(
        (target, [name, what]) => {
          const dataTransfer = new DataTransfer();
          if (what === 'file')
            dataTransfer.items.add(new File([new Uint8Array(10)], 'a.png', { type: 'image/png' }));
          else dataTransfer.setData('text/plain', 'words');
          const options = { dataTransfer, cancelable: true, bubbles: true };
          return !target.dispatchEvent(new DragEvent(name, options));
        },
        [type, kind] as const,
      );
    const isMarked = () => composer().evaluate((field) => field.closest('.dropping') !== null);
    assert.equal(await drag('dragover', 'text'), false, 'The field takes a text by itself.');
    assert.equal(await isMarked(), false);
    assert.equal(await drag('dragover', 'file'), true);
    assert.equal(await isMarked(), true);
    await drag('dragleave', 'file');
    assert.equal(await isMarked(), false);
    assert.equal(await drag('drop', 'file'), true);
    await shown.page.getByTestId('composer').locator('.chip', { hasText: 'a.png' }).waitFor();
  });

  it('attaches a file that is dragged from the explorer by its path, also one of Windows', async () => {
    await shown.send({ type: 'show', view: aView() });
    const addresses = [
      'file:///c%3A/Work/My%20Shop/cart.ts',
      'file:///D:/cart.ts',
      'file:///work/c:/cart.ts',
    ];
    await composer().evaluate((field, lines) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.setData('application/vnd.code.uri-list', lines.join('\r\n'));
      field.dispatchEvent(new DragEvent('drop', { dataTransfer, cancelable: true, bubbles: true }));
    }, addresses);
    const { attachments } = (await shown.posted('draft')).draft;
    assert.deepEqual(
      attachments?.map((attachment) => attachment.kind === 'file' && attachment.path),
      ['c:/Work/My Shop/cart.ts', 'D:/cart.ts', '/work/c:/cart.ts'],
    );
  });

  it('tells the host of attachments once, not again with each word that is typed', async () => {
    await shown.send({ type: 'show', view: aView() });
    await pasteFile('a.png', 1);
    assert.equal((await shown.posted('draft')).draft.attachments?.length, 1);
    await composer().fill('See this');
    const typed = await shown.posted('draft');
    assert.deepEqual(typed.draft, { text: 'See this' });
    await composer().press('Enter');
    const sent = await shown.posted('send');
    assert.equal(sent.draft.attachments?.length, 1);
    await composer().fill('Next');
    assert.deepEqual((await shown.posted('draft')).draft, { text: 'Next', attachments: [] });
    await shown.send({ ...sent, type: 'unsent', problem: 'The server is not there.' });
    assert.equal((await shown.posted('draft')).draft.attachments?.length, 1);
  });

  it('attaches no file that is too large for a prompt, and says what to do', async () => {
    await shown.send({ type: 'show', view: aView() });
    const problem = shown.page.getByTestId('composer-problem');
    await pasteFile('film.png', 11);
    await problem.getByText('film.png').waitFor();
    assert.match(await problem.innerText(), /10 MB.*mention it with @/);
    const chips = shown.page.getByTestId('composer').locator('.chip');
    assert.equal(await chips.count(), 0);
    await pasteFile('a.png', 9);
    await pasteFile('b.png', 8);
    await chips.nth(1).waitFor();
    await pasteFile('c.png', 7);
    await problem.getByText('c.png').waitFor();
    assert.equal(await chips.count(), 2);
  });
});
