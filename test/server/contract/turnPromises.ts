import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { BusyProblem, Problem } from '../../../src/core/errors.ts';
import { TranscriptStore } from '../../../src/core/transcript/transcriptStore.ts';
import type { Session } from '../../../src/protocol/records.ts';
import { waitFor } from '../../workbench/waitFor.ts';
import { allowAll, type ContractRoom, model } from './contractRoom.ts';
import { onBoth, type PromiseOfPort } from './promise.ts';

const reviewer = { agent: 'reviewer' };

export const turnPromises: readonly PromiseOfPort[] = [
  {
    name: 'A prompt begins a turn, which ends once, with the answer that names the prompt',
    on: onBoth,
    check: async (room) => {
      const session = await room.create();
      const messageId = room.makeId();
      const outcome = await room.run(session, 'say: Hello.', { messageId });
      assert.ok(outcome.kind === 'settled');
      assert.equal(outcome.answer.parentID, messageId);
      await room.untilEvent('turn.started', ({ properties: { sessionID } }) => sessionID === session.id);
      assert.equal(room.ends(session).length, 1);
      assert.deepEqual(await room.texts(session), ['say: Hello.', 'Hello.']);
    },
  },
  {
    name: 'What is shown while it streams is what is read afterwards',
    on: onBoth,
    check: async (room) => {
      const session = await room.create({ permission: allowAll });
      await room.transcripts.load(session.id);
      await room.run(session, `think: Let me see.\nsay: I run it.\n${room.runs('echo live')}\nsay: Done.`);
      await waitFor(
        async () => {
          const later = await new TranscriptStore(room.openCode).load(session.id);
          const [live, read] = [room.transcripts.get(session.id)?.entries(), later.entries()];
          assert.deepEqual(withoutTimes(live), withoutTimes(read));
          return true;
        },
        { what: 'what streamed to be what is read', timeout: 10_000 },
      );
      const deltas = room.window.events.filter(
        (event) => event.type === 'message.part.delta' && event.properties.sessionID === session.id,
      );
      assert.ok(deltas.length > 0);
    },
  },
  {
    name: 'A call of a tool says what was asked for and what came of it',
    on: onBoth,
    check: async (room) => {
      const session = await room.create({ permission: allowAll });
      await room.run(session, `${room.runs('echo called')}\nsay: Done.`);
      const [call] = await room.calls(session);
      assert.ok(call?.state.status === 'completed');
      assert.equal(call.state.input['command'], 'echo called');
      assert.match(call.state.output, /called/);
    },
  },
  {
    name: 'A subagent works in a session below that of its parent',
    on: onBoth,
    check: async (room) => {
      const session = await room.create({ permission: allowAll });
      const asked = { description: 'look it up', prompt: 'say: Found.' };
      const call =
        room.generation === 'first'
          ? `task ${JSON.stringify({ ...asked, subagent_type: 'helper' })}`
          : `subagent ${JSON.stringify({ ...asked, agent: 'helper' })}`;
      const outcome = await room.run(session, `tool: ${call}\nsay: Told.`);
      assert.equal(outcome.kind, 'settled');
      const child = room.window.sessions.all().find(({ parentID }) => parentID === session.id);
      assert.ok(child !== undefined);
      assert.ok((await room.texts(child)).includes('Found.'));
    },
  },
  {
    name: 'Stop ends the run as stopped, and keeps what was said until then',
    on: onBoth,
    check: async (room) => {
      const session = await room.create();
      await room.prompt(session, 'say: Begun.\nhold: stopped');
      await room.scripted.reached('stopped');
      await room.untilEvent(
        'message.part.delta',
        ({ properties: { sessionID } }) => sessionID === session.id,
      );
      assert.equal(room.window.sessions.status(session.id).type, 'busy');
      await room.openCode.abortSession(session.id);
      assert.equal((await room.untilEnd(session)).kind, 'aborted');
      assert.ok((await room.texts(session)).includes('Begun.'));
      assert.equal(room.window.sessions.status(session.id).type, 'idle');
    },
  },
  {
    name: 'What a provider refuses ends the turn as failed, in its words',
    on: onBoth,
    check: async (room) => {
      const session = await room.create();
      const outcome = await room.run(session, 'fail: 400 x* the account is empty');
      assert.ok(outcome.kind === 'failed');
      assert.match(outcome.error.data.message ?? '', /the account is empty/);
    },
  },
  {
    name: 'What is sent into a run is answered once, in the same run',
    on: onBoth,
    check: async (room) => {
      const session = await room.create();
      await room.prompt(session, 'say: One.\nhold: steered');
      await room.scripted.reached('steered');
      await room.prompt(session, 'say: Two.');
      room.scripted.release('steered');
      const outcome = await room.untilEnd(session);
      assert.equal(outcome.kind, 'settled');
      assert.deepEqual(await room.texts(session), ['say: One.\nhold: steered', 'One.', 'say: Two.', 'Two.']);
      assert.equal(room.ends(session).length, 1);
    },
  },
  {
    name: 'What is sent into a run for another agent is refused while a prompt waits that this one would answer',
    on: { first: 'absent', second: 'emulated' },
    check: async (room) => {
      const session = await room.create();
      await sendBehind(room, session, 'others');
      await assert.rejects(room.prompt(session, 'say: Three.', reviewer), BusyProblem);
      room.scripted.release('others');
      await room.untilEnd(session);
      assert.deepEqual(await answerers(room, session.id), ['build: One.', 'build: Two.']);
    },
    checkAbsent: async (room) => {
      const session = await room.create();
      await sendBehind(room, session, 'others');
      await room.prompt(session, 'say: Three.', reviewer);
      room.scripted.release('others');
      await room.untilEnd(session);
      // One answer is given to all that came, by the last one's agent: what must not happen waits with the extension.
      assert.deepEqual(await answerers(room, session.id), ['build: One.', 'reviewer: Three.']);
    },
  },
  {
    name: 'Once a turn has settled, the next may be for another agent, and the one after it for the first',
    on: onBoth,
    check: async (room) => {
      const session = await room.create();
      await room.run(session, 'say: One.');
      await room.run(session, 'say: Two.', reviewer);
      await room.run(session, 'say: Three.');
      assert.deepEqual(await answerers(room, session.id), ['build: One.', 'reviewer: Two.', 'build: Three.']);
    },
  },
  {
    name: 'What is sent for an agent that there is not is not answered, neither then nor later',
    on: onBoth,
    check: async (room) => {
      const session = await room.create();
      await room.prompt(session, 'say: Never.', { agent: 'nobody' }).catch((error: unknown) => {
        assert.ok(error instanceof Problem);
      });
      await room.untilEvent('session.error', ({ properties: { sessionID } }) => sessionID === session.id);
      await waitFor(async () => !(session.id in (await room.openCode.listStatuses(room.workspace))), {
        what: 'the session to rest',
      });
      const ended = room.ends(session).length;
      await room.prompt(session, 'say: After.');
      await waitFor(async () => (await room.texts(session)).includes('After.'), { what: 'the answer' });
      await waitFor(() => room.ends(session).length > ended, { what: 'the end of the run' });
      assert.ok(!(await room.texts(session)).includes('Never.'));
    },
  },
  {
    name: 'A session is told something without a turn, and its next answer has read it',
    on: onBoth,
    check: async (room) => {
      const session = await room.create();
      await room.run(session, 'say: One.');
      const parts = [{ type: 'text' as const, text: 'The door is blue.', synthetic: true }];
      const told = { messageId: room.makeId(), agent: 'build', model, parts };
      await room.openCode.tellSession(session.id, told);
      assert.equal(room.ends(session).length, 1);
      await room.run(session, 'say: Two.');
      const { messages = [] } = room.scripted.requests.findLast(({ kind }) => kind === 'turn') ?? {};
      assert.ok(messages.some(({ text }) => text.includes('The door is blue.')));
      assert.deepEqual(await answerers(room, session.id), ['build: One.', 'build: Two.']);
    },
  },
  {
    name: 'An answer of a JSON schema is had from a session',
    on: { first: 'server', second: 'emulated' },
    check: async (room) => {
      const session = await room.create();
      const schema = { type: 'object', properties: { goal: { type: 'string' } }, required: ['goal'] };
      const text = room.generation === 'first' ? 'structured: {"goal":"g"}' : 'say: Well: {"goal":"g"}';
      const prompt = {
        messageId: room.makeId(),
        agent: 'build',
        model,
        parts: [{ type: 'text' as const, text }],
      };
      await room.openCode.extractFromSession(session.id, prompt, schema);
      const outcome = await room.untilEnd(session);
      assert.ok(outcome.kind === 'settled');
      assert.deepEqual(outcome.answer.structured, { goal: 'g' });
    },
  },
  {
    name: 'A session is compacted by what it is told to keep, and goes on after it',
    on: { first: 'emulated', second: 'emulated' },
    check: async (room) => {
      const session = await room.create();
      await room.run(session, 'say: A long story.');
      const messages = await room.list(session);
      await room.openCode.compactSession(session, { model, guidance: 'Keep the story.', messages });
      const request = room.scripted.requests.findLast(({ kind }) => kind === 'compaction');
      assert.ok(request?.messages.some(({ text }) => text.includes('Keep the story.')));
      const summary = (await room.list(session)).find(
        ({ info }) => info.role === 'assistant' && info.summary === true,
      );
      assert.ok(summary !== undefined);
      assert.equal((await room.run(session, 'say: On.')).kind, 'settled');
      assert.ok((await room.texts(session)).includes('On.'));
    },
  },
  {
    name: 'Messages and files are taken back to before a prompt, and put there again',
    on: onBoth,
    check: async (room) => {
      const session = await room.create({ directory: room.snapshotted, permission: allowAll });
      const path = join(room.snapshotted, 'made.txt');
      const place = room.generation === 'first' ? { filePath: path } : { path: 'made.txt' };
      const messageId = room.makeId();
      const script = `tool: write ${JSON.stringify({ ...place, content: 'made' })}\nsay: Done.`;
      await room.run(session, script, { messageId });
      assert.ok(existsSync(path));
      // 1.18 looks at what changed once the turn is over.
      const diff = await waitFor(
        async () => {
          const found = await room.openCode.diffMessage(session.id, messageId);
          return found.length > 0 && found;
        },
        { what: 'what the turn changed' },
      );
      assert.deepEqual(
        diff.map(({ file }) => file),
        ['made.txt'],
      );
      assert.equal((await room.openCode.revertSession(session.id, messageId)).revert?.messageID, messageId);
      assert.ok(!existsSync(path));
      assert.equal((await room.openCode.unrevertSession(session.id)).revert, undefined);
      assert.ok(existsSync(path));
    },
  },
  {
    name: 'A slash command runs',
    on: onBoth,
    check: async (room) => {
      const session = await room.create();
      const command = { name: 'tidy', arguments: 'all', agent: 'build', model, messageId: room.makeId() };
      await room.openCode.runCommand(session.id, command);
      assert.equal((await room.untilEnd(session)).kind, 'settled');
      assert.ok((await room.texts(session)).includes('Tidied all'));
    },
  },
  {
    name: 'A line of the person runs, under an id of the editor’s',
    on: onBoth,
    check: async (room) => {
      const session = await room.create();
      const messageId = room.makeId();
      await room.openCode.runShell(session.id, { command: 'echo mine', agent: 'build', model, messageId });
      assert.ok((await room.list(session)).some(({ info }) => info.id === messageId));
      const [call] = await room.calls(session);
      assert.ok(call?.state.status === 'completed');
      assert.match(call.state.output, /mine/);
    },
  },
  {
    name: 'An agent’s list of todos is shown',
    on: { first: 'server', second: 'absent' },
    check: async (room) => {
      const session = await room.create();
      const todos = [{ content: 'Read', status: 'in_progress', priority: 'high' }];
      await room.run(session, `tool: todowrite ${JSON.stringify({ todos })}\nsay: Noted.`);
      assert.deepEqual(room.todos.get(session.id), todos);
      assert.deepEqual(await room.openCode.listTodos(session.id), todos);
    },
    checkAbsent: async (room) => {
      const session = await room.create();
      assert.equal(room.openCode.abilities.todos, false);
      assert.deepEqual(await room.openCode.listTodos(session.id), []);
    },
  },
];

/** Has a run stand at that name, and something sent that waits behind it. */
async function sendBehind(room: ContractRoom, session: Session, name: string): Promise<void> {
  await room.prompt(session, `say: One.\nhold: ${name}`);
  await room.scripted.reached(name);
  await room.prompt(session, 'say: Two.');
}

async function answerers(room: ContractRoom, sessionId: string): Promise<readonly string[]> {
  const { messages } = await room.openCode.listMessages(sessionId, { limit: 100 });
  return messages.flatMap(({ info, parts }) =>
    info.role === 'assistant'
      ? parts.flatMap((part) => (part.type === 'text' ? `${info.agent}: ${part.text}` : []))
      : [],
  );
}

const times = new Set(['time', 'duration', 'created', 'completed']);

/** Times are when a step was told of, or when it was stored. */
function withoutTimes(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (key, one: unknown) => (times.has(key) ? undefined : one)));
}
