import assert from 'node:assert/strict';
import { NotFoundProblem, Problem, UnavailableProblem } from '../../../src/core/errors.ts';
import { Emitter } from '../../../src/core/event.ts';
import { WrittenPrompts } from '../../../src/flows/prompting/writtenPrompts.ts';
import { aSession } from '../core/builders.ts';
import { aStore } from '../core/stores.ts';

describe('prompts that are written', () => {
  const session = aSession({ id: 'ses_1' });

  function open(there: readonly string[] = []) {
    const sessions = aStore([session]);
    const didChangeLent = new Emitter<{ readonly sessionId: string }>();
    const texts = new Map<string, string>();
    const lent = new Set<string>();
    const reported: unknown[] = [];
    const timers: (() => void)[] = [];
    const server = { answers: true };
    const written = new WrittenPrompts({
      sessions,
      openCode: {
        getSession: async (id) => {
          if (!server.answers) throw new UnavailableProblem('There is no server.');
          if (there.includes(id)) return session;
          throw new NotFoundProblem('gone');
        },
      },
      drafts: { get: (id) => ({ text: texts.get(id) ?? '' }) },
      lent: { has: (id) => lent.has(id), onDidChange: didChangeLent.event },
      startTimer: (callback) => {
        timers.push(callback);
        return { dispose: () => undefined };
      },
      report: (error) => reported.push(error),
      log: { debug: () => undefined },
    });
    const settle = () => new Promise((resolve) => setImmediate(resolve));
    const remove = async (): Promise<void> => {
      sessions.apply({ type: 'session.deleted', properties: { info: session } });
      await settle();
    };
    const closeDocument = async (): Promise<void> => {
      lent.delete('ses_1');
      didChangeLent.fire({ sessionId: 'ses_1' });
      await settle();
    };
    return { written, texts, lent, reported, timers, server, settle, remove, closeDocument };
  }

  it('are those of composers and of documents, but no blanks', () => {
    const { written, texts, lent } = open();
    assert.equal(written.has('ses_1'), false);
    texts.set('ses_1', ' \n');
    assert.equal(written.has('ses_1'), false);
    texts.set('ses_1', 'Go on.');
    assert.equal(written.has('ses_1'), true);
    texts.clear();
    lent.add('ses_1');
    assert.equal(written.has('ses_1'), true);
  });

  it('can be opened by a word of them when their session is deleted, by whomever', async () => {
    const { texts, reported, remove } = open();
    texts.set('ses_1', 'Go on.');
    await remove();
    const [problem] = reported;
    assert.ok(problem instanceof Problem);
    assert.match(problem.message, /“Go on\.”.* Its text is kept\./);
    assert.deepEqual(problem.remedy, {
      title: 'Open Text',
      command: 'opencodeSessions.prompt.editInEditor',
      arguments: [{ sessionId: 'ses_1' }],
    });
    await remove();
    assert.equal(reported.length, 1, 'once');
  });

  it('are not told of where nothing is written, or where the session is but in no open folder', async () => {
    const empty = open();
    await empty.remove();
    const moved = open(['ses_1']);
    moved.texts.set('ses_1', 'Go on.');
    await moved.remove();
    assert.deepEqual([...empty.reported, ...moved.reported], []);
  });

  it('stand in their document after the session is gone, and are told of when that is closed', async () => {
    const { texts, lent, reported, remove, closeDocument } = open();
    lent.add('ses_1');
    await remove();
    assert.deepEqual(reported, []);
    texts.set('ses_1', 'Go on.');
    await closeDocument();
    assert.equal(reported.length, 1);
  });

  it('are looked after again where the server does not answer', async () => {
    const { texts, reported, timers, server, settle, remove } = open();
    texts.set('ses_1', 'Go on.');
    server.answers = false;
    await remove();
    assert.deepEqual(reported, []);
    server.answers = true;
    timers.shift()?.();
    await settle();
    assert.equal(reported.length, 1);
  });
});
