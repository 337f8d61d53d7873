import assert from 'node:assert/strict';
import { mkdir, readFile, symlink, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadChanges } from '../../src/commands/changes/loadChanges.ts';
import type { ChangedFile } from '../../src/core/changes/changedFile.ts';
import type { FigureMemory, KeptFigure } from '../../src/core/changes/figureMemory.ts';
import { findBack, planDiscard } from '../../src/core/changes/discard.ts';
import { SessionChanges } from '../../src/core/changes/sessionChanges.ts';
import { ChangesSearch } from '../../src/core/rows/changesSearch.ts';
import { tellStory } from '../../src/core/rows/story.ts';
import type { SessionFacts } from '../../src/core/sessions/sessionRow.ts';
import type { OpenCode } from '../../src/core/ports/openCode.ts';
import type { ServerSink } from '../../src/core/ports/serverSink.ts';
import { createWorkingFiles } from '../../src/editor/keeping/workingFiles.ts';
import { makeMessageId } from '../../src/core/turns/messageId.ts';
import type { Session } from '../../src/protocol/records.ts';
import { type ConnectedWindow, openWindow } from '../workbench/connectedWindow.ts';
import { type RunningOpenCode, startOpenCode } from '../workbench/openCodeServer.ts';
import { type ScriptedModel, startScriptedModel } from '../workbench/scriptedModel.ts';
import { waitFor } from '../workbench/waitFor.ts';

const model = { providerID: 'local', modelID: 'steady' };
const permissive = {
  OPENCODE_CONFIG_CONTENT: JSON.stringify({
    snapshot: true,
    permission: { bash: 'allow', edit: 'allow', external_directory: 'allow' },
  }),
};

/** Of the changes: their names from the folder on, what became of them, and their lines. */
const brief = (folder: string, changes: readonly ChangedFile[]) =>
  changes.map(({ path, from, status, additions, deletions, lacks, told }) =>
    [
      path.replace(`${folder}/`, ''),
      from?.replace(`${folder}/`, '') ?? status,
      `+${additions} −${deletions}`,
      lacks,
      told && 'told',
    ]
      .filter(Boolean)
      .join(' '),
  );

describe('what sessions changed, on the real server', () => {
  let scripted: ScriptedModel;
  let server: RunningOpenCode;
  let window: ConnectedWindow;
  let openCode: OpenCode;
  let changes: SessionChanges;
  const kept = new Map<string, KeptFigure>();
  const memory: FigureMemory = {
    get: (id) => kept.get(id),
    remember: (id, figure) => void kept.set(id, figure),
    forget: (id) => void kept.delete(id),
  };
  let folder: string;

  const create = (directory = folder): Promise<Session> =>
    openCode.createSession({ directory, title: 'A session' });
  const record = ({ id }: Session): Promise<Session> => openCode.getSession(id);
  const call = (tool: string, input: object): string => `tool: ${tool} ${JSON.stringify(input)}`;
  const shell = (command: string): string => call('bash', { command, description: 'Does it' });
  const write = (name: string, content: string): string =>
    call('write', { filePath: join(folder, name), content });
  const ends = (session: Session): number =>
    window.events.filter((event) => event.type === 'turn.ended' && event.properties.sessionID === session.id)
      .length;
  const begin = async (session: Session, lines: readonly string[]): Promise<string> => {
    const messageId = makeMessageId({ now: Date.now, random: Math.random });
    const parts = [{ type: 'text' as const, text: lines.join('\n') }];
    await openCode.promptSession(session.id, { messageId, agent: 'build', model, parts });
    return messageId;
  };
  /** Runs a turn to its end, and until the server has counted what it changed. */
  const run = async (session: Session, lines: readonly string[], counted = true): Promise<string> => {
    const before = ends(session);
    const messageId = await begin(session, lines);
    await waitFor(() => ends(session) > before, { what: 'the end of the turn', timeout: 60_000 });
    if (counted) {
      await waitFor(async () => (await openCode.diffMessage(session.id, messageId)).length > 0, {
        what: 'the diff of the turn',
        timeout: 60_000,
      });
    }
    return messageId;
  };
  const load = async (session: Session, messageId?: string) => {
    const loaded = await loadChanges({ openCode }, await record(session), messageId);
    return brief(folder, loaded.changes);
  };
  const untilFigure = (session: Session, figure: object) =>
    waitFor(async () => JSON.stringify(changes.figure(await record(session))) === JSON.stringify(figure), {
      what: `the figure ${JSON.stringify(figure)}`,
      timeout: 30_000,
    });

  before(async () => {
    scripted = await startScriptedModel();
    server = await startOpenCode({ modelUrl: scripted.url, environment: permissive });
    folder = server.workspace;
    const passed: ServerSink = {
      reset: () => changes.reset(),
      apply: (event) => changes.apply(event),
    };
    window = openWindow(server, {
      settings: () => ({ url: server.url }),
      credentials: async () => server,
      sinks: [passed],
    });
    changes = new SessionChanges(window.sessions, memory);
    await window.connection.connect();
    ({ openCode } = window.connection);
  });

  after(async () => {
    window.close();
    await server.stop();
    await scripted.close();
  });

  it('tells of a turn whole texts, renames, what is no text, and what no snapshot sees', async () => {
    await writeFile(join(folder, 'old.txt'), 'one\ntwo\nthree\n');
    await writeFile(join(folder, 'gone.txt'), 'bye\n');
    await writeFile(join(folder, 'marked.txt'), '\uFEFFa\r\nb');
    await writeFile(join(folder, '.gitignore'), 'ignored.txt\n');
    const session = await create();
    const prompt = await run(session, [
      write('new.txt', 'n1\nn2\n'),
      write('ignored.txt', 'i\n'),
      call('edit', { filePath: join(folder, 'README.md'), oldString: 'A workspace', newString: 'A house' }),
      shell(
        'mv old.txt renamed.txt && rm gone.txt && printf "\\000\\377" > some.bin && chmod +x opencode.json && ' +
          'printf "\\357\\273\\277a\\r\\nB" > marked.txt && yes 0123456789 | head -c 3000000 > big.txt',
      ),
      'say: done',
    ]);
    const expected = [
      'README.md modified +1 −1',
      'gone.txt deleted +0 −1',
      'ignored.txt added +1 −0 told',
      'marked.txt modified +1 −1',
      'new.txt added +2 −0',
      'opencode.json modified +0 −0 mode',
      'renamed.txt old.txt +0 −0',
      'some.bin added +0 −0 binary',
    ];
    assert.deepEqual(await load(session, prompt), expected);
    assert.deepEqual(await load(session), expected);
    await untilFigure(session, { files: 8, additions: 5, deletions: 3, isTold: true });
    const { changes: loaded } = await loadChanges({ openCode }, await record(session), prompt);
    const marked = loaded.find(({ path }) => path.endsWith('marked.txt')) ?? assert.fail();
    // The bytes are put back whether the server keeps the byte order mark or not.
    const [step] = planDiscard(marked);
    const text = await readFile(join(folder, 'marked.txt'), 'utf8');
    assert.deepEqual(findBack(step ?? assert.fail(), text), { back: '\uFEFFa\r\nb' });
  });

  it('is found by its files and told in the hover in a window that saw none of it', async () => {
    const session = await create();
    await run(session, [write('unseen.txt', 'u\n'), 'say: done']);
    const later = new SessionChanges(window.sessions);
    const search = new ChangesSearch({
      openCode: {
        listMessages: async (id, asked) => {
          const page = await openCode.listMessages(id, asked);
          later.see(id, asked, page);
          return page;
        },
      },
      changes: later,
      wait: () => Promise.resolve(),
      log: { debug: () => undefined },
    });
    const current = await record(session);
    assert.deepEqual(later.files(current), []);
    await search.search([current]);
    assert.deepEqual(later.files(current), [join(folder, 'unseen.txt')]);
    const facts: SessionFacts = {
      session: current,
      title: current.title,
      origin: { kind: 'root', from: undefined },
      state: { kind: 'idle' },
      cost: 0,
      context: undefined,
      sourceTitle: undefined,
      changes: later.figure(current),
      now: Date.now(),
    };
    // Markdown has its signs escaped.
    const story = tellStory({ facts, glance: undefined, todos: undefined }, []).replaceAll('\\', '');
    assert.match(story, /1 file \+1 −0/);
  });

  it('is remembered whole for a later window, though no record says what a shell command changed', async () => {
    const session = await create();
    await run(session, [shell('printf "x\\n" > by-shell.txt'), 'say: done']);
    const figure = { files: 1, additions: 1, deletions: 0 };
    await untilFigure(session, figure);
    const later = new SessionChanges(window.sessions, memory);
    await waitFor(
      async () => JSON.stringify(later.figure(await record(session))) === JSON.stringify(figure),
      { what: 'the figure to be remembered' },
    );
    await run(session, [shell('printf "y\\n" > by-shell-too.txt'), 'say: done']);
    const much = { files: 2, additions: 2, deletions: 0 };
    await untilFigure(session, much);
    await waitFor(async () => JSON.stringify(later.figure(await record(session))) === JSON.stringify(much), {
      what: 'the figure to be remembered anew',
    });
  });

  it('folds turns on one file, and counts none that was changed back', async () => {
    const session = await create();
    const first = await run(session, [write('folded.txt', 'a\nb\n'), 'say: ok']);
    const second = await run(session, [
      call('edit', { filePath: join(folder, 'folded.txt'), oldString: 'b', newString: 'B\nC' }),
      call('edit', { filePath: join(folder, 'README.md'), oldString: 'house', newString: 'home' }),
      'say: ok',
    ]);
    await run(session, [
      call('edit', { filePath: join(folder, 'README.md'), oldString: 'home', newString: 'house' }),
      'say: ok',
    ]);
    assert.deepEqual(await load(session, first), ['folded.txt added +2 −0']);
    assert.deepEqual(await load(session, second), ['README.md modified +1 −1', 'folded.txt modified +2 −1']);
    assert.deepEqual(await load(session), ['folded.txt added +3 −0']);
    await untilFigure(session, { files: 1, additions: 3, deletions: 0 });
    await openCode.revertSession(session.id, second);
    assert.deepEqual(await load(session), ['folded.txt added +2 −0']);
    // What the turn changed is still told of it, though a revert took it back.
    assert.deepEqual(await load(session, second), ['README.md modified +1 −1', 'folded.txt modified +2 −1']);
    await untilFigure(session, { files: 1, additions: 2, deletions: 0 });
    await openCode.unrevertSession(session.id);
    await untilFigure(session, { files: 1, additions: 3, deletions: 0 });

    const fork = await openCode.forkSession(session.id);
    assert.deepEqual(await load(fork), [], 'what a fork was made with is not its own');
    await run(fork, [
      call('edit', { filePath: join(folder, 'folded.txt'), oldString: 'a', newString: 'A' }),
      'say: ok',
    ]);
    assert.deepEqual(await load(fork), ['folded.txt modified +1 −1']);
    await untilFigure(fork, { files: 1, additions: 1, deletions: 1 });
    const { messages } = await openCode.listMessages(fork.id, { limit: 100 });
    assert.deepEqual(await load(fork, messages[0]?.info.id), ['folded.txt added +2 −0']);
  });

  it('tells of a turn that runs, was stopped or failed what it changed so far', async () => {
    const session = await create();
    const prompt = await begin(session, [write('so-far.txt', 's\n'), 'say: x\nhold: middle', 'say: end']);
    await scripted.reached('middle');
    await waitFor(async () => (await load(session, prompt)).length > 0, { what: 'what it changed so far' });
    assert.deepEqual(await load(session, prompt), ['so-far.txt added +1 −0']);
    const before = ends(session);
    await openCode.abortSession(session.id);
    await waitFor(() => ends(session) > before, { what: 'the stop' });
    assert.deepEqual(await load(session, prompt), ['so-far.txt added +1 −0']);
    const failed = await run(session, [write('failed.txt', 'f\n'), 'fail: 400 x* no', 'say: never']);
    assert.deepEqual(await load(session, failed), ['failed.txt added +1 −0']);
    assert.deepEqual(await load(session), ['failed.txt added +1 −0', 'so-far.txt added +1 −0']);
  });

  it('names files from the root of the checkout on, and sees what lies above the folder by the calls alone', async () => {
    const below = join(folder, 'below');
    await mkdir(below, { recursive: true });
    const session = await create(below);
    const messageId = makeMessageId({ now: Date.now, random: Math.random });
    const text = [write('below/in.txt', 'r\n'), write('above.txt', 'r\n'), 'say: ok'].join('\n');
    await openCode.promptSession(session.id, {
      messageId,
      agent: 'build',
      model,
      parts: [{ type: 'text', text }],
    });
    await waitFor(
      async () => {
        const { messages } = await openCode.listMessages(session.id, { limit: 10 });
        return messages.some(({ info }) => info.role === 'assistant' && info.finish === 'stop');
      },
      { what: 'the end of the turn', timeout: 60_000 },
    );
    await waitFor(async () => (await load(session)).length === 2, { what: 'both files' });
    assert.deepEqual(await load(session), ['above.txt added +1 −0 told', 'below/in.txt added +1 −0']);
    const [diff] = await openCode.diffMessage(session.id, messageId);
    assert.equal(diff?.file, 'below/in.txt');
    await waitFor(async () => (await openCode.listStatuses(below))[session.id] === undefined, {
      what: 'the session to rest',
    });
    const { revert } = await openCode.revertSession(session.id, messageId);
    assert.match(revert?.diff ?? '', /^diff --git a\/below\/in.txt/);
  });

  it('puts back what a turn changed, byte by byte, and refuses links', async () => {
    const session = await create();
    await writeFile(join(folder, 'bytes.txt'), 'ä\r\nlast');
    await run(session, [
      call('edit', { filePath: join(folder, 'bytes.txt'), oldString: 'last', newString: 'more\n' }),
      'say: ok',
    ]);
    const { changes: loaded } = await loadChanges({ openCode }, await record(session), undefined);
    const [step] = planDiscard(loaded[0] ?? assert.fail());
    assert.ok(step !== undefined);
    const files = createWorkingFiles({ isUnsaved: () => false });
    const from = await files.read(folder, step.path);
    assert.ok(from.kind === 'text' && from.text === step.left);
    const to = { kind: 'text', text: step.back ?? '', mode: from.mode } as const;
    await files.replace(folder, [{ path: step.path, from, to }]);
    assert.equal(await readFile(join(folder, 'bytes.txt'), 'utf8'), 'ä\r\nlast');
    await unlink(join(folder, 'bytes.txt'));
    await symlink(join(folder, 'README.md'), join(folder, 'bytes.txt'));
    await assert.rejects(files.read(folder, step.path), /is a link/);
  });
});
