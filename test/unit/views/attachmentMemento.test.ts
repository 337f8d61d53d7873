import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Emitter } from '../../../src/core/event.ts';
import { PromptQueue } from '../../../src/flows/prompting/promptQueue.ts';
import type { Attachment } from '../../../src/protocol/page/composer.ts';
import { AttachmentMemento } from '../../../src/views/transcript/attachmentMemento.ts';
import { ComposerDrafts } from '../../../src/flows/prompting/composerDrafts.ts';
import { Memory } from './memory.ts';
import { startTimer } from '../../../src/editor/timer.ts';
import { SwitchedHold } from '../core/switchedHold.ts';

const noLog = { debug() {}, info() {}, warn() {}, error() {} };

describe('the attachments of drafts and queued prompts', () => {
  const attachment: Attachment = { kind: 'file', path: 'src/a.ts' };
  const picture: Attachment = {
    kind: 'data',
    mime: 'image/png',
    filename: 'a.png',
    url: `data:image/png;base64,${'A'.repeat(1_000_000)}`,
  };
  const draft = { text: 'See', attachments: [attachment, picture] };
  let parent: string;
  let folder: string;
  let memory: Memory;

  beforeEach(() => {
    parent = mkdtempSync(join(tmpdir(), 'attachments-'));
    folder = join(parent, 'attachments');
    memory = new Memory();
  });

  afterEach(() => rmSync(parent, { recursive: true }));

  const open = (): AttachmentMemento => new AttachmentMemento(memory, folder, noLog);

  /** Changes what the window keeps in its composers, and closes it. */
  const inWindow = (change: (drafts: ComposerDrafts) => void): void => {
    const drafts = new ComposerDrafts({ memento: open(), startTimer });
    change(drafts);
    drafts.dispose();
  };

  const kept = (): ComposerDrafts => new ComposerDrafts({ memento: open(), startTimer });

  it('are there over a reload, and the editor keeps none of their data', () => {
    inWindow((drafts) => drafts.update('ses_1', draft));
    assert.deepEqual(kept().get('ses_1'), draft);
    const values = memory.keys().map((key) => JSON.stringify(memory.get(key)));
    assert.equal(
      values.every((value) => value.length < 1000),
      true,
    );
  });

  it('are written once, not with each text', () => {
    inWindow((drafts) => drafts.update('ses_1', draft));
    const [name = ''] = readdirSync(folder);
    const { ino, mtimeMs } = statSync(join(folder, name));
    inWindow((drafts) => {
      drafts.update('ses_1', { text: 'See this' });
      drafts.update('ses_2', { text: 'Other' });
    });
    assert.deepEqual(readdirSync(folder), [name]);
    const after = statSync(join(folder, name));
    assert.deepEqual([after.ino, after.mtimeMs], [ino, mtimeMs]);
    assert.deepEqual(kept().get('ses_1'), { ...draft, text: 'See this' });
  });

  it('stay as long as a prompt of the queue has them, and are gone with the last that has', async () => {
    const memento = open();
    const queue = new PromptQueue({
      memento,
      hold: new SwitchedHold(),
      onDidSettle: new Emitter<{ sessionId: string }>().event,
      onDidFree: () => ({ dispose: () => undefined }),
      onDidLeave: () => ({ dispose: () => undefined }),
      giveBack: () => undefined,
      send: () => Promise.resolve(),
      exists: () => Promise.resolve(false),
      maySendTo: async () => true,
      readiness: () => Promise.resolve({ kind: 'working' }),
      onDidGoLive: new Emitter<void>().event,
      startTimer,
      report: () => undefined,
      log: noLog,
    });
    const drafts = new ComposerDrafts({ memento, startTimer });
    drafts.send('ses_1', draft);
    const model = { providerID: 'local', modelID: 'echo' };
    await queue.add('ses_1', { messageId: 'msg_1', draft, agent: 'build', model });
    drafts.take('ses_1', draft);
    drafts.dispose();
    assert.equal(readdirSync(folder).length, 1);
    assert.deepEqual(queue.of('ses_1')[0]?.attachments, ['a.ts', 'a.png']);
    await queue.remove('ses_1', 'msg_1');
    assert.deepEqual(readdirSync(folder), []);
    queue.dispose();
  });

  it('are left out where their file is gone, and the rest of the draft is there', () => {
    inWindow((drafts) => drafts.update('ses_1', draft));
    rmSync(folder, { recursive: true });
    assert.deepEqual(kept().get('ses_1'), { text: 'See', attachments: [attachment] });
  });

  it('are kept by the editor where they cannot be written', () => {
    writeFileSync(folder, 'A file where the folder should be.');
    inWindow((drafts) => drafts.update('ses_1', draft));
    assert.deepEqual(kept().get('ses_1'), draft);
  });
});
