import assert from 'node:assert/strict';
import { copyTurn } from '../../../src/commands/message/copyMessage.ts';
import { copySession } from '../../../src/commands/session/copySession.ts';
import { exportSession } from '../../../src/commands/session/exportSession.ts';
import { CancelledError, type Cancellation } from '../../../src/core/cancellation.ts';
import { Problem } from '../../../src/core/errors.ts';
import type { Notice } from '../../../src/core/ports/notify.ts';
import type { RunWithProgress } from '../../../src/core/ports/progress.ts';
import type { AskWhereToSave } from '../../../src/core/ports/saveTarget.ts';
import { readForExport } from '../../../src/flows/readForExport.ts';
import type { MessageWithParts, Session } from '../../../src/protocol/records.ts';
import { aHistory, anAnswer, aProof, aSession, aUserMessage } from '../core/builders.ts';
import { aStore } from '../core/stores.ts';
import { aPerson, aServer } from './commands.ts';

/** Prompts with their answers. */
function aConversation(turns: number): readonly MessageWithParts[] {
  return Array.from({ length: turns }, (_, turn) => {
    const [prompt, answer] = [2 * turn, 2 * turn + 1].map((id) => `msg_${String(id).padStart(6, '0')}`);
    return [
      aUserMessage(prompt ?? '', { text: `Question ${turn}` }),
      anAnswer(answer ?? '', prompt ?? '', { text: `Answer ${turn}` }),
    ];
  }).flat();
}

const goesOn: Cancellation = {
  isCancellationRequested: false,
  onCancellationRequested: () => ({ dispose: () => undefined }),
};

function someDeps(
  messages: readonly MessageWithParts[],
  given: Partial<Session> = {},
  cancellation: Cancellation = goesOn,
) {
  const history = aHistory(() => messages);
  const server = aServer({ listMessages: history.listMessages });
  const seen = {
    copied: [] as string[],
    steps: [] as string[],
    written: [] as string[],
    notices: [] as Notice[],
    asked: [] as Parameters<AskWhereToSave>[0][],
  };
  const runWithProgress: RunWithProgress = (_, run) => run(cancellation, (step) => seen.steps.push(step));
  const open = { title: 'Open', command: 'vscode.open', arguments: [] };
  const askWhereToSave: AskWhereToSave = async (question) => {
    seen.asked.push(question);
    return { name: 'there.md', write: async (text) => void seen.written.push(text), open };
  };
  const { dialogs, asked: told } = aPerson({ inform: () => undefined });
  const deps = {
    sessions: aStore([aSession({ id: 'ses_1', title: 'Parser: why?', ...given })], {}),
    openCode: server.openCode,
    currentSessionId: () => 'ses_1',
    selectedSessionIds: () => [],
    proof: aProof(),
    dialogs,
    copy: async (text: string) => void seen.copied.push(text),
    notify: (notice: Notice) => void seen.notices.push(notice),
    askWhereToSave,
    runWithProgress,
  };
  return { deps, server, seen, told, open };
}

describe('copying a session', () => {
  it('has all of it, also what nobody has loaded, in its order', async () => {
    const { deps, server, seen, told } = someDeps(aConversation(450));
    assert.equal(await copySession(deps)(undefined), 'ses_1');
    const [text = ''] = seen.copied;
    assert.deepEqual(
      [...text.matchAll(/^Question (\d+)$/gm)].map(([, turn]) => Number(turn)),
      Array.from({ length: 450 }, (_, turn) => turn),
    );
    assert.match(text, /^# Parser: why\?\n/);
    assert.equal(server.calls.filter(([name]) => name === 'listMessages').length, 5);
    assert.deepEqual(
      seen.steps,
      [200, 400, 600, 800].map((count) => `${count} messages read`),
    );
    assert.deepEqual(told, [['inform', '“Parser: why?” is on the clipboard, as Markdown.']]);
  });

  it('shows no progress for what comes at once', async () => {
    const { deps, seen } = someDeps(aConversation(3));
    await copySession(deps)({ sessionId: 'ses_1' });
    assert.deepEqual([seen.steps, seen.copied.length], [[], 1]);
  });

  it('copies nothing where it was cancelled', async () => {
    const { deps, seen } = someDeps(aConversation(450), {}, { ...goesOn, isCancellationRequested: true });
    await assert.rejects(copySession(deps)(undefined), CancelledError);
    assert.deepEqual(seen.copied, []);
  });

  it('leaves out what was reverted, wherever the revert begins, and says so', async () => {
    for (const turn of [0, 10, 449]) {
      const messageID = `msg_${String(2 * turn).padStart(6, '0')}`;
      const { deps, seen } = someDeps(aConversation(450), { revert: { messageID } });
      await copySession(deps)(undefined);
      const [text = ''] = seen.copied;
      assert.equal([...text.matchAll(/^Answer/gm)].length, turn);
      assert.match(text, new RegExp(`Left out: ${2 * (450 - turn)} reverted messages\\.`));
    }
  });

  it('keeps no more of a session than it says, and says where it begins', async () => {
    const { deps } = someDeps(aConversation(450));
    const session = aSession({ id: 'ses_1' });
    const { sections, isPartial } = await readForExport(deps, session, 'Reading', 2000);
    assert.equal(isPartial, true);
    assert.equal(sections.length, 200);
    assert.deepEqual(sections.at(-1)?.pieces, [{ kind: 'text', text: 'Answer 449' }]);
    const whole = await readForExport(deps, session, 'Reading');
    assert.deepEqual([whole.sections.length, whole.isPartial], [900, false]);
  });
});

describe('exporting a session', () => {
  it('writes it where the person says, under its name', async () => {
    const { deps, seen, open } = someDeps(aConversation(1));
    await exportSession(deps)(undefined);
    assert.deepEqual(
      seen.asked.map(({ directory, name }) => [directory, name]),
      [['/work/parser', 'Parser why.md']],
    );
    assert.match(seen.written[0] ?? '', /Question 0[\s\S]+Answer 0/);
    assert.deepEqual(seen.notices, [
      { message: '“Parser: why?” was exported to there.md.', actions: [open] },
    ]);
  });

  it('reads and writes nothing where the person thinks better of it', async () => {
    const { deps, server, seen } = someDeps(aConversation(1));
    assert.equal(
      await exportSession({ ...deps, askWhereToSave: async () => undefined })(undefined),
      undefined,
    );
    assert.deepEqual([server.calls, seen.notices], [[], []]);
  });

  it('claims nothing where it could not be written', async () => {
    const { deps, seen, open } = someDeps(aConversation(1));
    const write = () => Promise.reject(new Problem('No room.'));
    const askWhereToSave: AskWhereToSave = async () => ({ name: 'there.md', write, open });
    await assert.rejects(exportSession({ ...deps, askWhereToSave })(undefined), /No room/);
    assert.deepEqual(seen.notices, []);
  });
});

describe('copying a turn', () => {
  it('copies the prompt and its answer, from either of them', async () => {
    for (const messageId of ['msg_000100', 'msg_000101']) {
      const { deps, seen } = someDeps(aConversation(450));
      await copyTurn({ ...deps, dialogs: aPerson().dialogs })({ sessionId: 'ses_1', messageId });
      assert.deepEqual(seen.copied, ['## You\n\nQuestion 50\n\n## build · echo\n\nAnswer 50\n']);
    }
  });
});
