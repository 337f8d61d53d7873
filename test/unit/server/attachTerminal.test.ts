import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { attachCommand } from '../../../src/server/source/attachTerminal.ts';

describe('OpenCode’s own terminal on a session', () => {
  const endpoint = { url: 'http://127.0.0.1:45911', username: 'me', password: 'a secret' };
  const session = { id: 'ses_1', directory: tmpdir() };
  const program = '/usr/bin/opencode';

  it('begins at home and is told the folder, here or on another machine', () => {
    for (const directory of [tmpdir(), '/nowhere/here']) {
      const there = { ...session, directory };
      const command = attachCommand({ program, endpoint, session: there, home: '/home/me' });
      assert.deepEqual(command.arguments.slice(-2), ['--dir', directory]);
      assert.equal(command.cwd, '/home/me');
    }
  });

  it('has the password in its environment and nowhere else', () => {
    const command = attachCommand({ program, endpoint, session, home: '/home/me' });
    assert.deepEqual(command, {
      file: program,
      arguments: ['attach', endpoint.url, '--session', 'ses_1', '--dir', tmpdir()],
      cwd: '/home/me',
      environment: { OPENCODE_SERVER_USERNAME: 'me', OPENCODE_SERVER_PASSWORD: 'a secret' },
    });
  });

  it('shows a server without a password none that stands in the environment', () => {
    const open = { ...endpoint, password: '' };
    const { environment } = attachCommand({ program, endpoint: open, session, home: '/home/me' });
    assert.deepEqual(environment, { OPENCODE_SERVER_USERNAME: null, OPENCODE_SERVER_PASSWORD: null });
  });

  it('is one command line where Windows wants it so', () => {
    const shim = { program: 'C:\\tools\\opencode.cmd', endpoint, session, home: 'C:\\me' };
    const command = attachCommand(shim, 'win32');
    assert.equal(command.file, 'cmd.exe');
    assert.match(String(command.arguments), /^\/d \/s \/c ""C:\\tools\\opencode.cmd" attach /);
  });
});
