import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SessionStore } from '../../../src/core/sessions/sessionStore.ts';
import { TranscriptStore } from '../../../src/core/transcript/transcriptStore.ts';
import { SettledTurns } from '../../../src/core/turns/settledTurn.ts';
import { Connection } from '../../../src/server/connection.ts';
import { createDialects } from '../../../src/server/dialects.ts';
import { type RecordedDialect, recordedDialect } from './recordedDialect.ts';
import { dialectPorts } from './dialectPorts.ts';
import { Memory } from '../views/memory.ts';

const quiet = () => undefined;
const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };

describe('A dialect of another generation', () => {
  let server: Server;
  let version: string;
  let connection: Connection;

  const connect = async ({ dialect, session }: RecordedDialect) => {
    const { port } = server.address() as AddressInfo;
    const sessions = new SessionStore();
    const turns = new SettledTurns();
    const sinks = [sessions, turns];
    const kept = new Memory();
    connection = new Connection({
      settings: () => ({ url: `http://127.0.0.1:${port}` }),
      directories: () => [session.directory],
      credentials: async () => undefined,
      keeper: { script: '', stateFolder: '' },
      environment: {},
      trusted: () => true,
      dialects: [...createDialects(dialectPorts()), dialect] as const,
      kept,
      sinks: [{ reset: (all) => sinks.forEach((sink) => sink.reset(all)), apply: (event) => all(event) }],
      log,
    });
    const transcripts = new TranscriptStore(connection.openCode);
    const all = (event: Parameters<SessionStore['apply']>[0]) => {
      for (const sink of [...sinks, transcripts]) sink.apply(event);
    };
    await connection.connect();
    return { sessions, turns, transcripts };
  };

  beforeEach(async () => {
    version = '7.1.2';
    server = createServer((request, response) =>
      request.url === '/who' ? response.end(JSON.stringify(version)) : response.writeHead(404).end(),
    ).listen(0, '127.0.0.1');
    await once(server, 'listening');
  });

  afterEach(() => {
    connection.dispose();
    server.close();
  });

  for (const [recording, end] of [
    ['answer', 'settled'],
    ['rejection', 'rejected'],
    ['providerError', 'failed'],
  ] as const) {
    it(`brings the stores to the same as the first: ${recording}`, async () => {
      const recorded = recordedDialect(recording);
      const { id } = recorded.session;
      const { sessions, turns, transcripts } = await connect(recorded);
      assert.equal(connection.state.kind, 'live');
      assert.equal(sessions.get(id)?.title, recorded.session.title);
      await transcripts.load(id);
      recorded.play();
      assert.equal(turns.state(id).kind, end);
      const later = await new TranscriptStore(connection.openCode).load(id);
      assert.ok(later.messageIds.length >= 2);
      assert.deepEqual(transcripts.get(id)?.entries(), later.entries());
    });
  }

  it('is what its servers can do', async () => {
    const recorded = recordedDialect('answer');
    const connecting = connect(recorded);
    assert.equal(connection.openCode.abilities.todos, true);
    await connecting;
    assert.equal(connection.openCode.abilities.todos, false);
  });

  it('is said to be newer than what was tried', async () => {
    version = '7.2.0';
    await connect(recordedDialect('answer'));
    const { state } = connection;
    assert.ok(state.kind === 'live' && state.newerThan === '7.1');
  });

  it('is named among those that are spoken', async () => {
    version = '8.0.0';
    await assert.rejects(
      connect(recordedDialect('answer')),
      /1\.18, 1\.19, 2\.0 from 2\.0\.5 on, 7\.0 and 7\.1/,
    );
  });
});
