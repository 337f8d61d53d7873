import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { NotFoundProblem, Problem } from '../../../src/core/errors.ts';
import { isArchived } from '../../../src/core/sessions/sessionKind.ts';
import { loadMessagesBack } from '../../../src/core/transcript/messagesBack.ts';
import { parseLineage } from '../../../src/protocol/lineage.ts';
import { withOurs } from '../../../src/protocol/ours.ts';
import { model } from './contractRoom.ts';
import { onBoth, type PromiseOfPort } from './promise.ts';

export const sessionPromises: readonly PromiseOfPort[] = [
  {
    name: 'Sessions are made with agent, model and what is kept with them, and listed by their folder',
    on: onBoth,
    check: async (room) => {
      const made = await room.create({ title: 'Listed', metadata: { theirs: 1 } });
      const listed = await room.openCode.listSessions(room.workspace);
      const found = listed.find(({ id }) => id === made.id);
      assert.equal(found?.title, 'Listed');
      assert.equal(found.agent, 'build');
      assert.equal(found.model?.id, model.modelID);
      assert.deepEqual(found.metadata, { theirs: 1 });
      const others = await room.openCode.listSessions(room.snapshotted);
      assert.ok(!others.some(({ id }) => id === made.id));
      await room.untilEvent('session.created', ({ properties: { info } }) => info.id === made.id);
    },
  },
  {
    name: 'A session is renamed, and keeps all else',
    on: onBoth,
    check: async (room) => {
      const { id } = await room.create({ metadata: { theirs: 1 } });
      const renamed = await room.openCode.updateSession(id, { title: 'Renamed' });
      assert.deepEqual([renamed.title, renamed.metadata], ['Renamed', { theirs: 1 }]);
      await room.untilEvent(
        'session.updated',
        ({ properties: { info } }) => info.id === id && info.title === 'Renamed',
      );
    },
  },
  {
    name: 'A session is put into the archive, and taken out again',
    on: { first: 'server', second: 'emulated' },
    check: async (room) => {
      const { id } = await room.create({ metadata: { theirs: 1 } });
      const away = await room.openCode.updateSession(id, { archived: 1234 });
      assert.equal(away.time.archived, 1234);
      await room.untilEvent(
        'session.updated',
        ({ properties: { info } }) => info.id === id && isArchived(info),
      );
      const back = await room.openCode.updateSession(id, { archived: 0 });
      assert.ok(!isArchived(back));
      assert.equal(back.metadata?.['theirs'], 1);
    },
  },
  {
    name: 'A session is deleted, and is gone for all',
    on: onBoth,
    check: async (room) => {
      const { id } = await room.create();
      await room.openCode.deleteSession(id);
      await room.untilEvent('session.deleted', ({ properties: { info } }) => info.id === id);
      await assert.rejects(room.openCode.getSession(id), NotFoundProblem);
    },
  },
  {
    name: 'A fork at a message has what stands before it, under ids of its own',
    on: onBoth,
    check: async (room) => {
      const session = await room.create();
      await room.run(session, 'say: One.');
      const second = room.makeId();
      await room.run(session, 'say: Two.', { messageId: second });
      const fork = await room.openCode.forkSession(session.id, second);
      assert.deepEqual(await room.texts(fork), ['say: One.', 'One.']);
      const [first] = await room.list(session);
      assert.notEqual((await room.list(fork))[0]?.info.id, first?.info.id);
      assert.deepEqual(await room.texts(session), ['say: One.', 'One.', 'say: Two.', 'Two.']);
    },
  },
  {
    name: 'A fork of the whole has all of it, and goes on by itself',
    on: onBoth,
    check: async (room) => {
      const session = await room.create();
      await room.run(session, 'say: One.');
      const fork = await room.openCode.forkSession(session.id);
      assert.equal((await room.run(fork, 'say: Here.')).kind, 'settled');
      assert.deepEqual(await room.texts(fork), ['say: One.', 'One.', 'say: Here.', 'Here.']);
      assert.deepEqual(await room.texts(session), ['say: One.', 'One.']);
    },
  },
  {
    name: 'A fork that another client made says where it comes from',
    on: { first: 'absent', second: 'server' },
    check: async (room) => {
      const session = await room.create();
      await room.run(session, 'say: One.');
      const fork = await room.openCode.forkSession(session.id);
      const lineage = parseLineage(await room.openCode.getSession(fork.id));
      assert.deepEqual([lineage?.kind, lineage?.from], ['fork', session.id]);
      assert.equal(room.openCode.abilities.forkOrigin, true);
    },
    checkAbsent: async (room) => {
      const session = await room.create();
      await room.run(session, 'say: One.');
      const fork = await room.openCode.forkSession(session.id);
      assert.equal(parseLineage(await room.openCode.getSession(fork.id)), undefined);
      assert.equal(room.openCode.abilities.forkOrigin, false);
    },
  },
  {
    name: 'The lineage that the extension writes with a session is read again, and is none of its copies',
    on: onBoth,
    check: async (room) => {
      const source = await room.create();
      const session = await room.create();
      const lineage = { of: session.id, kind: 'handoff', from: source.id, time: 1 } as const;
      await room.openCode.updateSession(session.id, { metadata: withOurs(session.metadata, { lineage }) });
      assert.deepEqual(parseLineage(await room.openCode.getSession(session.id)), lineage);
      await room.run(session, 'say: One.');
      const copy = await room.openCode.forkSession(session.id);
      assert.notEqual(parseLineage(await room.openCode.getSession(copy.id))?.kind, 'handoff');
    },
  },
  {
    name: 'A long session is read page by page, backwards',
    on: onBoth,
    check: async (room) => {
      const session = await room.create();
      for (const text of ['one', 'two', 'three']) await room.run(session, `say: ${text}`);
      const ids = (await room.list(session)).map(({ info }) => info.id);
      assert.equal(ids.length, 6);
      const paged = await loadMessagesBack(room.openCode, session.id, () => false, 2);
      assert.deepEqual(
        paged.map(({ info }) => info.id),
        ids,
      );
    },
  },
  {
    name: 'Agents, models, commands and files of a folder are offered',
    on: onBoth,
    check: async ({ openCode, workspace }) => {
      await writeFile(join(workspace, 'needle.ts'), '');
      const agents = await openCode.listAgents(workspace);
      assert.ok(agents.some(({ name, mode }) => name === 'reviewer' && mode === 'primary'));
      const { providers } = await openCode.listProviders(workspace);
      assert.ok('steady' in (providers.find(({ id }) => id === 'local')?.models ?? {}));
      assert.ok((await openCode.listCommands(workspace)).some(({ name }) => name === 'tidy'));
      assert.deepEqual(await openCode.findFiles(workspace, 'needle'), ['needle.ts']);
    },
  },
  {
    name: 'A provider is connected from the editor',
    on: { first: 'server', second: 'absent' },
    check: async ({ openCode, workspace }) => {
      const known = await openCode.listKnownProviders(workspace);
      assert.ok(known.some(({ id, isConnected }) => id === 'local' && isConnected));
    },
    checkAbsent: async ({ openCode, workspace }) => {
      await assert.rejects(openCode.listKnownProviders(workspace), /in its own terminal/);
    },
  },
  {
    name: 'A session is written down in a form that OpenCode takes in again',
    on: { first: 'server', second: 'absent' },
    check: async (room) => {
      const session = await room.create();
      assert.equal((await room.openCode.getStored(session.id))['id'], session.id);
    },
    checkAbsent: async (room) => {
      const session = await room.create();
      await assert.rejects(room.openCode.getStored(session.id), Problem);
    },
  },
  {
    name: 'Windows and companions tell each other what no session did',
    on: { first: 'server', second: 'absent' },
    check: async ({ openCode, workspace }) => openCode.giveSign(workspace, 'a sign'),
    checkAbsent: async ({ openCode, workspace }) => {
      await assert.rejects(openCode.giveSign(workspace, 'a sign'), /passes no signs on/);
    },
  },
];
