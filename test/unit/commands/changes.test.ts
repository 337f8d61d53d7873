import assert from 'node:assert/strict';
import { chmod, link, mkdtemp, readFile, realpath, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { discardChange, undoDiscard } from '../../../src/commands/changes/discardChange.ts';
import { pickChange } from '../../../src/commands/changes/pickChange.ts';
import { showChanges } from '../../../src/commands/changes/showChanges.ts';
import type { ChangedFile } from '../../../src/core/changes/changedFile.ts';
import { Discards } from '../../../src/core/changes/discards.ts';
import { BusyProblem, NotFoundProblem, Problem } from '../../../src/core/errors.ts';
import type { Becoming, ChangesEditor } from '../../../src/core/changes/changesEditor.ts';
import type { Dialogs } from '../../../src/core/ports/dialogs.ts';
import type { Notice } from '../../../src/core/ports/notify.ts';
import { createWorkingFiles } from '../../../src/editor/keeping/workingFiles.ts';
import type { FileDiff, MessageWithParts } from '../../../src/protocol/records.ts';
import { aHistory, anAnswer, aProof, aSession, aUserMessage } from '../core/builders.ts';
import { aStore } from '../core/stores.ts';
import { aPerson, aServer } from './commands.ts';

function aDiff(file: string, status: FileDiff['status'], patch: string, counts: number[] = [1, 1]): FileDiff {
  const [additions = 0, deletions = 0] = counts;
  return { file, status, patch, additions, deletions };
}

const edited = aDiff('a.ts', 'modified', '@@ -1,1 +1,1 @@\n-old\n+new\n');
const added = aDiff('b.ts', 'added', '@@ -0,0 +1,1 @@\n+b\n', [1, 0]);
const binary = aDiff('c.png', 'added', '', [0, 0]);

describe('the changes of a session', () => {
  let directory: string;

  beforeEach(async () => {
    directory = await realpath(await mkdtemp(join(tmpdir(), 'opencode-sessions-')));
  });

  afterEach(() => rm(directory, { recursive: true, force: true }));

  function aPromptWith(id: string, diffs: readonly FileDiff[]): MessageWithParts {
    const { info, parts } = aUserMessage(id);
    assert.equal(info.role, 'user');
    return { info: { ...info, summary: { diffs: [...diffs] } }, parts };
  }

  function someDeps(
    person: { readonly [Name in keyof Dialogs]?: (...args: never[]) => unknown } = {},
    {
      busy = false,
      diffs = [edited, added, binary] as readonly FileDiff[],
      later = [] as readonly FileDiff[],
    } = {},
  ) {
    const messages = [
      aPromptWith('msg_1', diffs),
      anAnswer('msg_2', 'msg_1'),
      aPromptWith('msg_3', later),
      anAnswer('msg_4', 'msg_3'),
    ];
    const server = aServer({ ...aHistory(() => messages), diffMessage: () => diffs });
    const shown: (readonly [title: string, paths: readonly string[]])[] = [];
    const becoming: (readonly Becoming[])[] = [];
    const opened: string[] = [];
    const informed: string[] = [];
    const notices: Notice[] = [];
    const changesEditor: ChangesEditor = {
      showAll: async (_, title, changes) => {
        shown.push([title, changes.map(({ path }) => path)]);
        return changes.filter(({ lacks }) => lacks !== undefined);
      },
      showOne: async (_, { path }) => void opened.push(`diff ${path}`),
      openFile: async (_, path) => void opened.push(`open ${path}`),
      showBecoming: async (_, files) => void becoming.push(files),
    };
    const deps = {
      sessions: aStore([aSession({ id: 'ses_1', directory, time: { created: 1, updated: 1 } })], {
        statuses: busy ? { ses_1: { type: 'busy' } } : {},
      }),
      openCode: server.openCode,
      currentSessionId: () => 'ses_1',
      selectedSessionIds: () => [],
      proof: aProof(),
      dialogs: aPerson({ inform: (message: string) => void informed.push(message), ...person }).dialogs,
      notify: (notice: Notice) => void notices.push(notice),
      changesEditor,
      discards: new Discards(),
      files: createWorkingFiles({ isUnsaved: () => false }),
    };
    const inFolder = (name: string): string => join(directory, name);
    const read = (name: string) => readFile(inFolder(name), 'utf8').catch(() => undefined);
    return { deps, server, shown, becoming, opened, informed, notices, inFolder, read };
  }

  it('open in one editor, and a sentence says what is not shown', async () => {
    const { deps, shown, informed, inFolder } = someDeps();
    assert.equal(await showChanges(deps)('ses_1'), 'ses_1');
    assert.deepEqual(shown, [['Changes of “Parser” +2 −1', ['a.ts', 'b.ts', 'c.png'].map(inFolder)]]);
    assert.deepEqual(informed, ['Not shown, since they are no texts, too large or not known: c.png.']);
  });

  it('open of one turn, by its prompt or by an answer', async () => {
    const { deps, shown } = someDeps();
    await showChanges(deps)({ sessionId: 'ses_1', messageId: 'msg_2' });
    assert.equal(shown[0]?.[0], 'Changes of a Turn in “Parser” +2 −1');
    await assert.rejects(showChanges(deps)({ sessionId: 'ses_1', messageId: 'msg_9' }), NotFoundProblem);
  });

  it('are said not to be there', async () => {
    const { deps, shown, informed } = someDeps({}, { diffs: [] });
    await showChanges(deps)('ses_1');
    await showChanges(deps)({ sessionId: 'ses_1', messageId: 'msg_3' });
    assert.deepEqual(shown, []);
    assert.deepEqual(informed, [
      '“Parser” changed no files, as far as OpenCode kept a record of it.',
      'This turn changed no files, as far as OpenCode kept a record of it.',
    ]);
  });

  it('are asked for once more where the prompt does not hold all of their texts', async () => {
    const { deps, server } = someDeps({}, { diffs: [{ file: 'a.ts', additions: 1, deletions: 1 }] });
    await showChanges(deps)('ses_1');
    assert.deepEqual(
      server.calls.filter(([name]) => name === 'diffMessage'),
      [['diffMessage', 'ses_1', 'msg_1']],
    );
  });

  it('are read of a turn of thousands of calls, over many pages', async () => {
    const { deps, shown, inFolder } = someDeps();
    const prompt = aPromptWith('msg_1', [edited]);
    const answers = Array.from({ length: 2_000 }, (_, at) =>
      anAnswer(`msg_2${String(at).padStart(4, '0')}`, 'msg_1', {
        parts: [{ type: 'patch', hash: 'h', files: [join(directory, 'a.ts')] }],
      }),
    );
    const messages = [prompt, ...answers];
    const { openCode } = aServer(aHistory(() => messages));
    await showChanges({ ...deps, openCode })('ses_1');
    assert.deepEqual(shown[0]?.[1], [inFolder('a.ts')]);
  });

  it('are listed with what can be done to each', async () => {
    const picks: unknown[] = [];
    const { deps, opened, shown } = someDeps({
      pickAct: (
        _: string,
        choices: readonly { readonly label: string; readonly value: ChangedFile | 'all' }[],
      ) => {
        const [label, act] = picks.shift() as [string, string | undefined];
        const choice = choices.find((one) => one.label === label);
        return choice && { value: choice.value, act };
      },
    });
    for (const pick of [
      ['a.ts', undefined],
      ['b.ts', 'open'],
      ['Show All Changes', undefined],
    ]) {
      picks.push(pick);
      await pickChange(deps)('ses_1');
    }
    assert.deepEqual(opened, [`diff ${join(directory, 'a.ts')}`, `open ${join(directory, 'b.ts')}`]);
    assert.equal(shown.length, 1);
  });

  it('are discarded for a file that still is as the session left it, and brought back', async () => {
    const { deps, notices, inFolder, read } = someDeps();
    await writeFile(inFolder('a.ts'), 'new\n');
    await writeFile(inFolder('b.ts'), 'b\n');
    await discardChange(deps)({ sessionId: 'ses_1', file: inFolder('a.ts') });
    await discardChange(deps)({ sessionId: 'ses_1', file: inFolder('b.ts') });
    assert.deepEqual([await read('a.ts'), await read('b.ts')], ['old\n', undefined]);
    const [undo] = notices[0]?.actions ?? [];
    assert.equal(undo?.command, 'opencodeSessions.changes.undoDiscard');
    await undoDiscard(deps)(undo.arguments?.[0]);
    assert.deepEqual([await read('a.ts'), await read('b.ts')], ['new\n', undefined]);
    await undoDiscard(deps)();
    assert.equal(await read('b.ts'), 'b\n');
  });

  it('are discarded of a renamed file by its old name', async () => {
    const moved = [
      aDiff('old.ts', 'deleted', '@@ -1,1 +0,0 @@\n-same\n', [0, 1]),
      aDiff('new.ts', 'added', '@@ -0,0 +1,1 @@\n+same\n', [1, 0]),
    ];
    const { deps, inFolder, read } = someDeps({}, { diffs: moved });
    await writeFile(inFolder('new.ts'), 'same\n');
    await discardChange(deps)({ sessionId: 'ses_1', file: inFolder('new.ts') });
    assert.deepEqual([await read('old.ts'), await read('new.ts')], ['same\n', undefined]);
  });

  it('are discarded of a file that was changed since only once that was seen and agreed to', async () => {
    const answers = ['keep', 'go', undefined, 'go'];
    const { deps, becoming, inFolder, read } = someDeps({ pickOne: () => answers.shift() });
    const asked = { sessionId: 'ses_1', file: inFolder('a.ts') };
    await writeFile(inFolder('a.ts'), 'mine\n');
    await discardChange(deps)(asked);
    assert.equal(await read('a.ts'), 'mine\n');
    assert.deepEqual(becoming, [[{ path: inFolder('a.ts'), current: 'mine\n', next: 'old\n' }]]);
    await discardChange(deps)(asked);
    assert.equal(await read('a.ts'), 'old\n');
    // What was written since is not lost to an undo either.
    await writeFile(inFolder('a.ts'), 'later\n');
    await undoDiscard(deps)();
    assert.equal(await read('a.ts'), 'later\n');
    await undoDiscard(deps)();
    assert.equal(await read('a.ts'), 'mine\n');
  });

  it('are discarded of a file that somebody changed between the turns only once that was seen and agreed to', async () => {
    const answers = ['keep', 'go', 'keep'];
    const titles: string[] = [];
    const { deps, becoming, inFolder, read } = someDeps(
      { pickOne: (title: string) => (titles.push(title), answers.shift()) },
      { later: [aDiff('a.ts', 'modified', '@@ -1,1 +1,2 @@\n mine\n+more\n', [1, 0])] },
    );
    const asked = { sessionId: 'ses_1', file: inFolder('a.ts') };
    await writeFile(inFolder('a.ts'), 'mine\nmore\n');
    await discardChange(deps)(asked);
    assert.equal(await read('a.ts'), 'mine\nmore\n');
    assert.deepEqual(becoming, [[{ path: inFolder('a.ts'), current: 'mine\nmore\n', next: 'old\n' }]]);
    await discardChange(deps)(asked);
    assert.equal(await read('a.ts'), 'old\n');
    await writeFile(inFolder('a.ts'), 'since\n');
    await discardChange(deps)(asked);
    const [first, , third] = titles;
    assert.match(first ?? '', /^Somebody else changed a\.ts between the turns/);
    assert.doesNotMatch(first ?? '', /changed since/);
    assert.match(third ?? '', /between the turns.*changed since/);
  });

  describe('on a disk that has modes and links', () => {
    const gone = (mode: string): FileDiff =>
      aDiff(
        'run.sh',
        'deleted',
        `diff --git a/run.sh b/run.sh\ndeleted file mode ${mode}\n--- a/run.sh\n+++ /dev/null\n@@ -1 +0,0 @@\n-run\n`,
      );
    const modeOf = async (path: string) => (await stat(path)).mode & 0o777;
    const asked = (name: string) => ({ sessionId: 'ses_1', file: join(directory, name) });

    before(function () {
      if (process.platform === 'win32') this.skip();
    });

    it('bring back a file that can be run', async () => {
      const { deps, notices, inFolder } = someDeps({}, { diffs: [gone('100755')] });
      await discardChange(deps)(asked('run.sh'));
      assert.equal(await modeOf(inFolder('run.sh')), 0o755);
      assert.equal(notices[0]?.message, 'Discarded the change of run.sh.');
    });

    it('say so where nobody knows what kind of file it was', async () => {
      const untold = aDiff('run.sh', 'deleted', '@@ -1,1 +0,0 @@\n-run\n', [0, 1]);
      const { deps, notices, inFolder } = someDeps({}, { diffs: [untold] });
      await discardChange(deps)(asked('run.sh'));
      assert.equal(await modeOf(inFolder('run.sh')), 0o644);
      assert.match(notices[0]?.message ?? '', /^Discarded the change of run\.sh\. .*ordinary file/);
    });

    it('make no file of a link', async () => {
      const { deps, read } = someDeps({}, { diffs: [gone('120000')] });
      await assert.rejects(discardChange(deps)(asked('run.sh')), /is a link/);
      assert.equal(await read('run.sh'), undefined);
    });

    const moved = [
      aDiff('Old.sh', 'deleted', '@@ -1,1 +0,0 @@\n-same\n', [0, 1]),
      aDiff('old.sh', 'added', '@@ -0,0 +1,1 @@\n+same\n', [1, 0]),
    ];

    it('keep the mode of a file that was renamed', async () => {
      const { deps, notices, inFolder, read } = someDeps({}, { diffs: moved });
      await writeFile(inFolder('old.sh'), 'same\n');
      await chmod(inFolder('old.sh'), 0o755);
      await discardChange(deps)(asked('old.sh'));
      assert.deepEqual([await read('Old.sh'), await modeOf(inFolder('Old.sh'))], ['same\n', 0o755]);
      assert.equal(notices[0]?.message, 'Discarded the change of old.sh.');
    });

    it('are refused where both names are of one file', async () => {
      const { deps, inFolder, read } = someDeps({}, { diffs: moved });
      await writeFile(inFolder('old.sh'), 'same\n');
      // What a disk does that takes no notice of capitals.
      await link(inFolder('old.sh'), inFolder('Old.sh')).catch(() => undefined);
      await assert.rejects(discardChange(deps)(asked('old.sh')), /are one file on this disk/);
      assert.equal(await read('old.sh'), 'same\n');
    });
  });

  it('are refused to be discarded with a sentence', async () => {
    const { deps, inFolder } = someDeps();
    const named = (name: string) => ({ sessionId: 'ses_1', file: inFolder(name) });
    await assert.rejects(discardChange(deps)(named('c.png')), /is no text/);
    await assert.rejects(discardChange(deps)(named('other')), NotFoundProblem);
    const outside = someDeps({}, { diffs: [{ ...edited, file: '../outside.ts' }] });
    await assert.rejects(
      discardChange(outside.deps)({ sessionId: 'ses_1', file: `${directory}/../outside.ts` }),
      Problem,
    );
    await assert.rejects(discardChange(someDeps({}, { busy: true }).deps)(named('a.ts')), BusyProblem);
  });

  it('say that nothing is left to discard or to bring back', async () => {
    const { deps, informed, inFolder } = someDeps();
    await writeFile(inFolder('a.ts'), 'old\n');
    await discardChange(deps)({ sessionId: 'ses_1', file: inFolder('a.ts') });
    await undoDiscard(deps)();
    assert.deepEqual(informed, [
      'a.ts is as it was before already.',
      'Nothing that was discarded in this window is left to bring back.',
    ]);
  });
});
