import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CancelledError } from '../../src/core/cancellation.ts';
import { Problem } from '../../src/core/errors.ts';
import { beginFile } from '../../src/editor/keeping/writtenFile.ts';
import { secretlint } from '../../src/editor/secretlint.ts';
import { exportJson } from '../../src/flows/transfer/exportJson.ts';
import { exportText } from '../../src/flows/transfer/exportSessions.ts';
import { importSession, inspectFile } from '../../src/flows/transfer/importSession.ts';
import type { ChosenFile } from '../../src/core/ports/readFile.ts';
import type { Session } from '../../src/protocol/records.ts';
import { chooseProgram } from '../../src/server/source/chooseProgram.ts';
import { createDialects } from '../../src/server/dialects.ts';
import { createSessionProgram } from '../../src/server/source/sessionProgram.ts';
import { aRequest, watch } from '../unit/transfer/transferring.ts';
import { dialectPorts } from '../unit/server/dialectPorts.ts';
import { openCodeBinary } from '../workbench/openCodeServer.ts';
import { openRoom, type Room, say, type Window } from './continuation/room.ts';

const run = promisify(execFile);

describe('exporting and importing', function () {
  this.timeout(180_000);
  let [from, to]: Room[] = [];
  let window: Window;
  let other: Window;
  let folder: string;
  let session: Session;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'transfer-'));
    [from, to] = await Promise.all([openRoom(), openRoom()]);
    window = await from.openWindow();
    other = await to.openWindow();
    session = await from.newSession(window, { title: 'Parser “why?” 🙂' });
    await say(window, session, 'say: first \\ "quoted" \u2028 🙂');
    await say(window, session, ['say: the token is ghp', '16C7e42F292c6912E7710c838347Ae178B4a'].join('_'));
  });
  after(async () => {
    await Promise.all([from?.close(), to?.close()]);
    await rm(folder, { recursive: true, force: true });
  });

  function portsOf(asking: Window) {
    return {
      openCode: asking.openCode,
      sessions: asking.sessions,
      secrets: secretlint,
      person: { homes: [], user: '' },
      now: Date.now,
    };
  }

  function programOf(room: Room | undefined) {
    assert.ok(room !== undefined);
    const { environment, home } = room.server;
    const choice = { path: openCodeBinary, dialects: createDialects(dialectPorts()), stateFolder: home };
    return createSessionProgram({
      chooseProgram: () => chooseProgram({ ...choice, environment, log: window.log }),
      isManaged: () => true,
      environment,
      folder: home,
    });
  }

  function importer(asking: Window, room: Room | undefined) {
    return {
      openCode: asking.openCode,
      program: programOf(room),
      beginCopy: () => beginFile(join(folder, 'copy.json')),
    };
  }

  async function fileOf(name: string, given?: string): Promise<ChosenFile> {
    const path = join(folder, name);
    if (given !== undefined) await writeFile(path, given);
    const text = await readFile(path, 'utf8');
    return {
      name,
      size: text.length,
      read: async function* () {
        yield text;
      },
    };
  }

  async function exportTo(name: string, redact = false): Promise<string> {
    const file = await beginFile(join(folder, name));
    await exportJson(
      portsOf(window),
      aRequest([session], { format: 'json', options: { redact } }),
      file,
      watch,
    );
    await file.finish();
    return readFile(join(folder, name), 'utf8');
  }

  it('writes what OpenCode itself exports, and a second server that imports it has the same', async () => {
    const ours = JSON.parse(await exportTo('session.json')) as { info: { directory: string } };
    const { workspace, environment } = from?.server ?? assert.fail();
    const { stdout } = await run(openCodeBinary, ['export', session.id], {
      cwd: workspace,
      env: environment,
    });
    assert.deepEqual(ours, JSON.parse(stdout));

    const ports = importer(other, to);
    const { workspace: there } = to?.server ?? assert.fail();
    const importable = await inspectFile(await fileOf('session.json'));
    const imported = await importSession(ports, importable, there, watch);
    assert.deepEqual(
      [imported.id, imported.directory, imported.title],
      [session.id, there, 'Parser “why?” 🙂'],
    );
    const again = await beginFile(join(folder, 'again.json'));
    await exportJson(
      portsOf(other),
      aRequest([imported], { format: 'json', options: { redact: false } }),
      again,
      watch,
    );
    await again.finish();
    const theirs = JSON.parse(await readFile(join(folder, 'again.json'), 'utf8')) as {
      info: object;
      messages: object;
    };
    const { directory, projectID } = theirs.info as { directory: string; projectID: string };
    assert.deepEqual(
      { ...theirs, info: { ...theirs.info, directory: '', projectID: '' } },
      { ...ours, info: { ...ours.info, directory: '', projectID: '' } },
    );
    assert.equal(directory, there);
    assert.notEqual(projectID, '');

    await assert.rejects(importSession(ports, importable, there, watch), /is on this server already/);
    assert.equal((await other.openCode.listMessages(session.id, { limit: 10 })).messages.length, 4);
    assert.deepEqual((await readdir(folder)).toSorted(), ['again.json', 'session.json']);
  });

  it('goes on there: the session that came is answered', async () => {
    await other.openCode.getSession(session.id);
    await say(other, session, 'say: and on');
    assert.equal((await other.openCode.listMessages(session.id, { limit: 10 })).messages.length, 6);
  });

  it('takes back what OpenCode took in part, and a copy whose messages are there in another session', async () => {
    const text = await exportTo('other.json');
    const { info, messages } = JSON.parse(text) as { info: Session; messages: { info: object }[] };
    const { workspace } = to?.server ?? assert.fail();
    const ports = importer(other, to);
    const asAnother = { ...info, id: 'ses_0000000000000000000000copy' };
    const copy = await inspectFile(
      await fileOf('copy-of.json', JSON.stringify({ info: asAnother, messages })),
    );
    await assert.rejects(importSession(ports, copy, workspace, watch), /Only 0 of the 4 messages came/);
    const strange = [...messages, { info: { id: 'msg_1', role: 'oracle' }, parts: [] }];
    const broken = await inspectFile(
      await fileOf('broken.json', JSON.stringify({ info: asAnother, messages: strange })),
    );
    await assert.rejects(importSession(ports, broken, workspace, watch), (error: Problem) => {
      assert.match(error.message, /^OpenCode refused it: /);
      assert.equal(error.message.includes('\u001b'), false);
      return true;
    });
    await assert.rejects(other.openCode.getSession(asAnother.id), /not on the server/);
  });

  it('ends the program where it is cancelled, and leaves nothing of the session', async () => {
    const { info, messages } = JSON.parse(await exportTo('cancelled.json')) as {
      info: Session;
      messages: object[];
    };
    const asAnother = { ...info, id: 'ses_000000000000000000000cancel' };
    const text = JSON.stringify({ info: asAnother, messages: messages.slice(0, 0) });
    const importable = await inspectFile(await fileOf('cancelled-copy.json', text));
    let isCancellationRequested = false;
    const cancellation = {
      get isCancellationRequested() {
        return isCancellationRequested;
      },
      // Once the program runs: only then does anybody listen.
      onCancellationRequested: (listener: () => void) => {
        setImmediate(() => {
          isCancellationRequested = true;
          listener();
        });
        return { dispose: () => undefined };
      },
    };
    const { workspace } = to?.server ?? assert.fail();
    const cancelling = { ...watch, cancellation };
    await assert.rejects(
      importSession(importer(other, to), importable, workspace, cancelling),
      CancelledError,
    );
    await assert.rejects(other.openCode.getSession(asAnother.id), /not on the server/);
    assert.equal(
      (await readdir(folder)).some((name) => name.includes('.part')),
      false,
    );
  });

  it('has OpenCode sanitize a session, however long it is', async () => {
    const file = await beginFile(join(folder, 'sanitized.json'));
    await programOf(from).exportSanitized(session.id, file.path);
    await file.finish();
    const text = await readFile(join(folder, 'sanitized.json'), 'utf8');
    assert.equal((JSON.parse(text) as { messages: object[] }).messages.length, 4);
    assert.doesNotMatch(text, /quoted|ghp_/);
    await assert.rejects(
      programOf(from).exportSanitized('ses_0000000000000000000000none', join(folder, 'none.json')),
      /OpenCode refused it: Session not found/,
    );
  });

  it('keeps secrets out of every form', async () => {
    assert.doesNotMatch(await exportTo('redacted.json', true), /16C7e42F/);
    for (const format of ['markdown', 'html'] as const) {
      const file = await beginFile(join(folder, format));
      const exported = await exportText(
        portsOf(window),
        aRequest([session], { format }),
        file,
        undefined,
        watch,
      );
      await file.finish();
      const text = await readFile(join(folder, format), 'utf8');
      assert.doesNotMatch(text, /16C7e42F/);
      assert.match(text, /\[redacted: github\]/);
      // In the prompt, and in the answer that repeats it.
      assert.deepEqual([...(exported.redacted ?? [])], [['github', 2]]);
    }
  });

  it('tells of a session that is not there', async () => {
    const gone = { ...session, id: 'ses_0000000000000000000000gone' };
    const file = await beginFile(join(folder, 'gone.md'));
    await assert.rejects(exportText(portsOf(window), aRequest([gone]), file, undefined, watch), Problem);
    await file.discard();
    assert.equal((await readdir(folder)).includes('gone.md'), false);
  });
});
