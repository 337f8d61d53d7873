import assert from 'node:assert/strict';
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { locateFolder } from '../../src/editor/services/locateFolder.ts';
import { ServiceFinder } from '../../src/editor/services/serviceFinder.ts';
import { ServiceGrouping } from '../../src/editor/services/serviceGrouping.ts';
import { Memory } from '../unit/views/memory.ts';
import { waitFor } from '../workbench/waitFor.ts';

const log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

describe('the services of the window’s folder', () => {
  let root = '';
  let home = '';
  let outside = '';
  const told: string[] = [];
  let finder: ServiceFinder;

  before(async () => {
    root = await realpath(vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? assert.fail('no folder'));
    home = join(root, 'parts');
    outside = await realpath(await mkdtemp(join(tmpdir(), 'outside-')));
    for (const name of ['api', 'api/inner', 'web', 'hidden']) {
      await mkdir(join(home, name), { recursive: true });
      await writeFile(join(home, name, 'package.json'), '{}');
    }
    await symlink(join(home, 'api'), join(home, 'link'));
    await symlink(outside, join(home, 'leading-out'));
  });

  beforeEach(() => {
    finder = new ServiceFinder({ notify: ({ message }) => told.push(message), log });
  });

  afterEach(async () => {
    finder.dispose();
    told.splice(0);
    await configure('opencodeSessions', 'services', undefined);
    await configure('files', 'exclude', undefined);
  });

  after(async () => {
    await rm(home, { recursive: true, force: true });
    await rm(outside, { recursive: true, force: true });
  });

  const configure = (section: string, name: string, value: unknown) =>
    vscode.workspace.getConfiguration(section).update(name, value, vscode.ConfigurationTarget.Workspace);
  const names = async () =>
    (await finder.find()).map(({ name }) => name).filter((name) => name.startsWith('parts/'));

  it('are found by marker files, but for what the editor hides and what is a link', async () => {
    await configure('files', 'exclude', { '**/hidden': true });
    assert.deepEqual(await names(), ['parts/api', 'parts/web']);
    assert.deepEqual(finder.map.of(join(home, 'api', 'inner'))?.directory, join(home, 'api'));
  });

  it('are those of the setting, whose faults are told once each, and are found again when it changes', async () => {
    assert.deepEqual(await names(), ['parts/api', 'parts/hidden', 'parts/web']);
    let changes = 0;
    finder.onDidChange(() => (changes += 1));
    await configure('opencodeSessions', 'services', ['parts/api/**', 'parts/w?b', '../x', '{a']);
    await waitFor(async () => changes > 0, { what: 'other services' });
    assert.deepEqual(await names(), ['parts/api', 'parts/api/inner', 'parts/web']);
    assert.equal(told.length, 2);
    assert.match(told.join(), /leads out of the workspace folder.*a bracket in it has no end/);
  });

  it('are found anew where a marker file comes', async () => {
    assert.ok(!(await names()).includes('parts/late'));
    await mkdir(join(home, 'late'));
    await vscode.workspace.fs.writeFile(
      vscode.Uri.file(join(home, 'late', 'go.mod')),
      Buffer.from('module late\n'),
    );
    await waitFor(async () => (await names()).includes('parts/late'), { what: 'the service that came' });
    await rm(join(home, 'late'), { recursive: true });
  });

  it('group sessions over a reload, once they were looked for', async () => {
    const memory = new Memory();
    const said: boolean[] = [];
    const ports = { memory, finder, onDidSet: (isOn: boolean) => said.push(isOn), log };
    const grouping = new ServiceGrouping(ports);
    const known = (one: ServiceGrouping) => one.services?.services.length;
    assert.equal(known(grouping), undefined);
    await grouping.set(true);
    assert.ok((known(grouping) ?? 0) >= 2);
    grouping.dispose();
    const after = new ServiceGrouping(ports);
    await waitFor(async () => known(after) !== undefined, { what: 'the services after a reload' });
    await after.set(false);
    assert.equal(known(after), undefined);
    assert.deepEqual(said, [false, true, true, false]);
    after.dispose();
  });

  it('lie where links lead, and a folder outside, a file and nothing are no place for a session', async () => {
    const inside = { directory: join(home, 'api'), root, name: 'parts/api' };
    assert.deepEqual(await locateFolder(join(home, 'link')), { kind: 'inside', folder: inside });
    assert.deepEqual(await locateFolder(join(home, 'api')), { kind: 'inside', folder: inside });
    assert.deepEqual(await locateFolder(join(home, 'leading-out')), { kind: 'outside', real: outside });
    assert.deepEqual(await locateFolder(join(home, 'api', 'package.json')), { kind: 'noFolder' });
    assert.deepEqual(await locateFolder(join(home, 'nowhere')), { kind: 'missing' });
    assert.equal((await locateFolder(root)).kind, 'inside');
  });
});
