import assert from 'node:assert/strict';
import { copyTurn } from '../../../src/commands/message/copyMessage.ts';
import { copySession } from '../../../src/commands/session/copySession.ts';
import { exportFromMessage, exportSession } from '../../../src/commands/transfer/exportSession.ts';
import { CancelledError, type Cancellation } from '../../../src/core/cancellation.ts';
import { Problem } from '../../../src/core/errors.ts';
import type { Choice, Dialogs } from '../../../src/core/ports/dialogs.ts';
import type { Notice } from '../../../src/core/ports/notify.ts';
import type { RunWithProgress } from '../../../src/core/ports/progress.ts';
import type { AskWhereToSave, SaveTarget, WrittenFile } from '../../../src/core/ports/writtenFile.ts';
import type { ExportOptions } from '../../../src/flows/transfer/exportRequest.ts';
import { Memory } from '../views/memory.ts';
import { HeldFile, someExports, usualOptions } from '../transfer/transferring.ts';
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
  };
  const runWithProgress: RunWithProgress = (_, run) => run(cancellation, (step) => seen.steps.push(step));
  const { dialogs, asked: told } = aPerson({ inform: () => undefined });
  const deps = {
    sessions: aStore([aSession({ id: 'ses_1', title: 'Parser: why?', ...given })], {}),
    openCode: server.openCode,
    currentSessionId: () => 'ses_1',
    selectedSessionIds: () => [],
    proof: aProof(),
    dialogs,
    copy: async (text: string) => void seen.copied.push(text),
    runWithProgress,
  };
  return { deps, server, seen, told };
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

/** What a person answers who exports, by the title of the choice that they take. */
interface Answers {
  readonly format?: string;
  readonly part?: string;
  readonly way?: string;
  /** By what of a choice they tick; undefined: as it is ticked. */
  readonly ticks?: (ticked: readonly string[]) => readonly string[];
}

function anExporter(
  answers: Answers,
  given: { set?: Partial<ExportOptions>; obstacle?: string; title?: string } = {},
) {
  const sessions = [
    aSession({ id: 'ses_1', title: given.title ?? 'Parser: why?', directory: '/work/parser' }),
    aSession({ id: 'ses_2', title: 'Helper', parentID: 'ses_1' }),
    aSession({ id: 'ses_3', title: 'Other' }),
  ];
  const { ports, sessions: store } = someExports(
    sessions.map((session) => ({ session, messages: aConversation(1) })),
  );
  const file = new HeldFile();
  const seen = {
    notices: [] as Notice[],
    asked: [] as string[],
    ticked: [] as (readonly string[])[],
    files: new Map<string, HeldFile>([['file', file]]),
  };
  const pick = (choices: readonly { label: string; value: unknown }[]): unknown => {
    const wanted = new Set([
      answers.format ?? 'Markdown',
      answers.part ?? 'This Session',
      answers.way ?? 'As It Is',
    ]);
    return choices.find(({ label }) => wanted.has(label))?.value;
  };
  const dialogs: Pick<Dialogs, 'pickOne' | 'pickSeveral' | 'pickSession'> = {
    pickSession: async () => undefined,
    pickOne: async <Value>(_: string, choices: readonly Choice<Value>[]) =>
      pick(choices) as Value | undefined,
    pickSeveral: async <Value>(_: string, choices: readonly Choice<Value>[]) => {
      const ticked = choices.filter(({ picked }) => picked).map(({ value }) => value);
      seen.ticked.push(ticked as string[]);
      return (answers.ticks?.(ticked as string[]) ?? ticked) as Value[];
    },
  };
  const target = <Written>(name: string, begin: () => Promise<Written>): SaveTarget<Written> => ({
    name,
    begin,
    open: { title: 'Open', command: 'vscode.open', arguments: [] },
    reveal: { title: 'Show', command: 'reveal', arguments: [] },
  });
  const askWhereToSave: AskWhereToSave = {
    file: async ({ name, directory }) => {
      seen.asked.push(`${directory}/${name}`);
      return target<WrittenFile>(name, async () => file);
    },
    folder: async ({ name, directory }) => {
      seen.asked.push(`${directory}/${name}/`);
      const folder = new HeldFile();
      seen.files.set('folder', folder);
      return target(name, async () => ({
        add: async (child: string) => {
          const held = new HeldFile();
          seen.files.set(child, held);
          return held;
        },
        finish: () => folder.finish(),
        discard: () => folder.discard(),
      }));
    },
  };
  const history = aHistory(() => aConversation(2));
  const sanitized: string[] = [];
  const deps = {
    ...ports,
    sessions: store,
    openCode: { ...ports.openCode, listMessages: history.listMessages },
    currentSessionId: () => 'ses_1',
    selectedSessionIds: () => [],
    proof: aProof(),
    dialogs,
    exportSettings: { options: () => ({ ...usualOptions, ...given.set }) },
    exportTemplate: async () => undefined,
    lastChoices: new Memory(),
    askWhereToSave,
    program: {
      obstacle: () => given.obstacle,
      importFile: async () => undefined,
      exportSanitized: async (id: string, path: string) => void sanitized.push(id, path),
    },
    runWithProgress: ((_, run) => run(goesOn, () => undefined)) satisfies RunWithProgress,
    notify: (notice: Notice) => void seen.notices.push(notice),
  };
  return { deps, seen, file, sanitized };
}

describe('exporting a session', () => {
  it('writes it where the person says, under its name', async () => {
    const { deps, seen, file } = anExporter({});
    assert.equal(await exportSession(deps)(undefined), 'ses_1');
    assert.deepEqual(seen.asked, ['/work/parser/Parser why.md']);
    assert.match(file.text, /Question 0[\s\S]+Answer 0/);
    assert.equal(file.state, 'finished');
    const [notice] = seen.notices;
    assert.equal(notice?.message, '“Parser: why?” was exported to Parser why.md (0 secrets redacted).');
    assert.deepEqual(
      notice?.actions.map(({ title }) => title),
      ['Open', 'Show'],
    );
  });

  it('proposes a name that says no more than the file', async () => {
    const title = `Rotate ${['ghp', '16C7e42F292c6912E7710c838347Ae178B4a'].join('_')}`;
    const part = 'This Session';
    const names: string[] = [];
    for (const [format, way] of [
      ['Markdown', undefined],
      ['JSON', 'Secrets Redacted'],
      ['JSON', 'Sanitized by OpenCode'],
      ['JSON', 'As It Is'],
    ] as const) {
      const { deps, seen } = anExporter({ format, part, ...(way && { way }) }, { title });
      await exportSession(deps)({ sessionId: 'ses_1' });
      names.push(...seen.asked);
    }
    assert.deepEqual(names, [
      '/work/parser/Rotate [redacted github].md',
      '/work/parser/Rotate [redacted github].json',
      '/work/parser/OpenCode session.json',
      `/work/parser/${title}.json`,
    ]);
  });

  it('writes nothing where the person thinks better of it, at any step', async () => {
    for (const answers of [{ format: 'None' }, { part: 'None' }]) {
      const { deps, seen, file } = anExporter(answers);
      assert.equal(await exportSession(deps)(undefined), undefined);
      assert.deepEqual([seen.asked, file.text], [[], '']);
    }
    const unticked = anExporter({});
    const dialogs = { ...unticked.deps.dialogs, pickSeveral: async () => undefined };
    assert.equal(await exportSession({ ...unticked.deps, dialogs })(undefined), undefined);
    assert.deepEqual(unticked.seen.asked, []);
    const { deps, seen } = anExporter({});
    const askWhereToSave = { ...deps.askWhereToSave, file: async () => undefined };
    assert.equal(await exportSession({ ...deps, askWhereToSave })(undefined), undefined);
    assert.deepEqual(seen.notices, []);
  });

  it('claims nothing and leaves nothing where it could not be written', async () => {
    const { deps, seen, file } = anExporter({});
    const begin = async () => {
      file.write = () => Promise.reject(new Problem('No room.'));
      return file;
    };
    const target = await deps.askWhereToSave.file({ title: '', directory: '', name: '', kinds: {} });
    const askWhereToSave = { ...deps.askWhereToSave, file: async () => target && { ...target, begin } };
    await assert.rejects(exportSession({ ...deps, askWhereToSave })(undefined), /No room/);
    assert.deepEqual([seen.notices, file.state], [[], 'discarded']);
  });

  it('ticks what was ticked last, but redaction as the settings say, and follows settings that were changed', async () => {
    const { deps, seen } = anExporter({ ticks: () => ['reasoning', 'whole'] });
    await exportSession(deps)(undefined);
    await exportSession(deps)(undefined);
    const exportSettings = { options: () => ({ ...usualOptions, calls: 'omit' as const }) };
    await exportSession({ ...deps, exportSettings })(undefined);
    assert.deepEqual(seen.ticked, [['redact', 'calls'], ['redact', 'reasoning', 'whole'], ['redact']]);
  });

  it('asks for what goes along only where there is a choice', async () => {
    const { deps, file } = anExporter({ part: 'With Its Subagents' });
    await exportSession(deps)({ sessionId: 'ses_1' });
    assert.match(file.text, /Subagent: Helper/);
    const both = anExporter({ part: 'The 2 Selected Sessions' });
    await exportSession(both.deps)(undefined, [{ sessionId: 'ses_1' }, { sessionId: 'ses_3' }]);
    assert.match(both.file.text, /^# Parser: why\? and 1 more\n/);
  });

  it('begins at a message that is named, or picked', async () => {
    for (const run of [exportFromMessage, exportSession]) {
      const { deps, file } = anExporter({ part: 'From a Message On…' });
      const pickOne = async <Value>(title: string, choices: readonly Choice<Value>[]) =>
        choices.find(({ label }) => label === 'Answer 0')?.value ??
        (await deps.dialogs.pickOne(title, choices));
      const dialogs = { ...deps.dialogs, pickOne };
      await run({ ...deps, dialogs })({
        sessionId: 'ses_1',
        ...(run === exportFromMessage ? { messageId: 'msg_000001' } : {}),
      });
      assert.doesNotMatch(file.text, /Question 0/);
      assert.match(file.text, /Answer 0/);
    }
  });

  it('writes JSON as the server has it, a folder of it for several, and what OpenCode makes of it', async () => {
    const one = anExporter({ format: 'JSON' });
    await exportSession(one.deps)({ sessionId: 'ses_3' });
    const { info, messages, ...more } = JSON.parse(one.file.text) as Record<
      string,
      { length?: number; id?: string }
    >;
    assert.deepEqual([info?.id, messages?.length, more], ['ses_3', 2, {}]);
    const several = anExporter({ format: 'JSON', part: 'With Its Subagents', way: 'Secrets Redacted' });
    await exportSession(several.deps)({ sessionId: 'ses_1' });
    assert.deepEqual(several.seen.asked, ['/work/parser/Parser why/']);
    assert.deepEqual(
      [...several.seen.files.keys()],
      ['file', 'folder', '1 Parser why.json', '2 Helper.json'],
    );
    assert.equal(several.seen.files.get('folder')?.state, 'finished');
    const helper = JSON.parse(several.seen.files.get('2 Helper.json')?.text ?? '') as { export: object };
    assert.deepEqual(helper.export, { exported: '2026-11-29T12:00:00.000Z', redacted: {} });
    const made = anExporter({ format: 'JSON', way: 'Sanitized by OpenCode' });
    await exportSession(made.deps)({ sessionId: 'ses_3' });
    assert.deepEqual(made.sanitized, ['ses_3', '/held/file.part']);
    const cannot = anExporter({ format: 'JSON', way: 'Sanitized by OpenCode' }, { obstacle: 'Elsewhere.' });
    assert.equal(await exportSession(cannot.deps)({ sessionId: 'ses_3' }), undefined);
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
