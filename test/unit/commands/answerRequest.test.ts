import assert from 'node:assert/strict';
import { answerRequest } from '../../../src/commands/session/answerRequest.ts';
import type { AskedCall } from '../../../src/core/requests/askedCalls.ts';
import { Attention } from '../../../src/core/sessions/attention.ts';
import type { Choice, Dialogs } from '../../../src/core/ports/dialogs.ts';
import { NotFoundProblem } from '../../../src/core/errors.ts';
import type { PermissionRequest, QuestionRequest } from '../../../src/protocol/records.ts';
import { aProof, aSession } from '../core/builders.ts';
import { aPermission, aQuestion, aStore } from '../core/stores.ts';
import { aPerson, aServer } from './commands.ts';

function setUp(
  open: { permissions?: PermissionRequest[]; questions?: QuestionRequest[] },
  person: { readonly [Name in keyof Dialogs]?: (...args: never[]) => unknown } = {},
  call: AskedCall = { kind: 'none' },
) {
  const opened: unknown[] = [];
  const sessions = aStore(
    [
      aSession({ id: 'root', directory: '/top' }),
      aSession({ id: 'child', parentID: 'root', directory: '/below' }),
    ],
    { statuses: { root: { type: 'busy' }, child: { type: 'busy' } }, ...open },
  );
  const server = aServer({
    replyPermission: () => undefined,
    replyQuestion: () => undefined,
    rejectQuestion: () => undefined,
  });
  const run = answerRequest({
    sessions,
    attention: new Attention(sessions),
    calls: { load: async () => call },
    openTranscript: (...given) => void opened.push(given),
    openCode: server.openCode,
    currentSessionId: () => undefined,
    selectedSessionIds: () => [],
    proof: aProof(),
    dialogs: aPerson(person).dialogs,
  });
  return { run, server, opened };
}

describe('answering a session', () => {
  it('gives the answer that the caller names, in the folder of the session that asked', async () => {
    const { run, server } = setUp({ permissions: [aPermission({ sessionID: 'child' })] });
    assert.equal(await run({ sessionId: 'root', requestId: 'per_child', reply: 'once' }), 'child');
    assert.deepEqual(server.calls, [
      ['replyPermission', '/below', aPermission({ sessionID: 'child' }), 'once'],
    ]);
  });

  it('says so when the request was answered elsewhere', async () => {
    const { run, server } = setUp({ permissions: [aPermission({ sessionID: 'child' })] });
    await assert.rejects(run({ sessionId: 'child', requestId: 'per_gone', reply: 'once' }), NotFoundProblem);
    assert.deepEqual(server.calls, []);
  });

  it('passes on why something was rejected, so that the agent goes on', async () => {
    const { run, server } = setUp(
      { permissions: [aPermission({ sessionID: 'root' })] },
      { pickOne: () => 'explain', askText: () => 'Use pnpm' },
    );
    await run('root');
    assert.deepEqual(server.calls, [
      ['replyPermission', '/top', aPermission({ sessionID: 'root' }), 'reject', 'Use pnpm'],
    ]);
  });

  it('does not offer to allow always what the server cannot remember', async () => {
    const offered: unknown[] = [];
    const { run } = setUp(
      { permissions: [aPermission({ sessionID: 'root', always: [] })] },
      {
        pickOne: (_: string, choices: Choice<unknown>[]) =>
          void offered.push(...choices.map(({ value }) => value)),
      },
    );
    assert.equal(await run('root'), undefined);
    assert.deepEqual(offered, ['once', 'review', 'reject', 'explain']);
  });

  it('names the session that asks, and quotes the command as it was written', async () => {
    const titles: string[] = [];
    const command = 'rm -rf dist && npm run build';
    const request = aPermission({ sessionID: 'child', patterns: ['rm -rf dist', 'npm run build'] });
    const pickOne = (title: string) => void titles.push(title);
    const call = { kind: 'known', tool: 'bash', input: { command } } as const;
    await setUp({ permissions: [request] }, { pickOne }, call).run('root');
    const options = [{ label: 'EUR', description: '' }];
    const questions = [
      aQuestion({ sessionID: 'root', questions: [{ question: 'Which?', header: '', options }] }),
    ];
    await setUp({ questions }, { pickOne }).run('root');
    assert.deepEqual(titles, [`Parser: Run ${command}?`, 'Parser: Which?']);
  });

  it('offers to allow always only what a row of the pick says to its end', async () => {
    const offered: unknown[] = [];
    const pickOne = (_: string, choices: Choice<unknown>[]) =>
      void offered.push(choices.map(({ value, detail }) => [value, detail]).slice(0, 2));
    for (const always of [['npm *'], [...Array<string>(14).fill('git log *'), 'rm *']]) {
      await setUp({ permissions: [aPermission({ sessionID: 'root', always })] }, { pickOne }).run('root');
    }
    assert.deepEqual(offered, [
      [
        ['once', undefined],
        ['always', 'npm *'],
      ],
      [
        ['once', undefined],
        ['review', undefined],
      ],
    ]);
  });

  it('offers nothing to allow of a call that is not known, but to review it', async () => {
    const offered: unknown[] = [];
    const { run, opened } = setUp(
      { permissions: [aPermission({ sessionID: 'child', permission: 'till_pay', patterns: ['*'] })] },
      {
        pickOne: (title: string, choices: Choice<unknown>[]) => {
          offered.push(title, ...choices.map(({ value }) => value));
          return 'review';
        },
      },
      { kind: 'unknown' },
    );
    assert.equal(await run('root'), undefined);
    assert.deepEqual(offered.slice(1), ['review', 'reject', 'explain']);
    assert.match(String(offered[0]), /not known yet/);
    assert.deepEqual(opened, [['child', 'preview']]);
  });

  it('asks each question and lets the person answer in their own words', async () => {
    const options = [
      { label: 'Red', description: '' },
      { label: 'Blue', description: '' },
    ];
    const request = aQuestion({
      sessionID: 'root',
      questions: [
        { question: 'Which one?', header: '', options },
        { question: 'Which ones?', header: '', options, multiple: true },
        { question: 'Why?', header: '', options: [] },
      ],
    });
    const { run, server } = setUp(
      { questions: [request] },
      { pickOne: () => 'Other answer…', pickSeveral: () => ['Red', 'Blue'], askText: () => 'Because' },
    );
    await run('root');
    assert.deepEqual(server.calls, [
      ['replyQuestion', '/top', request, [['Because'], ['Red', 'Blue'], ['Because']]],
    ]);
  });

  it('answers nothing when the person leaves in the middle', async () => {
    const { run, server } = setUp(
      { questions: [aQuestion({ sessionID: 'root' })] },
      { askText: () => undefined },
    );
    assert.equal(await run('root'), undefined);
    assert.deepEqual(server.calls, []);
  });
});
