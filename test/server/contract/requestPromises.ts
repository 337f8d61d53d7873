import assert from 'node:assert/strict';
import { NotFoundProblem } from '../../../src/core/errors.ts';
import type { Session } from '../../../src/protocol/records.ts';
import type { ContractRoom } from './contractRoom.ts';
import { onBoth, type PromiseOfPort } from './promise.ts';

const questions = [{ question: 'Which?', header: 'Choice', options: [{ label: 'A', description: 'first' }] }];

export const requestPromises: readonly PromiseOfPort[] = [
  {
    name: 'A permission that is given once lets the call go on, and is asked for again the next time',
    on: onBoth,
    check: async (room) => {
      const session = await room.create();
      const request = await room.askFor(session, 'echo once');
      assert.deepEqual(await room.openCode.listPermissions(room.workspace), [request]);
      await room.openCode.replyPermission(room.workspace, request, 'once');
      assert.equal((await room.untilEnd(session)).kind, 'settled');
      const [call] = await room.calls(session);
      assert.equal(call?.state.status, 'completed');
      assert.equal(call.callID, request.tool?.callID);
      const again = room.openCode.replyPermission(room.workspace, request, 'once');
      await assert.rejects(again, NotFoundProblem);
      await room.openCode.replyPermission(
        room.workspace,
        await room.askFor(await room.create(), 'echo once'),
        'once',
      );
    },
  },
  {
    name: 'One that is given always is not asked for again',
    on: onBoth,
    check: async (room) => {
      const session = await room.create();
      const request = await room.askFor(session, 'printf always');
      await room.openCode.replyPermission(room.workspace, request, 'always');
      await room.untilEnd(session);
      const outcome = await room.run(session, `${room.runs('printf always')}\nsay: Again.`);
      assert.equal(outcome.kind, 'settled');
      const asked = room.window.events.filter(
        (event) => event.type === 'permission.asked' && event.properties.sessionID === session.id,
      );
      assert.equal(asked.length, 1);
    },
  },
  {
    name: 'One that is rejected ends the turn as rejected',
    on: onBoth,
    check: async (room) => {
      const session = await room.create();
      const request = await room.askFor(session, 'echo rejected');
      await room.openCode.replyPermission(room.workspace, request, 'reject');
      assert.equal((await room.untilEnd(session)).kind, 'rejected');
      const [call] = await room.calls(session);
      assert.equal(call?.state.status, 'error');
    },
  },
  {
    name: 'One that is rejected with words lets the agent go on, which has read them',
    on: onBoth,
    check: async (room) => {
      const session = await room.create();
      const request = await room.askFor(session, 'echo worded');
      await room.openCode.replyPermission(room.workspace, request, 'reject', 'Use the other one.');
      assert.equal((await room.untilEnd(session)).kind, 'settled');
      assert.ok((await room.texts(session)).includes('Done.'));
      const [call] = await room.calls(session);
      assert.ok(call?.state.status === 'error');
      assert.match(call.state.error, /Use the other one\./);
    },
  },
  {
    name: 'A question is answered by a choice, or in own words',
    on: onBoth,
    check: async (room) => {
      const session = await room.create();
      const request = await askQuestion(room, session);
      assert.equal(request.questions[0]?.question, 'Which?');
      assert.deepEqual(await room.openCode.listQuestions(room.workspace), [request]);
      await room.openCode.replyQuestion(room.workspace, request, [['mine']]);
      assert.equal((await room.untilEnd(session)).kind, 'settled');
      const [call] = await room.calls(session);
      assert.ok(call?.state.status === 'completed');
      assert.match(call.state.output, /mine/);
    },
  },
  {
    name: 'A question that is rejected ends the turn as rejected',
    on: onBoth,
    check: async (room) => {
      const session = await room.create();
      await room.openCode.rejectQuestion(room.workspace, await askQuestion(room, session));
      assert.equal((await room.untilEnd(session)).kind, 'rejected');
      assert.deepEqual(await room.openCode.listQuestions(room.workspace), []);
    },
  },
];

async function askQuestion(room: ContractRoom, session: Session) {
  await room.prompt(session, `tool: question ${JSON.stringify({ questions })}\nsay: Thanks.`);
  const { properties } = await room.untilEvent(
    'question.asked',
    ({ properties: { sessionID } }) => sessionID === session.id,
  );
  return properties;
}
