import assert from 'node:assert/strict';
import { changesOf, nameInFolder, readTurns } from '../../../../src/core/changes/changedTurn.ts';
import { turnFigure } from '../../../../src/core/changes/changesFigure.ts';
import type { FigureMemory, KeptFigure } from '../../../../src/core/changes/figureMemory.ts';
import { SessionChanges } from '../../../../src/core/changes/sessionChanges.ts';
import type { ServerEvent } from '../../../../src/protocol/events.ts';
import type { FileDiff, MessageWithParts, Session } from '../../../../src/protocol/records.ts';
import { anAnswer, aSession, aUserMessage } from '../builders.ts';
import { aStore } from '../stores.ts';

const place = { directory: '/work/parser' };

/** The diff of a whole file of one line. */
function aDiff(file: string, before: string | null, after: string | null): FileDiff {
  const [old, current] = [before === null ? 0 : 1, after === null ? 0 : 1];
  return {
    file,
    status: before === null ? 'added' : after === null ? 'deleted' : 'modified',
    additions: current,
    deletions: old,
    patch: [
      `@@ -${old},${old} +${current},${current} @@`,
      ...(before === null ? [] : [`-${before}`]),
      ...(after === null ? [] : [`+${after}`]),
      '',
    ].join('\n'),
  };
}

function aPrompt(id: string, ...diffs: FileDiff[]): MessageWithParts {
  const { info, parts } = aUserMessage(id);
  assert.equal(info.role, 'user');
  return { info: { ...info, summary: { diffs } }, parts };
}

const call = (id: string, parentID: string, tool: string, input: object, metadata: object = {}) =>
  anAnswer(id, parentID, {
    parts: [
      {
        type: 'tool',
        tool,
        callID: 'c',
        state: { status: 'completed', input, output: '', title: '', metadata, time: { start: 1, end: 2 } },
      },
    ],
  });

describe('what a turn changed', () => {
  it('is what the snapshots tell, and where they saw nothing what the calls tell', () => {
    const file = '/elsewhere/a.txt';
    const [turn] = readTurns(place, [
      aPrompt('msg_1', aDiff('a.ts', 'a', 'b')),
      call('msg_2', 'msg_1', 'write', { filePath: '/work/parser/a.ts', content: 'b\n' }, { exists: false }),
      call('msg_3', 'msg_1', 'write', { filePath: file, content: 'x\ny\n' }, { exists: false }),
      call('msg_4', 'msg_1', 'write', { filePath: '/elsewhere/old.txt', content: 'x\n' }, { exists: true }),
    ]);
    const told = changesOf(turn ?? assert.fail()).map(({ path, told: isTold, additions, lacks }) => [
      path,
      isTold,
      additions,
      lacks,
    ]);
    assert.deepEqual(told, [
      ['/work/parser/a.ts', undefined, 1, undefined],
      [file, true, 2, undefined],
      ['/elsewhere/old.txt', true, 0, 'pieces'],
    ]);
  });

  it('leaves out a call whose file a snapshot saw change back', () => {
    const edited = anAnswer('msg_2', 'msg_1', {
      parts: [{ type: 'patch', hash: 'h', files: ['/work/parser/a.ts'] }],
    });
    const input = { filePath: '/work/parser/a.ts', content: 'b\n' };
    const [turn] = readTurns(place, [aPrompt('msg_1'), edited, call('msg_3', 'msg_1', 'write', input)]);
    assert.deepEqual(changesOf(turn ?? assert.fail()), []);
  });

  it('names files from the root of the checkout on', () => {
    const below = { directory: '/work/shop/till', path: 'till' };
    const [turn] = readTurns(below, [aPrompt('msg_1', aDiff('till/a.ts', null, 'a'))]);
    assert.equal(turn?.snapshot[0]?.path, '/work/shop/till/a.ts');
    assert.equal(nameInFolder(below, 'till/a.ts'), 'a.ts');
    assert.equal(nameInFolder(below, 'README.md'), '/work/shop/README.md');
    assert.equal(nameInFolder({ directory: '/work/shop', path: '' }, 'till/a.ts'), 'till/a.ts');
  });

  it('is counted for its prompt with renames as one file', () => {
    assert.deepEqual(turnFigure([aDiff('a', 'x', null), aDiff('b', null, 'x')]), {
      files: 1,
      additions: 0,
      deletions: 0,
    });
    assert.deepEqual(turnFigure([aDiff('a', 'x', 'y')]), { files: 1, additions: 1, deletions: 1 });
    assert.equal(turnFigure([]), undefined);
  });
});

describe('what is known of what sessions changed', () => {
  function aKnown(given: Partial<Session> = {}) {
    const session = aSession({ id: 'ses_1', time: { created: 1, updated: 1 }, ...given });
    const sessions = aStore([session]);
    const kept = new Map<string, KeptFigure>();
    const memory: FigureMemory = {
      get: (id) => kept.get(id),
      remember: (id, figure) => void kept.set(id, figure),
      forget: (id) => void kept.delete(id),
    };
    const changes = new SessionChanges(sessions, memory);
    const told: string[] = [];
    changes.onDidChange(({ sessionId }) => told.push(sessionId));
    const apply = (event: ServerEvent): void => {
      sessions.apply(event);
      changes.apply(event);
    };
    const hear = ({ info, parts }: MessageWithParts): void => {
      apply({ type: 'message.updated', properties: { info } });
      for (const part of parts) apply({ type: 'message.part.updated', properties: { part } });
    };
    return { session, sessions, changes, memory, told, apply, hear };
  }

  it('is nothing before something was seen, and partial before all of it was', () => {
    const { session, changes, hear, told } = aKnown();
    assert.equal(changes.figure(session), undefined);
    hear(aPrompt('msg_5'));
    assert.equal(changes.figure(session), undefined);
    hear(aPrompt('msg_5', aDiff('a.ts', 'a', 'b')));
    assert.deepEqual(changes.figure(session), { files: 1, additions: 1, deletions: 1, isPartial: true });
    assert.deepEqual(told, ['ses_1']);
  });

  it('is whole of a session that began meanwhile, and follows its turns', () => {
    const { session, changes, apply, hear } = aKnown();
    apply({ type: 'session.created', properties: { info: session } });
    hear(aPrompt('msg_1', aDiff('a.ts', 'a', 'b')));
    hear(aPrompt('msg_2', aDiff('a.ts', 'b', 'a'), aDiff('b.ts', null, 'b')));
    assert.deepEqual(changes.figure(session), { files: 1, additions: 1, deletions: 0 });
    apply({ type: 'message.removed', properties: { sessionID: 'ses_1', messageID: 'msg_2' } });
    assert.deepEqual(changes.figure(session), { files: 1, additions: 1, deletions: 1 });
    apply({ type: 'session.deleted', properties: { info: session } });
    assert.equal(changes.figure(session), undefined);
  });

  it('hears of calls where there are no snapshots', () => {
    const { session, changes, apply, hear } = aKnown();
    apply({ type: 'session.created', properties: { info: session } });
    hear(aPrompt('msg_1'));
    hear(
      call('msg_2', 'msg_1', 'write', { filePath: '/work/parser/a.ts', content: 'x\n' }, { exists: false }),
    );
    assert.deepEqual(changes.figure(session), { files: 1, additions: 1, deletions: 0, isTold: true });
  });

  it('is put together from the pages that somebody reads', () => {
    const { session, changes } = aKnown();
    const older = [aPrompt('msg_1', aDiff('a.ts', 'a', 'b'))];
    const newer = [aPrompt('msg_3', aDiff('a.ts', 'b', 'c'))];
    changes.see('ses_1', {}, { messages: newer, before: 'msg_3' });
    assert.equal(changes.figure(session)?.isPartial, true);
    changes.see('ses_1', { before: 'elsewhere' }, { messages: older });
    assert.equal(changes.figure(session)?.isPartial, true);
    changes.see('ses_1', { before: 'msg_3' }, { messages: older });
    assert.deepEqual(changes.figure(session), { files: 1, additions: 1, deletions: 1 });
  });

  it('leaves out what a revert took back and what a fork was made with', () => {
    const prompts = [
      aPrompt('msg_1', aDiff('a.ts', null, 'a')),
      aPrompt('msg_2', aDiff('b.ts', null, 'b')),
      aPrompt('msg_3', aDiff('c.ts', null, 'c')),
    ];
    const created = prompts[1]?.info.time.created ?? 0;
    const { session, changes } = aKnown({ time: { created, updated: created } });
    changes.see('ses_1', {}, { messages: prompts, before: 'msg_1' });
    assert.deepEqual(changes.figure(session), { files: 2, additions: 2, deletions: 0 });
    const reverted = { ...session, revert: { messageID: 'msg_3' } };
    assert.deepEqual(changes.figure(reverted), { files: 1, additions: 1, deletions: 0 });
    assert.deepEqual(changes.files(session), ['/work/parser/b.ts', '/work/parser/c.ts']);
    assert.deepEqual(changes.files(reverted), ['/work/parser/b.ts']);
    assert.equal(changes.figure({ ...session, revert: { messageID: 'msg_25' } })?.isPartial, true);
  });

  it('names the files of a turn that runs, and both paths of one that was renamed', () => {
    const { session, changes, apply, hear, told } = aKnown();
    apply({ type: 'session.created', properties: { info: session } });
    hear(aPrompt('msg_1'));
    hear(anAnswer('msg_2', 'msg_1', { parts: [{ type: 'patch', hash: 'h', files: ['/work/parser/a.ts'] }] }));
    assert.deepEqual(changes.files(session), ['/work/parser/a.ts']);
    assert.deepEqual(told, ['ses_1']);
    hear(aPrompt('msg_1', aDiff('old.ts', 'a', null), aDiff('new.ts', null, 'a')));
    assert.deepEqual(changes.files(session), ['/work/parser/new.ts', '/work/parser/old.ts']);
  });

  it('is partial after something happened while the stream was broken, until the newest messages were read again', () => {
    const { session, changes } = aKnown();
    const messages = [aPrompt('msg_1', aDiff('a.ts', null, 'a'))];
    changes.see('ses_1', {}, { messages });
    changes.reset();
    const touched = { ...session, time: { created: 1, updated: 2 } };
    assert.equal(changes.figure(touched)?.isPartial, true);
    changes.see('ses_1', {}, { messages });
    assert.equal(changes.figure(touched)?.isPartial, undefined);
  });

  it('is remembered as long as nothing happens in the session, also after the stream broke', () => {
    const { session, sessions, changes, memory, apply } = aKnown();
    changes.see('ses_1', {}, { messages: [aPrompt('msg_1', aDiff('a.ts', null, 'a'))] });
    const figure = { files: 1, additions: 1, deletions: 0 };
    changes.reset();
    assert.deepEqual(changes.figure(session), figure);
    const later = new SessionChanges(sessions, memory);
    assert.deepEqual(later.figure(session), figure);
    assert.equal(later.figure({ ...session, revert: { messageID: 'msg_1' } }), undefined);
    const info = { ...session, time: { created: 1, updated: 2 } };
    apply({ type: 'session.updated', properties: { info } });
    assert.equal(later.figure(info), undefined);
  });

  it('is remembered of a run when it is over, since more may come under the same record', () => {
    const { session, changes, memory, apply, hear } = aKnown();
    const status = (type: 'busy' | 'idle'): void =>
      apply({ type: 'session.status', properties: { sessionID: 'ses_1', status: { type } } });
    apply({ type: 'session.created', properties: { info: session } });
    status('busy');
    hear(aPrompt('msg_1', aDiff('a.ts', null, 'a')));
    assert.deepEqual(changes.figure(session), { files: 1, additions: 1, deletions: 0 });
    assert.equal(memory.get('ses_1'), undefined);
    status('idle');
    assert.deepEqual(memory.get('ses_1')?.figure, { files: 1, additions: 1, deletions: 0 });
    hear(aPrompt('msg_1', aDiff('a.ts', null, 'a'), aDiff('b.ts', null, 'b')));
    assert.deepEqual(memory.get('ses_1')?.figure, { files: 2, additions: 2, deletions: 0 });
  });

  it('keeps the figures of texts that are too many, and says that sums are no more than that', () => {
    const { session, changes } = aKnown();
    const long = (letter: string): string => letter.repeat(150_000);
    const prompts = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((letter, at) =>
      aPrompt(`msg_${letter}`, aDiff(`${letter}.ts`, null, long(letter)), aDiff('a.ts', `${at}`, letter)),
    );
    changes.see('ses_1', {}, { messages: prompts.slice(0, 1) });
    assert.equal(changes.figure(session)?.isPartial, undefined);
    changes.see('ses_1', {}, { messages: prompts });
    assert.deepEqual(changes.figure(session), { files: 8, additions: 16, deletions: 8, isPartial: true });
  });
});
