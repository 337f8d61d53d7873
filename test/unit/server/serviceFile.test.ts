import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { UnavailableProblem } from '../../../src/core/errors.ts';
import { readService, serviceFile } from '../../../src/server/openCode2/running/serviceFile.ts';

const password = 'the-password-of-the-service-0123456789';

describe('The registration of a service', () => {
  let home: string;
  let environment: NodeJS.ProcessEnv;
  const registration = {
    id: '1b4e28ba',
    version: '2.0.26',
    url: 'http://127.0.0.1:49374',
    pid: process.pid,
    password,
  };

  const write = async (content: unknown, mode = 0o600): Promise<void> => {
    const file = serviceFile(environment);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content));
    await chmod(file, mode);
  };
  const refusal = async (): Promise<UnavailableProblem> => {
    const problem = await readService(environment).then(
      () => assert.fail('it is believed'),
      (error: unknown) => error,
    );
    assert.ok(problem instanceof UnavailableProblem);
    assert.equal(problem.mayHaveArrived, false);
    assert.ok(!`${problem.message} ${String(problem.cause)}`.includes(password));
    return problem;
  };

  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'service-'));
    environment = { HOME: home };
  });

  afterEach(() => rm(home, { recursive: true, force: true }));

  it('stands in the state folder of the person, wherever that is', () => {
    assert.equal(serviceFile({ HOME: '/home/me' }), '/home/me/.local/state/opencode/service.json');
    assert.equal(serviceFile({ HOME: '/home/me', XDG_STATE_HOME: '/s' }), '/s/opencode/service.json');
    assert.equal(
      serviceFile({ HOME: '/home/me', XDG_STATE_HOME: '' }),
      '/home/me/.local/state/opencode/service.json',
    );
  });

  it('says where the service listens, with what and who it is', async () => {
    await write(registration);
    const { id: _, ...service } = registration;
    assert.deepEqual(await readService(environment), { ...service, username: 'opencode' });
  });

  it('is read also with what nobody knows yet, and with a slash behind the address', async () => {
    await write({ ...registration, url: `${registration.url}/`, further: [1] });
    assert.equal((await readService(environment))?.url, registration.url);
  });

  it('is none where there is no file', async () => {
    assert.equal(await readService(environment), undefined);
    await writeFile(join(home, '.local'), 'a file in the way');
    assert.equal(await readService(environment), undefined);
  });

  it('is none of a process that is gone', async () => {
    const child = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
    await once(child, 'exit');
    await write({ ...registration, pid: child.pid });
    assert.equal(await readService(environment), undefined);
  });

  for (const mode of [0o640, 0o604, 0o660, 0o606]) {
    it(`is not believed with the rights ${mode.toString(8)}, and says how to mend them`, async () => {
      await write(registration, mode);
      assert.match((await refusal()).message, /open to other users.*chmod 600/);
    });
  }

  it('is not believed where it is another user’s', async function () {
    // Only the superuser can give a file away.
    if (userInfo().uid !== 0) this.skip();
    await write(registration);
    await chown(serviceFile(environment), 1, 1);
    assert.match((await refusal()).message, /belongs to another user.*Delete it/);
  });

  it('cannot be read where something else is in its place', async () => {
    await mkdir(serviceFile(environment), { recursive: true });
    await chmod(serviceFile(environment), 0o700);
    assert.match((await refusal()).message, /cannot be read \(EISDIR\)/);
  });

  for (const content of [
    '',
    '{',
    'null',
    '[]',
    '{"url":"http://127.0.0.1:1"}',
    { ...registration, pid: '7' },
    { ...registration, pid: 0 },
    { ...registration, pid: -1 },
    { ...registration, url: 7 },
    'x'.repeat(70_000),
  ]) {
    it(`is malformed as ${JSON.stringify(content).slice(0, 60)}`, async () => {
      await write(content);
      assert.match((await refusal()).message, /does not say which OpenCode background service runs/);
    });
  }

  for (const url of [
    'http://example.com:49374',
    'http://0.0.0.0:49374',
    'https://127.0.0.1',
    'file:///x',
    '',
  ]) {
    it(`is not followed off this machine, to “${url}”`, async () => {
      await write({ ...registration, url });
      assert.match((await refusal()).message, /not on this machine/);
    });
  }
});
