import assert from 'node:assert/strict';
import { SeededRandom } from '../../workbench/seededRandom.ts';
import { aMessage, anotherSession, aText, aView } from '../builders.ts';
import { usePage } from '../usePage.ts';

describe('The composer and what is undone', () => {
  const { shown, composer } = usePage();

  const text = () => composer().inputValue();

  const undo = () => shown.page.keyboard.press('ControlOrMeta+z');

  const redo = () => shown.page.keyboard.press('ControlOrMeta+Shift+z');

  /** Presses until the text changes no more; answers with the texts. */
  const walk = async (step: () => Promise<void>): Promise<string[]> => {
    const texts = [await text()];
    for (let same = 0; same < 3;) {
      await step();
      const next = await text();
      if (next === texts.at(-1)) same += 1;
      else {
        same = 0;
        texts.push(next);
      }
    }
    return texts;
  };

  const complete = async (word: string, insert: string) => {
    await composer().pressSequentially(word);
    const asked = (await shown.allPosted()).findLast((message) => message.type === 'complete');
    const token = asked?.type === 'complete' ? asked.token : '';
    const items = [{ kind: 'agent', label: insert, insert }] as const;
    await shown.send({ type: 'completions', token, items });
    await composer().press('Enter');
  };

  it('leads back and forth through the same texts after a completion', async () => {
    await shown.send({ type: 'show', view: aView() });
    await composer().focus();
    await complete('look at @hel', '@helper');
    assert.equal(await text(), 'look at @helper ');
    await composer().pressSequentially('please');
    const back = await walk(undo);
    assert.deepEqual([back[0], back.at(-1)], ['look at @helper please', '']);
    assert.ok(back.includes('look at @hel'), back.join('|'));
    assert.deepEqual(await walk(redo), back.toReversed());
  });

  it('leads through no text that never stood there, whatever came between, also as the editor asks for it', async () => {
    const sent = ['First things first', 'And then\nthis'];
    const entries = sent.map((said, index) => aMessage(index * 2, aText(`prt_${index}`, said)));
    const asEditor = (name: string) => async () => {
      await shown.page.evaluate((command) => document.execCommand(command), name);
    };
    for (let seed = 1; seed <= 6; seed += 1) {
      const random = new SeededRandom(seed);
      const sessionId = `ses_u${seed}`;
      const view = aView({ entries });
      await shown.send({ type: 'show', view: { ...view, header: { ...view.header, sessionId } } });
      await composer().focus();
      const seen = new Set([await text()]);
      const press = async (...keys: readonly string[]) => {
        for (const key of keys) {
          await shown.page.keyboard.press(key);
          seen.add(await text());
        }
      };
      const acts: readonly (() => Promise<void>)[] = [
        () => press('a', 'b', 'Space'),
        () => press('Shift+Enter', '1'),
        () => press('Backspace'),
        () => press('ArrowLeft', 'x'),
        () => press('Control+Home', 'ArrowUp'),
        () => press('Control+End', 'ArrowDown'),
        () => shown.send({ type: 'insert', sessionId, text: ' put in ' }),
        () => shown.send({ type: 'unsent', sessionId, draft: { text: 'given back' }, problem: 'No.' }),
        () => press('End', 'Alt+Enter'),
        async () => {
          await press('Control+End', 'Space', '@', 'h', 'e');
          await complete('', '@helper');
        },
      ];
      const done: number[] = [];
      for (let step = 0; step < 12; step += 1) {
        const index = random.whole(0, acts.length - 1);
        done.push(index);
        await acts[index]?.();
        seen.add(await text());
      }
      const steps = seed % 2 === 0 ? [undo, redo] : [asEditor('undo'), asEditor('redo')];
      const back = await walk(steps[0] ?? undo);
      const how = `seed ${seed}, acts ${done.join(' ')}: ${JSON.stringify(back)}`;
      for (const one of back) assert.ok(seen.has(one), `${JSON.stringify(one)} never stood there; ${how}`);
      const forth = await walk(steps[1] ?? redo);
      // The browser may redo in one step what it undid in two.
      let at = 0;
      const wayBack = back.toReversed();
      for (const one of forth)
        at = wayBack.indexOf(one, at) + 1 || assert.fail(`${JSON.stringify(one)}; ${how}`);
      assert.equal(forth.at(-1), back[0], how);
    }
  });

  it('leads to no text of another session', async () => {
    await shown.send({ type: 'show', view: aView() });
    await composer().pressSequentially('Mine alone');
    await shown.send({ type: 'show', view: anotherSession() });
    assert.equal(await text(), 'Other');
    await composer().press('End');
    await composer().pressSequentially(' one');
    assert.deepEqual((await walk(undo)).toReversed(), await walk(redo));
    assert.deepEqual((await walk(undo)).at(-1), 'Other');
    await shown.send({ type: 'show', view: aView({ draft: { text: 'Mine alone' } }) });
    await composer().focus();
    assert.deepEqual(await walk(undo), ['Mine alone']);
    assert.deepEqual(await walk(redo), ['Mine alone']);
  });

  it('gives back what was sent', async () => {
    await shown.send({ type: 'show', view: aView() });
    await composer().pressSequentially('Do it');
    await composer().press('Enter');
    await shown.posted('send');
    assert.equal(await text(), '');
    await undo();
    assert.equal(await text(), 'Do it');
    assert.equal((await shown.allPosted()).filter(({ type }) => type === 'send').length, 0);
  });

  it('takes a long text that comes back at once, and goes on from there', async () => {
    await shown.send({ type: 'show', view: aView() });
    await composer().pressSequentially('Since then');
    const long = Array.from({ length: 2000 }, (_, line) => `line ${line}`).join('\n');
    await shown.send({ type: 'unsent', sessionId: 'ses_1', draft: { text: long }, problem: 'No.' });
    assert.equal(await text(), `${long}\n\nSince then`);
    await shown.page.keyboard.type('!');
    await undo();
    assert.equal(await text(), `${long}\n\nSince then`);
    await undo();
    assert.equal(await text(), `${long}\n\nSince then`);
  });
});
