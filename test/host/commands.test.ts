import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { CommandId } from '../../src/manifest.ts';

function run(id: CommandId, ...args: unknown[]): Thenable<unknown> {
  return vscode.commands.executeCommand(id, ...args);
}

async function makeSession(title: string): Promise<string> {
  const id = await run('opencodeSessions.session.new', { title, text: '' });
  assert.match(String(id), /^ses_/);
  return String(id);
}

describe('commands called by others', () => {
  it('start a session without a question and return its id', async () => {
    await makeSession('Made by a caller');
  });

  it('act on the session that an id or an object names, and return it', async () => {
    const id = await makeSession('Named');
    assert.equal(await run('opencodeSessions.session.rename', { sessionId: id, title: 'Renamed' }), id);
    assert.equal(await run('opencodeSessions.session.archive', id), id);
    assert.equal(await run('opencodeSessions.session.unarchive', id), id);
    assert.equal(await run('opencodeSessions.session.abort', id), id);
    assert.equal(await run('opencodeSessions.session.open', id), id);
  });

  it('take the session that is being looked at when none is named', async () => {
    const id = await makeSession('Looked at');
    await run('opencodeSessions.session.open', id);
    assert.equal(await run('opencodeSessions.session.rename', { title: 'Seen' }), id);
  });

  it('send a prompt and return the session', async () => {
    const id = await makeSession('Prompted');
    assert.equal(await run('opencodeSessions.session.prompt', { sessionId: id, text: 'say: hello' }), id);
  });

  it('make a fork of another session', async () => {
    const id = await makeSession('Forked');
    const fork = await run('opencodeSessions.session.fork', id);
    assert.match(String(fork), /^ses_/);
    assert.notEqual(fork, id);
  });

  it('return nothing for a session, an agent or a message that there is not', async () => {
    assert.equal(
      await run('opencodeSessions.session.rename', { sessionId: 'ses_nope', title: 'x' }),
      undefined,
    );
    const id = await makeSession('Refused');
    const prompt = { sessionId: id, text: 'hello', agent: 'nope' };
    assert.equal(await run('opencodeSessions.session.prompt', prompt), undefined);
    const fork = { sessionId: id, messageId: 'msg_nope' };
    assert.equal(await run('opencodeSessions.session.fork', fork), undefined);
  });
});
