import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { attachCommand } from '../../../src/server/source/attachTerminal.ts';

describe('OpenCode’s own terminal on a session', () => {
  const endpoint = { url: 'http://127.0.0.1:45911', username: 'me', password: 'a secret' };
  const session = { id: 'ses_1', directory: tmpdir() };
  const program = '/usr/bin/opencode';

  it('is attached in the session’s folder, with the password in the environment and nowhere else', async () => {
    const command = await attachCommand({ program, endpoint, session, home: '/home/me' });
    assert.deepEqual(command, {
      file: program,
      arguments: ['attach', endpoint.url, '--session', 'ses_1', '--dir', '.'],
      cwd: tmpdir(),
      environment: { OPENCODE_SERVER_USERNAME: 'me', OPENCODE_SERVER_PASSWORD: 'a secret' },
    });
  });

  it('names the folder where that is on another machine', async () => {
    const far = { id: 'ses_1', directory: '/nowhere/here' };
    const command = await attachCommand({ program, endpoint, session: far, home: '/home/me' });
    assert.deepEqual(command.arguments.slice(-2), ['--dir', '/nowhere/here']);
    assert.equal(command.cwd, '/home/me');
  });

  it('shows a server without a password none that stands in the environment', async () => {
    const open = { ...endpoint, password: '' };
    const { environment } = await attachCommand({ program, endpoint: open, session, home: '/home/me' });
    assert.deepEqual(environment, { OPENCODE_SERVER_USERNAME: null, OPENCODE_SERVER_PASSWORD: null });
  });

  it('is one command line where Windows wants it so', async () => {
    const shim = { program: 'C:\\tools\\opencode.cmd', endpoint, session, home: 'C:\\me' };
    const command = await attachCommand(shim, 'win32');
    assert.equal(command.file, 'cmd.exe');
    assert.match(String(command.arguments), /^\/d \/s \/c ""C:\\tools\\opencode.cmd" attach /);
  });
});
