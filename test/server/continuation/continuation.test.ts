import assert from 'node:assert/strict';
import { join } from 'node:path';
import { CancelledError } from '../../../src/core/cancellation.ts';
import { buildCompactGuidance } from '../../../src/core/continuation/compactGuidance.ts';
import type { Extraction } from '../../../src/core/continuation/extraction.ts';
import { buildHandoff } from '../../../src/core/continuation/handoff.ts';
import { handoffTitle } from '../../../src/core/continuation/handoffTitle.ts';
import { NotFoundProblem } from '../../../src/core/errors.ts';
import { findForkEnd } from '../../../src/core/turns/fork.ts';
import { compactAndContinue, type CompactStep } from '../../../src/flows/compactAndContinue.ts';
import { deleteForgotten, extractHandoff } from '../../../src/flows/extractHandoff.ts';
import { forkApproaches, forkWithPrompt } from '../../../src/flows/forkApproaches.ts';
import { gatherSession } from '../../../src/flows/preparing/gatherSession.ts';
import { assertUndoable, handOff, runCommandInNewSession } from '../../../src/flows/handOff.ts';
import { tell } from '../../../src/flows/tell.ts';
import { provedScratch } from '../../../src/core/sessions/scratch.ts';
import { parseLineage, withLineage } from '../../../src/protocol/lineage.ts';
import type { Session } from '../../../src/protocol/records.ts';
import { waitFor } from '../../workbench/waitFor.ts';
import { withSnapshots } from '../../workbench/openCodeServer.ts';
import { conversation, ids, model, openRoom, type Room, say, type Window } from './room.ts';
import { makeMessageId } from '../../../src/core/turns/messageId.ts';
import { textPrompt } from '../../../src/flows/prompting/outgoing.ts';

const whole = { before: undefined, at: undefined };

/** A cancellation, and the button that asks for it. */
function cancelButton() {
  const listeners = new Set<() => void>();
  const cancellation = {
    isCancellationRequested: false,
    onCancellationRequested: (listener: () => void) => {
      listeners.add(listener);
      return { dispose: () => listeners.delete(listener) };
    },
  };
  const press = (): void => {
    cancellation.isCancellationRequested = true;
    for (const listener of listeners) listener();
  };
  return { cancellation, press };
}

describe('continuing on a real server', function () {
  this.timeout(180_000);
  let room: Room;
  let window: Window;

  before(async () => {
    room = await openRoom(withSnapshots);
    window = await room.openWindow();
  });
  beforeEach(() => room.model.releaseAll());
  after(() => room.close());

  const todowrite = `tool: todowrite {"todos":[{"content":"Fuzz it","status":"pending","priority":"high"},{"content":"Ship it","status":"completed","priority":"low"}]}`;

  /** What the model was really asked, by the last text of the user. */
  function asked(text: string) {
    return room.model.requests.filter(({ messages }) => messages.at(-1)?.text.includes(text));
  }

  async function sessionIds(): Promise<string[]> {
    const sessions = await window.openCode.listSessions(room.server.workspace);
    return sessions.map(({ id }) => id).sort();
  }

  describe('a hand off', () => {
    it('gathers, drafts and starts a session that writes the open todos first', async () => {
      const source = await room.newSession(window, { title: 'Parser', agent: 'plan' });
      await say(window, source, `${todowrite}\nsay: The parser works.`, 'plan');
      const gathered = await gatherSession(
        { ...window, git: () => Promise.resolve(undefined), findMissing: () => Promise.resolve([]) },
        source.id,
      );
      assert.equal(gathered.conclusion, 'The parser works.');
      assert.equal(gathered.agent, 'plan');
      const drafted = buildHandoff(gathered, undefined, { form: 'short', goal: 'Publish it.' });
      assert.equal(/1\/2 done\n- Pending: Fuzz it/.test(drafted), window.openCode.abilities.todos);
      const text = `${drafted}\n${todowrite}\nsay: Taken over.`;
      const handed = await handOff(window, {
        source,
        title: handoffTitle(source.title, drafted),
        agent: 'plan',
        model,
        text,
        todos: gathered.todos,
      });
      assert.deepEqual(await handed.missingTodos, []);
      assert.equal((await handed.delivery.ended).kind, 'answered');
      const session = await window.openCode.getSession(handed.session.id);
      assert.equal(session.title, 'Handoff: Parser');
      assert.equal(session.agent, 'plan');
      assert.equal(session.parentID, undefined);
      assert.deepEqual(
        { ...parseLineage(session), time: 0 },
        {
          of: session.id,
          kind: 'handoff',
          from: source.id,
          time: 0,
        },
      );
      const [request] = asked('**Goal:** Publish it.');
      assert.ok(
        request?.messages.at(-1)?.text.startsWith(text),
        'the model received exactly what was drafted',
      );
      assert.equal(request?.messages.length, 1, 'and nothing of the source');
      assert.match(request?.system ?? '', /./);
      await assertUndoable(window.openCode, session.id);
      await say(window, session, 'say: work');
      await assert.rejects(assertUndoable(window.openCode, session.id), /Work has been done/);
    });

    it('says which todos did not arrive', async () => {
      const source = await room.newSession(window);
      const todos = [{ content: 'Fuzz it', status: 'pending' as const, priority: 'high' as const }];
      const handed = await handOff(window, {
        source,
        title: 'H',
        agent: 'build',
        model,
        text: 'say: no todos',
        todos,
      });
      assert.deepEqual(await handed.missingTodos, window.openCode.abilities.todos ? todos : []);
    });

    it('gives the next agent no more rights than the session had, also where it begins with a command', async () => {
      const { openCode } = window;
      const { id } = await room.newSession(window);
      const permission = [
        { permission: 'edit', pattern: '*', action: 'allow' as const },
        { permission: 'edit', pattern: '*.lock', action: 'deny' as const },
      ];
      const source = await openCode.updateSession(id, { permission });
      const write = (filePath: string) => `tool: write ${JSON.stringify({ filePath, content: 'x' })}`;
      const text = `${write('own.txt')}\n${write('own.lock')}\nsay: done`;
      const handed = await handOff(window, { source, title: 'H', agent: 'build', model, text, todos: [] });
      assert.equal((await handed.delivery.ended).kind, 'answered');
      assert.deepEqual((await openCode.getSession(handed.session.id)).permission, permission);
      const { messages } = await openCode.listMessages(handed.session.id, { limit: 10 });
      const calls = messages.flatMap(({ parts }) =>
        parts.flatMap((part) => (part.type === 'tool' ? part.state.status : [])),
      );
      assert.deepEqual(calls, ['completed', 'error']);
      const command = { command: 'tidy', arguments: 'up' };
      const ran = await runCommandInNewSession(window, {
        source,
        title: 'C',
        agent: 'build',
        model,
        ...command,
      });
      assert.deepEqual((await openCode.getSession(ran.id)).permission, permission);
      await window.turns.whenSettled(ran.id);
    });

    it('leaves no empty session behind when the agent is refused', async () => {
      const source = await room.newSession(window);
      const before = await sessionIds();
      const request = { source, title: 'H', agent: 'ghost', model, text: 'say: x', todos: [] };
      await assert.rejects(handOff(window, request), /refused the prompt: Agent not found: "ghost"/);
      assert.deepEqual(await sessionIds(), before);
    });

    it('runs a slash command in a clean context', async () => {
      const source = await room.newSession(window);
      const request = {
        source,
        title: 'Tidy',
        agent: 'build',
        model,
        command: 'tidy',
        arguments: 'the desk',
      };
      const session = await runCommandInNewSession(window, request);
      // The command is there before the server says that it runs.
      await waitFor(
        async () => (await conversation(window, session.id))[1] === 'build: Tidied the desk' || undefined,
        { what: 'the answer of the command' },
      );
      await window.turns.whenSettled(session.id);
    });

    it('refuses an unknown command and leaves nothing behind', async () => {
      const source = await room.newSession(window);
      const before = await sessionIds();
      const request = {
        source,
        title: 'T',
        agent: 'build',
        model,
        command: 'no-such-command',
        arguments: '',
      };
      await assert.rejects(runCommandInNewSession(window, request));
      assert.deepEqual(await sessionIds(), before);
    });

    it('gathers a long session from its beginning, or up to the message that is chosen', async () => {
      const source = await room.newSession(window);
      const file = join(room.server.workspace, 'early.txt');
      const begin = `tool: write ${JSON.stringify({ filePath: file, content: 'early' })}\nsay: Wrote it.`;
      await say(window, source, begin);
      await say(window, source, `${todowrite}\nsay: Planned.`);
      const chosen = (await window.openCode.listMessages(source.id, { limit: 1 })).messages[0]?.info.id ?? '';
      for (let count = 0; count < 210; count += 1) {
        const parts = [{ type: 'text' as const, text: `Remark ${count}` }];
        await window.openCode.tellSession(source.id, { agent: 'build', model, parts });
      }
      await say(window, source, `${todowrite.replace('Fuzz it', 'Publish it')}\nsay: Done.`);
      const ports = {
        ...window,
        git: () => Promise.resolve(undefined),
        findMissing: () => Promise.resolve([]),
      };
      const all = await gatherSession(ports, source.id);
      assert.match(all.requests[0] ?? '', /^tool: write/);
      assert.deepEqual(all.files, ['early.txt']);
      assert.equal(all.conclusion, 'Done.');
      assert.equal(all.todos[0]?.content, window.openCode.abilities.todos ? 'Publish it' : undefined);
      assert.equal(all.isPartial, false);
      const early = await gatherSession(ports, source.id, { upTo: chosen });
      assert.equal(early.conclusion, 'Planned.');
      assert.deepEqual([all.hasLater, early.hasLater], [false, true]);
      const then = window.openCode.abilities.todos ? 'Fuzz it' : undefined;
      assert.equal(early.todos[0]?.content, then, 'the todos as they stood then');
      assert.ok(!early.requests.some((request) => request.startsWith('Remark')));
      const line = await gatherSession(ports, source.id, { latest: true });
      assert.deepEqual(line.lastTurn, { agent: 'build', files: [] });
      await assert.rejects(gatherSession(ports, source.id, { upTo: 'msg_unknown' }), NotFoundProblem);
    });

    it('gathers an empty session', async () => {
      const source = await room.newSession(window, { title: 'Nothing yet' });
      const ports = {
        ...window,
        git: () => Promise.resolve(undefined),
        findMissing: () => Promise.resolve([]),
      };
      const gathered = await gatherSession(ports, source.id);
      assert.match(buildHandoff(gathered, undefined, { form: 'short' }), /Continues "Nothing yet"/);
    });

    it('says so when the source was deleted meanwhile', async () => {
      const source = await room.newSession(window);
      await window.openCode.deleteSession(source.id);
      const ports = {
        ...window,
        git: () => Promise.resolve(undefined),
        findMissing: () => Promise.resolve([]),
      };
      await assert.rejects(gatherSession(ports, source.id), NotFoundProblem);
    });
  });

  describe('a summary by the model', () => {
    const summary: Extraction = {
      summary: 'The parser works.',
      goal: 'Publish it.',
      decisions: [{ decision: 'No dependencies', reason: 'the user said so' }],
      triedAndFailed: [],
      blocked: '',
      nextSteps: ['Fuzz it'],
    };
    let source: Session;

    beforeEach(async () => {
      source = await room.newSession(window);
      await say(window, source, 'say: alpha');
    });

    it('is extracted in a fork that is gone afterwards, and leaves no turn in the source', async () => {
      const before = await sessionIds();
      const goal = `structured: ${JSON.stringify(summary)}`;
      const request = { source, point: whole, agent: 'build', model, goal };
      assert.deepEqual(await extractHandoff(window, request), summary);
      assert.deepEqual(await sessionIds(), before);
      assert.equal((await conversation(window, source.id)).length, 2);
      const [seen] = asked('Another agent continues this work');
      // Where there are no answers by a schema, all tools are offered, and the rules of the fork forbid them.
      if (!window.openCode.abilities.serverQueue) {
        assert.deepEqual(seen?.tools, ['StructuredOutput'], 'no tool but the answer itself may be called');
      }
      assert.match(JSON.stringify(seen?.messages), /alpha/);
    });

    it('fails with a sentence when the provider fails, and the fork is gone all the same', async () => {
      const before = await sessionIds();
      const request = { source, point: whole, agent: 'build', model, goal: 'fail: 400 x* no credit' };
      await assert.rejects(extractHandoff(window, request), /could not summarize the session: .*no credit/);
      assert.deepEqual(await sessionIds(), before);
    });

    it('can be cancelled while the model writes, and the fork is gone all the same', async () => {
      const before = await sessionIds();
      const { cancellation, press } = cancelButton();
      const goal = 'hold: extracting';
      const extracting = extractHandoff(
        window,
        { source, point: whole, agent: 'build', model, goal },
        cancellation,
      );
      await Promise.race([room.model.reached('extracting'), extracting]);
      press();
      await assert.rejects(extracting, CancelledError);
      assert.deepEqual(await sessionIds(), before);
      room.model.release('extracting');
    });

    it('sweeps what a crashed window left behind, and nothing else', async () => {
      const { openCode } = window;
      const forgotten = await openCode.forkSession(source.id);
      const fresh = await openCode.forkSession(source.id);
      const hourAgo = Date.now() - 3_600_000;
      const left = await openCode.updateSession(forgotten.id, {
        metadata: provedScratch(window.proof, forgotten.id, { from: source.id, time: hourAgo }),
      });
      const used = await openCode.updateSession(fresh.id, {
        metadata: provedScratch(window.proof, fresh.id, { from: source.id, time: Date.now() }),
      });
      await deleteForgotten(window, [left, used, source]);
      const ids = await sessionIds();
      assert.ok(!ids.includes(forgotten.id));
      assert.ok(ids.includes(fresh.id) && ids.includes(source.id));
      await openCode.deleteSession(fresh.id);
    });

    it('leaves one that works, however old it seems', async () => {
      const { openCode } = window;
      const made = await openCode.forkSession(source.id);
      const working = await openCode.updateSession(made.id, {
        metadata: provedScratch(window.proof, made.id, { from: source.id, time: Date.now() - 3_600_000 }),
      });
      const prompt = { agent: 'build', model, text: 'hold: summing\nsay: Summed.' };
      const outgoing = textPrompt(makeMessageId(ids), prompt);
      const { ended } = await window.door.send(working, outgoing, 'extraction');
      await room.model.reached('summing');
      await deleteForgotten(window, [working]);
      assert.ok((await sessionIds()).includes(working.id));
      room.model.release('summing');
      await ended;
      await openCode.deleteSession(working.id);
    });
  });

  describe('forks', () => {
    it('end with the message that was pointed at, and carry what the server leaves behind', async () => {
      const source = await room.newSession(window, { agent: 'plan' });
      const permission = [{ permission: 'bash', pattern: '*', action: 'deny' as const }];
      const inherited = withLineage({ others: 1 }, { kind: 'fork', from: 'ses_grandfather', time: 1 });
      await window.openCode.updateSession(source.id, { permission, metadata: inherited });
      await say(window, source, 'say: one', 'plan');
      await say(window, source, 'say: two', 'plan');
      const { messages } = await window.openCode.listMessages(source.id, { limit: 10 });
      const record = await window.openCode.getSession(source.id);
      const point = findForkEnd(messages, { upTo: messages[1]?.info.id });
      const request = { title: 'Parser (fork #1)', prompt: { agent: 'plan', model, text: 'say: three' } };
      const { session, delivery } = await forkWithPrompt(window, record, point, request);
      await delivery?.ended;
      assert.deepEqual(await conversation(window, session.id), [
        'user(plan): say: one',
        'plan: one',
        'user(plan): say: three',
        'plan: three',
      ]);
      const fork = await window.openCode.getSession(session.id);
      assert.equal(fork.title, 'Parser (fork #1)');
      const name = window.openCode.abilities.forkOrigin ? 'shell' : 'bash';
      assert.deepEqual(fork.permission, [{ permission: name, pattern: '*', action: 'deny' }]);
      assert.deepEqual(
        { ...parseLineage(fork), time: 0 },
        { of: fork.id, kind: 'fork', from: source.id, at: point.at, time: 0 },
      );
      assert.equal(fork.metadata?.['others'], 1, 'what others keep there is left');
    });

    it('are refused at a message that the session does not have', async () => {
      const source = await room.newSession(window);
      await say(window, source, 'say: one');
      const { messages } = await window.openCode.listMessages(source.id, { limit: 10 });
      assert.throws(() => findForkEnd(messages, { upTo: 'msg_unknown' }), NotFoundProblem);
    });

    it('of a working session end with its last settled turn', async () => {
      const source = await room.newSession(window);
      await say(window, source, 'say: one');
      const running = say(window, source, 'say: half ;; hold: forking ;; say: done');
      await room.model.reached('forking');
      const { messages } = await window.openCode.listMessages(source.id, { limit: 10 });
      const { session } = await forkWithPrompt(window, source, findForkEnd(messages, { isBusy: true }), {
        title: 'F',
      });
      assert.deepEqual(await conversation(window, session.id), ['user(build): say: one', 'build: one']);
      room.model.release('forking');
      await running;
    });

    it('into approaches run side by side in one group; one that fails takes no other with it', async () => {
      const source = await room.newSession(window);
      await say(window, source, 'say: base');
      const approach = (title: string, agent: string) => ({
        title,
        prompt: { agent, model, text: `hold: ${title} ;; say: did ${title}` },
      });
      const before = await sessionIds();
      const forking = forkApproaches(window, source, whole, [
        approach('left', 'build'),
        approach('right', 'plan'),
        approach('wrong', 'ghost'),
      ]);
      await Promise.all([room.model.reached('left'), room.model.reached('right')]);
      room.model.release('left');
      room.model.release('right');
      const forked = await forking;
      const sessions = forked.flatMap((result) => ('session' in result ? [result] : []));
      assert.equal(sessions.length, 2);
      for (const { delivery } of sessions) await delivery?.ended;
      assert.ok(forked[2] !== undefined && 'error' in forked[2]);
      assert.match(String(forked[2].error), /Agent not found: "ghost"/);
      const groups = sessions.map(({ session }) => parseLineage(session)?.group);
      assert.ok(groups[0] !== undefined && groups[0] === groups[1]);
      const [left, right] = sessions.map(({ session }) => session.id);
      assert.equal((await conversation(window, left ?? '')).at(-1), 'build: did left');
      assert.equal((await conversation(window, right ?? '')).at(-1), 'plan: did right');
      assert.equal((await sessionIds()).length, before.length + 2, 'the failed one left no fork behind');
    });
  });

  describe('a compaction', () => {
    it('tells the summary what must survive, compares, goes on with the named agent, and leaves no trace of its guidance', async () => {
      const session = await room.newSession(window);
      await say(window, session, `${todowrite}\nsay: begun`);
      for (const word of ['alpha', 'beta', 'gamma'])
        await say(window, session, `${`${word} `.repeat(6000)}\nsay: ok`);
      const steps: CompactStep[] = [];
      const exported: number[] = [];
      const guidance = buildCompactGuidance({
        agent: 'reviewer',
        todos: [],
        files: [],
        guidance: 'Keep the words.',
      });
      const compacted = await compactAndContinue(
        {
          ...window,
          exportSession: (_, messages) => {
            exported.push(messages.length);
            return Promise.resolve();
          },
          onProgress: (step) => steps.push(step),
        },
        { session, model, guidance, continuation: { agent: 'reviewer', model, text: 'say: reviewed' } },
      );
      assert.equal((await compacted.delivery?.ended)?.kind, 'answered');
      assert.deepEqual(steps, ['waiting', 'exporting', 'summarizing', 'continuing']);
      assert.deepEqual(exported, [9]);
      const summarizing = room.model.requests.findLast(({ kind }) => kind === 'compaction');
      const told = summarizing?.messages[0]?.text ?? '';
      assert.ok(told.includes('[Compacting session - reviewer agent will respond after completion]'));
      assert.ok(told.includes('Keep the words.'));
      assert.notEqual(compacted.summary, '');
      assert.deepEqual(
        compacted.loss.todos.map(({ content }) => content),
        ['Fuzz it'],
      );
      const said = await conversation(window, session.id);
      assert.deepEqual(said.slice(-2), ['user(reviewer): say: reviewed', 'reviewer: reviewed']);
      assert.ok(!said.join('\n').includes('Keep the words.'), 'the guidance is gone from the history');
      const [after] = asked('say: reviewed');
      assert.ok(after?.messages.some(({ text }) => text.includes(compacted.summary.slice(0, 20))));
    });

    it('waits until a running turn has settled', async () => {
      const session = await room.newSession(window);
      await say(window, session, 'say: one');
      const running = say(window, session, 'hold: compacting ;; say: two');
      await room.model.reached('compacting');
      const ports = { ...window, exportSession: undefined, onProgress: () => undefined };
      const compacting = compactAndContinue(ports, { session, model, guidance: '' });
      room.model.release('compacting');
      await running;
      await compacting;
      const said = await conversation(window, session.id);
      assert.equal(
        said.findIndex((line) => line.includes('<compaction>')),
        4,
      );
    });

    it('of a session in which nobody answered is refused with a sentence', async () => {
      const session = await room.newSession(window);
      const ports = { ...window, exportSession: undefined, onProgress: () => undefined };
      await assert.rejects(
        compactAndContinue(ports, { session, model, guidance: '' }),
        /nothing to compact yet/,
      );
      assert.deepEqual(await conversation(window, session.id), []);
    });

    it('that fails leaves nothing that eats the next prompt', async () => {
      const session = await room.newSession(window);
      await say(window, session, 'say: one');
      const ports = { ...window, exportSession: undefined, onProgress: () => undefined };
      const request = { session, model: { providerID: 'local', modelID: 'gone' }, guidance: 'Keep it.' };
      await assert.rejects(compactAndContinue(ports, request));
      await say(window, session, 'say: two');
      assert.deepEqual(await conversation(window, session.id), [
        'user(build): say: one',
        'build: one',
        'user(build): say: two',
        'build: two',
      ]);
    });

    it('is not begun when the copy cannot be written', async () => {
      const session = await room.newSession(window);
      await say(window, session, 'say: one');
      const exportSession = () => Promise.reject(new Error('disk full'));
      const ports = { ...window, exportSession, onProgress: () => undefined };
      await assert.rejects(compactAndContinue(ports, { session, model, guidance: '' }), /disk full/);
      assert.equal((await conversation(window, session.id)).length, 2);
    });

    it('can be cancelled while it waits, and then did nothing', async () => {
      const session = await room.newSession(window);
      const running = say(window, session, 'say: x ;; hold: cancelling ;; say: y');
      await room.model.reached('cancelling');
      const { cancellation, press } = cancelButton();
      const ports = { ...window, exportSession: undefined, onProgress: () => undefined };
      const compacting = compactAndContinue(ports, { session, model, guidance: '' }, cancellation);
      press();
      await assert.rejects(compacting, CancelledError);
      room.model.release('cancelling');
      await running;
      assert.equal((await conversation(window, session.id)).length, 2);
    });
  });

  describe('a compaction that is cancelled while the summary is written', () => {
    it('leaves the session as it was, and the next prompt is answered', async () => {
      const session = await room.newSession(window);
      await say(window, session, 'say: one');
      const { cancellation, press } = cancelButton();
      const onProgress = (step: CompactStep) => {
        if (step === 'summarizing') press();
      };
      const ports = { ...window, exportSession: undefined, onProgress };
      const request = { session, model, guidance: 'Keep it.' };
      await assert.rejects(compactAndContinue(ports, request, cancellation), CancelledError);
      await say(window, session, 'say: two');
      assert.deepEqual((await conversation(window, session.id)).slice(-2), [
        'user(build): say: two',
        'build: two',
      ]);
    });
  });

  describe('telling without a turn', () => {
    it('puts context in that the next turn reads, and starts none', async () => {
      const session = await room.newSession(window, { agent: 'plan' });
      await say(window, session, 'say: one', 'plan');
      const before = room.model.requests.length;
      const parts = [{ type: 'text' as const, text: 'The tests are red.', synthetic: true }];
      await tell(window, { session, agent: 'plan', model, parts });
      assert.equal(room.model.requests.length, before);
      assert.equal((await window.openCode.getSession(session.id)).agent, 'plan');
      await say(window, session, 'say: two', 'plan');
      assert.match(JSON.stringify(room.model.requests.at(-1)?.messages), /The tests are red\./);
    });

    it('waits until a running turn has settled, because in a run it would start one', async () => {
      const session = await room.newSession(window);
      const running = say(window, session, 'say: x ;; hold: telling ;; say: y');
      await room.model.reached('telling');
      const parts = [{ type: 'text' as const, text: 'By the way.' }];
      const telling = tell(window, { session, agent: 'build', model, parts });
      assert.equal((await conversation(window, session.id)).length, 2);
      room.model.release('telling');
      await Promise.all([running, telling]);
      assert.equal((await conversation(window, session.id)).at(-1), 'user(build): By the way.');
      assert.equal(window.turns.isRunning(session.id), false);
    });
  });
});
