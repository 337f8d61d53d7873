import assert from 'node:assert/strict';
import type { InsertIntoComposer } from '../../../src/commands/session/addSelection.ts';
import { copyMessage, copyMessageLink } from '../../../src/commands/message/copyMessage.ts';
import { editAndResend, revertMessage } from '../../../src/commands/message/revertMessage.ts';
import { unrevertSession } from '../../../src/commands/session/unrevertSession.ts';
import type { Choice, Dialogs } from '../../../src/core/ports/dialogs.ts';
import type { Notice } from '../../../src/core/ports/notify.ts';
import type { ComposerDraft } from '../../../src/protocol/page/composer.ts';
import { BusyProblem, NotFoundProblem, Problem } from '../../../src/core/errors.ts';
import { buildMessageLink, parseMessageLink } from '../../../src/core/transcript/messageLink.ts';
import {
  planRevert,
  planUnrevert,
  type RevertedFile,
  takeBackText,
} from '../../../src/core/transcript/revertPlan.ts';
import { Padding } from '../../../src/core/entries/padding.ts';
import { anAnswer, aProof, aSession, aUserMessage } from '../core/builders.ts';
import { aStore } from '../core/stores.ts';
import { aPerson, aServer } from './commands.ts';

const patch = '@@ -1,1 +1,1 @@\n-old\n+new\n';

function someDeps(
  person: { readonly [Name in keyof Dialogs]?: (...args: never[]) => unknown } = {},
  busy = false,
  composer: ComposerDraft = { text: '' },
) {
  const messages = [
    aUserMessage('msg_1', { text: 'First' }),
    anAnswer('msg_2', 'msg_1', { text: 'Done **one**' }),
    aUserMessage('msg_3', { text: 'Second' }),
    anAnswer('msg_4', 'msg_3', { text: 'Done two' }),
  ];
  const server = aServer({
    listMessages: () => ({ messages }),
    diffMessage: (_: string, id: string) =>
      id === 'msg_1' ? [{ file: 'a.ts', additions: 2, deletions: 1, patch }] : [],
    revertSession: () => undefined,
    unrevertSession: () => undefined,
  });
  const notices: Notice[] = [];
  const copied: string[] = [];
  const inserted: Parameters<InsertIntoComposer>[] = [];
  const shown: (readonly RevertedFile[])[] = [];
  const deps = {
    sessions: aStore([aSession({ id: 'ses_1' })], { statuses: busy ? { ses_1: { type: 'busy' } } : {} }),
    openCode: server.openCode,
    currentSessionId: () => 'ses_1',
    selectedSessionIds: () => [],
    proof: aProof(),
    dialogs: aPerson(person).dialogs,
    copy: async (text: string) => void copied.push(text),
    scheme: 'vscode',
    composerDraft: () => composer,
    typedCommand: (): { readonly text: string } | undefined => undefined,
    notify: (notice: Notice) => void notices.push(notice),
    insertIntoComposer: (...given: Parameters<InsertIntoComposer>) => void inserted.push(given),
    showRevert: async (_: string, files: readonly RevertedFile[]) => void shown.push(files),
  };
  return { deps, server, copied, inserted, shown, notices };
}

const first = { sessionId: 'ses_1', messageId: 'msg_1' };

describe('taking a prompt back', () => {
  it('names the messages and files that go, and reverts when it is confirmed', async () => {
    let offered: readonly Choice<unknown>[] = [];
    const { deps, server } = someDeps({
      pickOne: (_: string, choices: readonly Choice<unknown>[]) => {
        offered = choices;
        return 'go';
      },
    });
    await revertMessage(deps)(first);
    assert.equal(offered[0]?.description, '4 messages, 1 file');
    assert.equal(offered[0]?.detail, 'a.ts +1 −2');
    assert.deepEqual(server.changes().at(-1), ['revertSession', 'ses_1', 'msg_1']);
  });

  it('shows the changes first where that is wanted, and asks again', async () => {
    const answers = ['show', 'go'];
    const { deps, shown } = someDeps({ pickOne: () => answers.shift() });
    await revertMessage(deps)(first);
    assert.equal(shown.length, 1);
    assert.deepEqual(answers, []);
  });

  it('asks nothing where no file changes, and gives the prompt back to the composer', async () => {
    const { deps, server, inserted, notices } = someDeps({
      pickOne: () => assert.fail('asked'),
    });
    await revertMessage(deps)({ sessionId: 'ses_1', messageId: 'msg_3' });
    assert.deepEqual(server.changes().at(-1), ['revertSession', 'ses_1', 'msg_3']);
    assert.deepEqual(inserted, [['ses_1', 'Second', []]]);
    assert.deepEqual(notices, []);
  });

  it('gives a command back as it was typed', async () => {
    const { deps, inserted } = someDeps({ pickOne: () => 'go' });
    const typedCommand = (id: string) => (id === 'msg_1' ? { text: '/review a.ts' } : undefined);
    await editAndResend({ ...deps, typedCommand })(first);
    assert.deepEqual(inserted, [['ses_1', '/review a.ts', []]]);
  });

  it('leaves what stands in the composer, and says how to come by the prompt', async () => {
    const { deps, server, inserted, notices } = someDeps({}, false, { text: 'Half a thought' });
    const second = { sessionId: 'ses_1', messageId: 'msg_3' };
    await revertMessage(deps)(second);
    assert.deepEqual(server.changes().at(-1), ['revertSession', 'ses_1', 'msg_3']);
    assert.deepEqual(inserted, []);
    assert.deepEqual(
      notices.flatMap(({ actions }) => actions.map(({ command, arguments: given }) => [command, given])),
      [
        ['opencodeSessions.message.copy', [second]],
        ['opencodeSessions.session.unrevert', [second]],
      ],
    );
  });

  it('does nothing when the person leaves', async () => {
    const { deps, server } = someDeps({ pickOne: () => undefined });
    assert.equal(await revertMessage(deps)(first), undefined);
    assert.equal(
      server.calls.some(([name]) => name === 'revertSession'),
      false,
    );
  });

  it('refuses while the session works, and offers to stop it', async () => {
    const { deps } = someDeps({}, true);
    await assert.rejects(revertMessage(deps)(first), (error) => {
      assert.ok(error instanceof BusyProblem);
      assert.equal(error.remedy?.command, 'opencodeSessions.session.abort');
      return true;
    });
  });

  it('refuses an answer and a message that is gone', async () => {
    const { deps } = someDeps();
    await assert.rejects(revertMessage(deps)({ ...first, messageId: 'msg_2' }), Problem);
    await assert.rejects(revertMessage(deps)({ ...first, messageId: 'msg_9' }), NotFoundProblem);
  });

  it('puts the text of the prompt into the composer to be sent anew', async () => {
    const { deps, inserted } = someDeps({ pickOne: () => 'go' });
    await editAndResend(deps)({ sessionId: 'ses_1', messageId: 'msg_3' });
    assert.deepEqual(inserted, [['ses_1', 'Second', []]]);
  });

  it('puts a command in as it was typed, and as text what only begins like one', async () => {
    const { deps, inserted } = someDeps({ pickOne: () => 'go' });
    const typedCommand = (id: string) => (id === 'msg_1' ? { text: '/tidy all' } : undefined);
    const messages = [
      aUserMessage('msg_1', { text: 'Tidy all that you find.' }),
      aUserMessage('msg_2', { text: '!important: be quick' }),
    ];
    const { openCode } = aServer({
      listMessages: () => ({ messages }),
      diffMessage: () => [],
      revertSession: () => undefined,
    });
    const edit = editAndResend({ ...deps, openCode, typedCommand });
    for (const { info } of messages) await edit({ sessionId: 'ses_1', messageId: info.id });
    assert.deepEqual(
      inserted.map(([, text]) => text),
      ['/tidy all', ' !important: be quick'],
    );
  });

  it('puts what went with the prompt beside it, but for what its text mentions', async () => {
    const { deps, inserted } = someDeps({ pickOne: () => 'go' });
    const file = (url: string, mime = 'text/plain', filename = 'a.ts') => ({
      type: 'file',
      url,
      mime,
      filename,
    });
    const parts = [
      { type: 'text', text: 'See @src/a.ts#3-9 and @logo.png' },
      { type: 'text', text: 'Called the Read tool', synthetic: true },
      file('file:///work/parser/src/a.ts?start=3&end=9'),
      file('data:image/png;base64,AA==', 'image/png', 'logo.png'),
      file('file:///work/parser/src/a.ts?start=20&end=20'),
      file('file:///else%20where/b.ts'),
      file('data:image/png;base64,BB==', 'image/png', 'shot.png'),
      file('resource://mcp/one'),
    ];
    const { openCode } = aServer({
      listMessages: () => ({ messages: [aUserMessage('msg_1', { parts })] }),
      diffMessage: () => [],
      revertSession: () => undefined,
    });
    await editAndResend({ ...deps, openCode })(first);
    assert.deepEqual(inserted, [
      [
        'ses_1',
        'See @src/a.ts#3-9 and @logo.png',
        [
          { kind: 'file', path: '/work/parser/src/a.ts', startLine: 20, endLine: 20 },
          { kind: 'file', path: '/else where/b.ts' },
          { kind: 'data', mime: 'image/png', filename: 'shot.png', url: 'data:image/png;base64,BB==' },
        ],
      ],
    ]);
  });

  it('can be undone', async () => {
    const { deps, server } = someDeps();
    await unrevertSession(deps)('ses_1');
    assert.deepEqual(server.changes(), [['unrevertSession', 'ses_1']]);
  });

  it('is undone once the files that change were confirmed, which can be looked at first', async () => {
    const file = (name: string) =>
      `diff --git a/${name} b/${name}\nindex 1..2 100644\n--- a/${name}\n+++ b/${name}\n${patch}`;
    const gone = `diff --git a/c.ts b/c.ts\ndeleted file mode 100644\n--- a/c.ts\n+++ /dev/null\n@@ -1 +0,0 @@\n-c\n`;
    const answers = ['show', 'go'];
    const { deps, server, shown } = someDeps({ pickOne: () => answers.shift() });
    const revert = { messageID: 'msg_1', diff: file('a.ts') + file('src/b.ts') + gone };
    const sessions = aStore([aSession({ id: 'ses_1', revert })]);
    await unrevertSession({ ...deps, sessions })('ses_1');
    assert.deepEqual(
      shown[0]?.map(({ file: name, additions, deletions }) => [name, additions, deletions]),
      [
        ['a.ts', 1, 1],
        ['src/b.ts', 1, 1],
        ['c.ts', 0, 1],
      ],
    );
    assert.deepEqual(server.changes(), [['unrevertSession', 'ses_1']]);
    answers.splice(0);
    await unrevertSession({ ...deps, sessions })('ses_1');
    assert.equal(server.changes().length, 1);
  });

  it('takes the patches of a file back latest first', () => {
    const turn = (name: string) => [{ file: 'a.ts', additions: 1, deletions: 0, patch: name }];
    assert.deepEqual(planRevert([turn('one'), turn('two')]), [
      { file: 'a.ts', additions: 2, deletions: 0, patches: ['two', 'one'] },
    ]);
  });

  it('leaves nothing of a file that came with the first turn, and brings back one that went', () => {
    const change = (fields: object) => ({ file: 'a.ts', additions: 1, deletions: 0, ...fields });
    const came = change({ status: 'added', patch: '@@ -0,0 +1 @@\n+a\n' });
    const edited = change({ status: 'modified', patch: '@@ -1 +1 @@\n-a\n+b\n' });
    const [added] = planRevert([[came], [edited]]);
    assert.equal(takeBackText(added ?? assert.fail(), 'b', new Padding()), undefined);
    const [changed] = planRevert([[edited]]);
    assert.equal(takeBackText(changed ?? assert.fail(), 'b', new Padding()), 'a');
    const went = change({ status: 'deleted', patch: '@@ -1 +0,0 @@\n-a\n' });
    const [deleted] = planRevert([[went]]);
    assert.equal(takeBackText(deleted ?? assert.fail(), undefined, new Padding()), 'a\n');
    const [goneAgain] = planUnrevert(
      'diff --git a/c.ts b/c.ts\nnew file mode 100644\n--- /dev/null\n+++ b/c.ts\n@@ -0,0 +1 @@\n+c\n',
    );
    assert.equal(takeBackText(goneAgain ?? assert.fail(), 'c', new Padding()), undefined);
  });

  it('spends one padding on a file that was changed time and again', () => {
    const padding = new Padding();
    const patches = Array.from({ length: 400 }, () => '@@ -40000 +40000 @@\n-old\n+new\n');
    assert.equal(takeBackText({ patches }, 'a', padding), '@@ -40000 +40000 @@\nold');
    assert.equal(padding.take([40_000, 40_000]), false);
  });
});

describe('copying from a message', () => {
  it('copies the Markdown', async () => {
    const { deps, copied } = someDeps();
    await copyMessage(deps)({ sessionId: 'ses_1', messageId: 'msg_2' });
    assert.deepEqual(copied, ['Done **one**']);
  });

  it('lets a prompt or an answer be picked from the palette, latest first', async () => {
    let offered: readonly Choice<unknown>[] = [];
    const { deps, copied } = someDeps({
      pickOne: (_: string, choices: readonly Choice<unknown>[]) => {
        offered = choices;
        return choices[2]?.value;
      },
    });
    await copyMessage(deps)();
    assert.deepEqual(
      offered.map(({ label, icon, description }) => [label, icon, description]),
      [
        ['Done two', 'robot', 'build'],
        ['Second', 'person', undefined],
        ['Done **one**', 'robot', 'build'],
        ['First', 'person', undefined],
      ],
    );
    assert.deepEqual(copied, ['Done **one**']);
  });

  it('offers prompts alone where an answer does not suit', async () => {
    let offered: readonly Choice<unknown>[] = [];
    const { deps } = someDeps({
      pickOne: (_: string, choices: readonly Choice<unknown>[]) => void (offered = choices),
    });
    await revertMessage(deps)();
    assert.deepEqual(
      offered.map(({ label }) => label),
      ['Second', 'First'],
    );
  });

  it('fetches what is further back when it is wished for', async () => {
    const pages = [
      { messages: [anAnswer('msg_2', 'msg_1', { text: 'Late' })], before: 'earlier' },
      { messages: [aUserMessage('msg_1', { text: 'Early' })] },
    ];
    const { deps, copied } = someDeps({
      pickOne: (_: string, choices: readonly Choice<unknown>[]) => choices.at(-1)?.value,
    });
    const { openCode } = aServer({ listMessages: () => pages.shift() });
    await copyMessage({ ...deps, openCode })();
    assert.deepEqual(copied, ['Early']);
  });

  it('copies a link that opens the very message', async () => {
    const { deps, copied } = someDeps();
    await copyMessageLink(deps)(first);
    assert.deepEqual(copied, [buildMessageLink('vscode', first)]);
    assert.deepEqual(parseMessageLink(new URL(copied[0] ?? '').pathname), first);
  });

  it('reads no link that names something else', () => {
    assert.equal(parseMessageLink('/session/../../etc'), undefined);
    assert.equal(parseMessageLink('/delete/ses_1'), undefined);
  });
});
