import assert from 'node:assert/strict';
import { changesOf, readTurns } from '../../../src/core/changes/changedTurn.ts';
import { turnFigure } from '../../../src/core/changes/changesFigure.ts';
import { foldChanges } from '../../../src/core/changes/foldChanges.ts';
import { SessionChanges } from '../../../src/core/changes/sessionChanges.ts';
import { showUnseen } from '../../../src/core/plainText.ts';
import { tellStory } from '../../../src/core/rows/story.ts';
import { rowDescription, rowLabel, type SessionFacts } from '../../../src/core/sessions/sessionRow.ts';
import { nameSession } from '../../../src/core/sessions/unnamed.ts';
import type { MessageWithParts } from '../../../src/protocol/records.ts';
import { anAnswer, aSession, aUserMessage } from './builders.ts';
import { aStore } from './stores.ts';

/** What no person wrote: of each, all work is bounded by its size, and nothing of it is shown at length. */
describe('sessions beyond all measure', () => {
  const place = { directory: '/work/parser' };
  const title = `${'A very long title שלום \u202e\u001b\u0007 '.repeat(200)}end`;
  const session = aSession({ id: 'ses_1', title, agent: title });

  function factsOf(): SessionFacts {
    return {
      session,
      title: nameSession(session, undefined),
      origin: { kind: 'root', from: undefined },
      state: { kind: 'error', error: { name: 'APIError', data: { message: title.repeat(20) } } },
      cost: 0,
      context: undefined,
      sourceTitle: undefined,
      now: 1,
    };
  }

  it('have a title of 5,000 letters that is cut to its ends, and shows its signs', () => {
    const shown = nameSession(session, undefined);
    assert.ok(shown.length < 250, shown);
    assert.match(shown, /end$/);
    assert.equal(showUnseen(shown), shown);
  });

  it('have rows and hovers of a few lines', () => {
    const facts = factsOf();
    assert.ok(rowLabel(facts).length < 1000);
    assert.ok(rowDescription(facts).length < 300);
    const prompt = 'Count '.repeat(100_000);
    const glance = { prompt, answer: 'word '.repeat(200_000), began: 1, ended: 2, isStopped: false };
    assert.ok(tellStory({ facts, glance, todos: [] }, []).length < 10_000);
  });

  it('have a turn of 2,000 calls, of which each counts once', () => {
    const patch = (at: number) => `@@ -${at + 1},1 +${at + 1},1 @@\n-a\n+b\n`;
    const parts = Array.from({ length: 2000 }, (_, at) => ({
      id: `prt_${at}`,
      type: 'tool',
      tool: 'edit',
      callID: `c${at}`,
      state: {
        status: 'completed',
        input: { filePath: `/work/parser/${at % 100}.ts` },
        output: '',
        title: '',
        metadata: { diff: patch(at) },
        time: { start: 1, end: 2 },
      },
    }));
    const turn: MessageWithParts[] = [aUserMessage('msg_1'), anAnswer('msg_2', 'msg_1', { parts })];
    const [read] = readTurns(place, turn);
    assert.ok(read);
    const changes = foldChanges([changesOf(read)]);
    assert.equal(changes.length, 100);
    assert.equal(
      changes.reduce((sum, { additions }) => sum + additions, 0),
      2000,
    );
    const changed = aSession({ id: 'ses_1', time: { created: 1, updated: 1 } });
    const store = new SessionChanges(aStore([changed]));
    for (const { info, parts: told } of turn) {
      store.apply({ type: 'message.updated', properties: { info } });
      for (const part of told) store.apply({ type: 'message.part.updated', properties: { part } });
    }
    assert.equal(store.files(changed).length, 100);
  });

  it('have a diff of 50 MB, which is counted by the server and not read', () => {
    const diff = { file: 'a.txt', status: 'added', additions: 1_000_000, deletions: 0 } as const;
    const patch = `@@ -0,0 +1,1000000 @@\n${`+${'x'.repeat(48)}\n`.repeat(1_000_000)}`;
    const message = aUserMessage('msg_1');
    assert.ok(message.info.role === 'user');
    const big = { ...message, info: { ...message.info, summary: { diffs: [{ ...diff, patch }] } } };
    const [turn] = readTurns(place, [big]);
    assert.deepEqual(turn && changesOf(turn), [
      { path: '/work/parser/a.txt', status: 'added', additions: 1_000_000, deletions: 0, lacks: 'large' },
    ]);
    assert.deepEqual(turnFigure([{ ...diff, patch }]), { files: 1, additions: 1_000_000, deletions: 0 });
  });
});
