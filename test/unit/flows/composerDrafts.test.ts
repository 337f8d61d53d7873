import assert from 'node:assert/strict';
import { ComposerDrafts } from '../../../src/flows/prompting/composerDrafts.ts';
import { Memory } from '../views/memory.ts';
import { startTimer } from '../../../src/editor/timer.ts';

describe('what is kept of the composers', () => {
  const model = { providerID: 'local', modelID: 'think' };
  let drafts: ComposerDrafts;

  beforeEach(() => {
    drafts = new ComposerDrafts({ memento: new Memory(), startTimer });
  });

  afterEach(() => drafts.dispose());

  it('is what was picked for a prompt while that is on its way, and no text that could be sent twice', () => {
    drafts.send('ses_1', { text: 'Plan it', agent: 'plan', model });
    assert.deepEqual(drafts.get('ses_1'), { text: '', agent: 'plan', model });
  });

  it('is all prompts of which nobody saw what became, in their order, once the window was reloaded', () => {
    const memory = new Memory();
    const before = new ComposerDrafts({ memento: memory, startTimer });
    const [one, two, three] = [{ text: 'One' }, { text: 'Two' }, { text: 'Three' }];
    for (const sent of [one, two, three]) before.send('ses_1', sent);
    before.update('ses_1', { text: 'Four' });
    before.take('ses_1', two);
    before.dispose();
    drafts = new ComposerDrafts({ memento: memory, startTimer });
    assert.deepEqual(drafts.get('ses_1'), { text: 'One\n\nThree\n\nFour' });
  });

  it('is what was typed elsewhere and is about to be sent, also when the window ends at once', () => {
    const memory = new Memory();
    new ComposerDrafts({ memento: memory, startTimer }).hold('ses_1', { text: 'From a box' });
    drafts = new ComposerDrafts({ memento: memory, startTimer });
    assert.deepEqual(drafts.get('ses_1'), { text: 'From a box' });
  });

  it('is there at once where it is to be kept now, with what its words stand for', () => {
    const memory = new Memory();
    const before = new ComposerDrafts({ memento: memory, startTimer });
    const cart = { kind: 'session', word: '@"Cart"', label: 'Cart', sessionId: 'ses_9' } as const;
    const helper = { kind: 'agent', word: '@helper', label: 'helper' } as const;
    before.update('ses_1', { text: 'and @helper', mentions: [helper] });
    before.putBack('ses_1', { text: 'See @"Cart"', mentions: [cart] });
    before.keepNow();
    drafts = new ComposerDrafts({ memento: memory, startTimer });
    assert.deepEqual(drafts.get('ses_1'), {
      text: 'See @"Cart"\n\nand @helper',
      mentions: [cart, helper],
    });
    before.dispose();
  });

  describe('of a prompt that was typed again while nobody knew whether it arrived', () => {
    let memory: Memory;
    let again: { text: string };

    beforeEach(() => {
      memory = new Memory();
      drafts = new ComposerDrafts({ memento: memory, startTimer });
      const first = { text: 'Do X.' };
      drafts.send('ses_1', first);
      drafts.identify(first, 'msg_1');
      drafts.suspend(first);
      again = { text: 'Do X.' };
      drafts.send('ses_1', again);
      drafts.identify(again, 'msg_1');
    });

    const ways = {
      'was suspended again': () => drafts.suspend(again),
      'was put back': () => drafts.putBack('ses_1', again),
      'was on its way when the window ended': () => {
        drafts = new ComposerDrafts({ memento: memory, startTimer });
      },
    };
    for (const [way, happen] of Object.entries(ways)) {
      it(`is one text once it ${way}`, async () => {
        happen();
        await drafts.judge(
          () => Promise.resolve(false),
          () => undefined,
        );
        assert.equal(drafts.get('ses_1').text, 'Do X.');
      });
    }
  });

  describe('once the window was reloaded while prompts were on their way', () => {
    const picture = { kind: 'data', mime: 'image/png', filename: 'a.png', url: 'data:image/png,A' } as const;
    const sentOnes = [
      { text: 'Arrived' },
      { text: 'Lost', attachments: [picture] },
      { text: 'Unknown' },
      { text: 'Lost, too' },
    ];
    let memory: Memory;

    const reload = (): ComposerDrafts => {
      drafts.dispose();
      drafts = new ComposerDrafts({ memento: memory, startTimer });
      return drafts;
    };
    /** Those that did not arrive, the latest first. */
    const judge = async (
      hasArrived = (text: string) =>
        text === 'Unknown' ? Promise.reject(new Error('down')) : Promise.resolve(text === 'Arrived'),
    ): Promise<readonly string[]> => {
      const absent: string[] = [];
      await drafts.judge(
        ({ draft: { text } }) => hasArrived(text),
        ({ messageId }) => absent.push(messageId),
      );
      return absent;
    };

    beforeEach(() => {
      memory = new Memory();
      reload();
      for (const sent of sentOnes) {
        drafts.send('ses_1', sent);
        drafts.identify(sent, `msg_${sent.text}`);
      }
      drafts.update('ses_1', { text: 'Typed since' });
      reload();
    });

    it('is not what may have arrived, as long as nobody has asked', () => {
      assert.deepEqual(drafts.get('ses_1'), { text: 'Typed since' });
    });

    it('is what did not arrive, before what was typed since', async () => {
      assert.deepEqual(await judge(), ['msg_Lost, too', 'msg_Lost']);
      assert.deepEqual(drafts.get('ses_1'), {
        text: 'Lost\n\nLost, too\n\nTyped since',
        attachments: [picture],
      });
    });

    it('is each of them once, however often it is asked', async () => {
      await Promise.all([judge(), judge()]);
      reload();
      assert.deepEqual(await judge(), []);
      assert.equal(drafts.get('ses_1').text, 'Lost\n\nLost, too\n\nTyped since');
    });

    it('is also what nobody could tell of, when the server can', async () => {
      await judge();
      reload();
      assert.deepEqual(await judge(() => Promise.resolve(false)), ['msg_Unknown']);
      assert.match(drafts.get('ses_1').text, /^Unknown\n\nLost/);
    });

    it('is nothing of what was seen to arrive before', async () => {
      const sent = { text: 'Seen' };
      drafts.send('ses_2', sent);
      drafts.identify(sent, 'msg_seen');
      drafts.take('ses_2', sent);
      reload();
      await judge((text) => Promise.resolve(text !== 'Seen'));
      assert.deepEqual(drafts.get('ses_2'), { text: '' });
    });
  });

  it('is nothing of a prompt that was taken, nor what was picked for it', () => {
    const sent = { text: 'Plan it', agent: 'plan', model };
    drafts.send('ses_1', sent);
    drafts.take('ses_1', sent);
    assert.deepEqual(drafts.get('ses_1'), { text: '' });
  });

  it('is who answers next, where that is not who answers what was taken, unless another was picked since', () => {
    const sent = { text: '/commit' };
    const kept = { agent: 'build', model };
    drafts.send('ses_1', sent);
    drafts.take('ses_1', sent, kept);
    assert.deepEqual(drafts.get('ses_1'), { text: '', ...kept });
    drafts.send('ses_2', sent);
    drafts.update('ses_2', { text: '', agent: 'plan' });
    drafts.take('ses_2', sent, kept);
    assert.deepEqual(drafts.get('ses_2'), { text: '', agent: 'plan', model });
  });

  it('is what was typed while a prompt was on its way, and what was picked since', () => {
    const sent = { text: 'Plan it', agent: 'plan', model };
    drafts.send('ses_1', sent);
    drafts.update('ses_1', { text: 'And then', agent: 'build', model: { ...model } });
    drafts.take('ses_1', sent);
    assert.deepEqual(drafts.get('ses_1'), { text: 'And then', agent: 'build' });
  });

  it('is the attachments told last where a page tells of none, and none where it tells that there are none', () => {
    const attachments = [{ kind: 'file', path: 'a.ts' } as const];
    drafts.update('ses_1', { text: 'See', attachments });
    drafts.update('ses_1', { text: 'See this' });
    assert.deepEqual(drafts.get('ses_1'), { text: 'See this', attachments });
    drafts.update('ses_1', { text: 'See this', attachments: [] });
    assert.deepEqual(drafts.get('ses_1').attachments, []);
  });

  it('is a prompt that was not taken before what was typed since', () => {
    const sent = { text: 'Plan it', agent: 'plan', attachments: [{ kind: 'file', path: 'a.ts' } as const] };
    drafts.send('ses_1', sent);
    drafts.putBack('ses_1', sent);
    assert.deepEqual(drafts.get('ses_1'), sent);
    drafts.send('ses_1', sent);
    drafts.update('ses_1', { text: 'And then', attachments: [] });
    drafts.putBack('ses_1', sent);
    assert.deepEqual(drafts.get('ses_1'), { ...sent, text: 'Plan it\n\nAnd then' });
  });

  it('is what is put into a composer that is not shown, behind what stands there', () => {
    drafts.add('ses_1', { text: 'Again' });
    assert.deepEqual(drafts.get('ses_1'), { text: 'Again' });
    drafts.add('ses_1', { text: '', attachments: [{ kind: 'file', path: 'a.ts' }] });
    drafts.add('ses_1', { text: 'More' });
    assert.deepEqual(drafts.get('ses_1'), {
      text: 'Again\n\nMore',
      attachments: [{ kind: 'file', path: 'a.ts' }],
    });
  });
});
