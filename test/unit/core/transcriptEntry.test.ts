import assert from 'node:assert/strict';
import {
  asInterrupted,
  callPictureLimits,
  entryLimits,
  runErrorLimit,
  toMessageHead,
  toPartEntry,
  wholeLimits,
} from '../../../src/core/entries/transcriptEntry.ts';
import { readToolInput, readToolPatches } from '../../../src/core/entries/toolEntry.ts';
import { type AssistantMessage, Part, type PartOf } from '../../../src/protocol/records.ts';
import type { ToolEntry } from '../../../src/protocol/page/entries.ts';
import { anAnswer, aUserMessage } from './builders.ts';

const address = { id: 'prt_1', sessionID: 'ses_1', messageID: 'msg_1' };
const time = { start: 1000, end: 2000 };

function aPart(fields: Record<string, unknown>): Part {
  return Part.parse({ ...address, ...fields });
}

function aTool(tool: string, state: Record<string, unknown>): ToolEntry {
  return toPartEntry(toolPart(tool, state)) as ToolEntry;
}

function toolPart(tool: string, state: Record<string, unknown>): PartOf<'tool'> {
  return aPart({ type: 'tool', callID: 'call_1', tool, state }) as PartOf<'tool'>;
}

describe('transcript entries', () => {
  it('keep a short text whole', () => {
    assert.deepEqual(toPartEntry(aPart({ type: 'text', text: 'Hello', time })), {
      id: 'prt_1',
      type: 'text',
      done: true,
      text: 'Hello',
    });
  });

  it('cut a long text and tell its whole length', () => {
    const text = 'x'.repeat(entryLimits.text + 5);
    const entry = toPartEntry(aPart({ type: 'text', text, time }));
    assert.ok(entry.type === 'text');
    assert.equal(entry.text.length, entryLimits.text);
    assert.equal(entry.clamped, text.length);
  });

  it('never cut a character in half', () => {
    const text = `${'x'.repeat(entryLimits.text - 1)}😀😀`;
    const entry = toPartEntry(aPart({ type: 'text', text, time }));
    assert.ok(entry.type === 'text');
    assert.equal(entry.text.isWellFormed(), true);
  });

  it('show the end of what a command printed and its exit code', () => {
    const output = `${'line\n'.repeat(1000)}the last line`;
    const entry = aTool('bash', {
      status: 'completed',
      input: { command: 'make' },
      output,
      title: 'make',
      metadata: { exit: 2 },
      time,
    });
    assert.equal(entry.output?.tail, true);
    assert.equal(entry.output.clamped, output.length);
    assert.ok(entry.output.text.endsWith('the last line'));
    assert.equal(entry.exitCode, 2);
  });

  it('show what a running command printed so far', () => {
    const entry = aTool('bash', {
      status: 'running',
      input: { command: 'make' },
      metadata: { output: 'compiling' },
      time: { start: 1000 },
    });
    assert.deepEqual(entry.output, { text: 'compiling' });
  });

  it('leave out the marks that stand around an output for the model, and nothing else', () => {
    const shown = (tool: string, output: string) =>
      aTool(tool, { status: 'completed', input: {}, output, time }).output?.text;
    const read = '<path>/w/a.ts</path>\n<type>file</type>\n<content>\n1: <content>\n2: $1\n</content>';
    assert.equal(shown('read', read), '1: <content>\n2: $1');
    assert.equal(
      shown('read', `${read}\n\n<system-reminder>\nBe kind.\n</system-reminder>`)?.endsWith(
        'kind.\n</system-reminder>',
      ),
      true,
    );
    const folder = '<path>/w</path>\n<type>directory</type>\n<entries>\nsrc/\n\n(1 entries)\n</entries>';
    assert.equal(shown('read', folder), 'src/\n\n(1 entries)');
    assert.equal(shown('read', 'Image read successfully'), 'Image read successfully');
    const task =
      '<task id="ses_2" state="completed">\n<task_result>\nAll is **well**.\n</task_result>\n</task>';
    assert.equal(shown('task', task), 'All is **well**.');
    assert.equal(shown('bash', read), read);
  });

  it('tell what was asked of the person with each answer, also where one was left open', () => {
    const questions = [{ question: 'Which currency?' }, { question: 'Which rates?' }, { question: 'Round?' }];
    const state = { status: 'completed', output: 'User has answered …', time };
    const asked = aTool('question', {
      ...state,
      input: { questions },
      metadata: { answers: [['EUR'], ['7 %', '19 %'], []] },
    });
    assert.deepEqual(asked.answers, [
      { question: 'Which currency?', answers: ['EUR'] },
      { question: 'Which rates?', answers: ['7 %', '19 %'] },
      { question: 'Round?', answers: [] },
    ]);
    assert.equal(aTool('question', { ...state, input: {}, metadata: {} }).answers, undefined);
  });

  it('show the whole of a part when asked for it', () => {
    const output = 'x'.repeat(entryLimits.output + 1);
    const part = aPart({
      type: 'tool',
      callID: 'call_1',
      tool: 'read',
      state: { status: 'completed', input: {}, output, time },
    });
    const entry = toPartEntry(part, wholeLimits) as ToolEntry;
    assert.deepEqual(entry.output, { text: output });
  });

  it('count the lines of an edit by what the server says', () => {
    const entry = aTool('edit', {
      status: 'completed',
      input: { filePath: 'src/a.ts' },
      output: '',
      metadata: {
        filediff: { file: '/w/src/a.ts', patch: '@@ -1 +1 @@\n-a\n+b\n', additions: 7, deletions: 3 },
      },
      time,
    });
    assert.deepEqual(entry.diff?.files, [{ path: '/w/src/a.ts' }]);
    assert.deepEqual([entry.diff.additions, entry.diff.deletions], [7, 3]);
  });

  it('count the lines of a diff where nobody counted them', () => {
    const entry = aTool('edit', {
      status: 'completed',
      input: { filePath: 'a.ts' },
      output: '',
      metadata: { diff: '--- a.ts\n+++ a.ts\n@@ -1,2 +1,3 @@\n a\n-b\n+c\n+d\n' },
      time,
    });
    assert.deepEqual(entry.diff?.files, [{ path: 'a.ts' }]);
    assert.deepEqual([entry.diff.additions, entry.diff.deletions], [2, 1]);
  });

  it('tell the files of a patch apart, where they ended up, and pass over what is no file', () => {
    const patch = (name: string) => `--- ${name}\n+++ ${name}\n@@ -1 +1 @@\n-a\n+b\n`;
    const state = {
      status: 'completed',
      input: { patchText: '*** Begin Patch' },
      output: '',
      title: 'Success. Updated the following files:\nM src/a.ts\nM src/c.ts',
      metadata: {
        diff: patch('/w/src/a.ts') + patch('/w/src/b.ts'),
        files: [
          {
            filePath: '/w/src/a.ts',
            relativePath: 'src/a.ts',
            patch: patch('a'),
            additions: 5,
            deletions: 2,
          },
          { filePath: '/w/src/b.ts', movePath: '/w/src/c.ts', relativePath: 'src/c.ts', patch: patch('b') },
          { filePath: 7, patch: patch('d') },
        ],
      },
      time,
    };
    const { diff } = aTool('apply_patch', state);
    assert.deepEqual(diff?.files, [{ path: '/w/src/a.ts' }, { path: '/w/src/c.ts' }]);
    assert.deepEqual([diff.additions, diff.deletions], [6, 3]);
    assert.ok(diff.text.includes('+++ a\n') && diff.text.includes('+++ b\n'));
    assert.deepEqual(readToolPatches(toolPart('apply_patch', state)), [
      { file: '/w/src/a.ts', patch: patch('a'), additions: 5, deletions: 2 },
      { file: '/w/src/c.ts', patch: patch('b') },
    ]);
  });

  it('tell whether a patch added a file or deleted it', () => {
    const files = ['add', 'delete', 'update', 'move', 'new in a later version'].map((type) => ({
      filePath: `/w/${type}.ts`,
      patch: '@@ -1 +1 @@\n-a\n+b\n',
      type,
    }));
    const state = { status: 'completed', input: {}, output: '', metadata: { files }, time };
    assert.deepEqual(
      readToolPatches(toolPart('apply_patch', state)).map(({ change }) => change),
      ['added', 'deleted', 'modified', 'modified', undefined],
    );
  });

  it('know no file of a diff that names none', () => {
    const state = {
      status: 'completed',
      input: {},
      output: '',
      metadata: { diff: '@@ -1 +1 @@\n-a\n+b\n' },
      time,
    };
    assert.deepEqual(aTool('apply_patch', state).diff?.files, []);
    assert.deepEqual(readToolPatches(toolPart('apply_patch', state)), []);
  });

  it('show a written file that was not there as additions', () => {
    const entry = aTool('write', {
      status: 'completed',
      input: { filePath: '/w/a.txt', content: 'one\ntwo\n' },
      output: 'Wrote file successfully.',
      metadata: { filepath: '/w/a.txt', exists: false },
      time,
    });
    assert.equal(entry.diff?.text, '@@ -0,0 +1,2 @@\n+one\n+two\n');
    assert.equal(entry.diff.additions, 2);
  });

  it('show no diff of a written file that was there: only the turn knows it', () => {
    const entry = aTool('write', {
      status: 'completed',
      input: { filePath: '/w/a.txt', content: 'one' },
      output: '',
      metadata: { exists: true },
      time,
    });
    assert.equal(entry.diff, undefined);
  });

  it('name the session of a subagent as soon as it runs', () => {
    const entry = aTool('task', {
      status: 'running',
      input: { description: 'Look' },
      metadata: { sessionId: 'ses_child' },
      time: { start: 1000 },
    });
    assert.equal(entry.childSessionId, 'ses_child');
  });

  it('cut long arguments and deep ones', () => {
    const input = { content: 'x'.repeat(5000), list: Array(200).fill(1) };
    const written = aTool('write', { status: 'pending', input });
    assert.equal(written.given.text?.length, entryLimits.argument + 1);
    assert.equal(written.clampedInput, 5000);
    const { input: other = {} } = aTool('mcp_write', { status: 'pending', input });
    assert.equal((other['content'] as string).length, entryLimits.argument + 1);
    assert.equal((other['list'] as unknown[]).length, 50);
    const whole = aTool('mcp_add', { status: 'pending', input: { list: [1, { a: 'b' }] } });
    assert.equal(whole.clampedInput, undefined);
  });

  it('open the input of a call as it was written, or else as JSON', () => {
    const inputOf = (tool: string, input: Record<string, unknown>) =>
      readToolInput(toolPart(tool, { status: 'completed', input, output: 'out', time }));
    const command = 'make\n'.repeat(500);
    assert.deepEqual(inputOf('bash', { command }), { name: 'command.sh', text: command });
    assert.deepEqual(inputOf('write', { filePath: '/w/a.ts', content: 'x' }), { name: '/w/a.ts', text: 'x' });
    assert.deepEqual(inputOf('mcp_add', { a: 1 }), { name: 'mcp_add.json', text: '{\n  "a": 1\n}' });
    assert.deepEqual(inputOf('bash', { command: 7 }), { name: 'bash.json', text: '{\n  "command": 7\n}' });
  });

  it('cut the prompt of a subtask and tell its whole length', () => {
    const prompt = 'x'.repeat(entryLimits.text + 5);
    const entry = toPartEntry(aPart({ type: 'subtask', agent: 'explore', description: 'Look', prompt }));
    assert.ok(entry.type === 'subtask');
    assert.equal(entry.clamped, prompt.length);
  });

  it('call a tool without an end interrupted, and leave others as they are', () => {
    const tool = aTool('bash', { status: 'running', input: {}, time: { start: 1000 } });
    assert.equal((asInterrupted(tool) as ToolEntry).status, 'interrupted');
    const text = toPartEntry(aPart({ type: 'text', text: 'a' }));
    assert.equal(asInterrupted(text), text);
  });

  it('call a tool interrupted that ended with a run that was stopped, and keep what it printed', () => {
    const stopped = aTool('bash', {
      status: 'error',
      input: { command: 'sleep 60' },
      error: 'Tool execution aborted',
      metadata: { interrupted: true, output: 'half' },
      time,
    });
    assert.deepEqual([stopped.status, stopped.error], ['interrupted', undefined]);
    assert.deepEqual(stopped.output, { text: 'half' });
    const subagent = aTool('task', { status: 'error', input: {}, error: 'Task cancelled', time });
    assert.equal(subagent.status, 'interrupted');
    const failed = aTool('bash', { status: 'error', input: {}, error: 'No shell', time });
    assert.equal(failed.status, 'error');
  });

  it('say in a line why a call failed, as a terminal shows it, and nothing of one that was refused', () => {
    const reason = (error: string) => aTool('bash', { status: 'error', input: {}, error, time }).reason;
    assert.equal(reason('10 %\r\u001b[31mError: No shell\u001b[0m\nat line 1'), 'No shell');
    assert.equal(reason('x'.repeat(200)), `${'x'.repeat(160)}…`);
    assert.equal(reason('The user rejected permission to use this specific tool call.'), undefined);
  });

  it('call a tool refused where a person or a rule said no', () => {
    const isRefused = (error: string) => aTool('bash', { status: 'error', input: {}, error, time }).isRefused;
    assert.equal(isRefused('The user rejected permission to use this specific tool call.'), true);
    assert.equal(isRefused('The user has specified a rule which prevents you from using this tool.'), true);
    assert.equal(isRefused('No shell'), undefined);
  });

  it('count the lines of a file that was written anew, however they begin', () => {
    const additions = (content: string) =>
      aTool('write', {
        status: 'completed',
        input: { filePath: '/w/a.c', content },
        output: '',
        metadata: { exists: false },
        time,
      }).diff?.additions;
    assert.equal(additions('++i;\n--j;\n'), 2);
    assert.equal(additions(''), 0);
  });

  it('keep a part of a type that nobody knows', () => {
    assert.deepEqual(toPartEntry(aPart({ type: 'hologram', secret: 1 })), {
      id: 'prt_1',
      type: 'unknown',
      originalType: 'hologram',
    });
  });

  it('find the path of a file in its address', () => {
    const entry = toPartEntry(
      aPart({ type: 'file', mime: 'text/plain', url: 'file:///w/a%20b.ts?start=1&end=2' }),
    );
    assert.ok(entry.type === 'file');
    assert.deepEqual([entry.path, entry.filename], ['/w/a b.ts', 'a b.ts']);
  });

  it('take a file address with broken escapes as it is', () => {
    const entry = toPartEntry(aPart({ type: 'file', mime: 'text/plain', url: 'file:///w/100%.txt' }));
    assert.ok(entry.type === 'file');
    assert.equal(entry.path, '/w/100%.txt');
  });

  it('hold an image that is small enough, and no remote one', () => {
    const image = toPartEntry(aPart({ type: 'file', mime: 'image/png', url: 'data:image/png;base64,AA==' }));
    const remote = toPartEntry(aPart({ type: 'file', mime: 'image/png', url: 'https://example.com/a.png' }));
    assert.ok(image.type === 'file' && remote.type === 'file');
    assert.equal(image.image, 'data:image/png;base64,AA==');
    assert.equal(remote.image, undefined);
  });

  it('tell the size of a picture that is too large to send by itself, and hold it when it is asked for', () => {
    const url = `data:image/png;base64,${'A'.repeat(entryLimits.picture)}`;
    const part = aPart({ type: 'file', mime: 'image/png', filename: 'screen.png', url });
    assert.deepEqual(toPartEntry(part), {
      id: 'prt_1',
      type: 'file',
      mime: 'image/png',
      filename: 'screen.png',
      size: (entryLimits.picture * 3) / 4,
      isLoadable: true,
    });
    const loaded = toPartEntry(part, wholeLimits);
    assert.ok(loaded.type === 'file');
    assert.deepEqual([loaded.image, loaded.size, loaded.isLoadable], [url, undefined, undefined]);
  });

  it('hold no picture of a kind that the page does not show, nor one that is too large for it', () => {
    const svg = aPart({ type: 'file', mime: 'image/svg+xml', url: 'data:image/svg+xml,<svg/>' });
    assert.deepEqual(toPartEntry(svg, wholeLimits), {
      id: 'prt_1',
      type: 'file',
      mime: 'image/svg+xml',
      filename: 'image/svg+xml',
      size: 6,
    });
    const url = `data:image/png;base64,${'A'.repeat(wholeLimits.picture)}`;
    const huge = toPartEntry(aPart({ type: 'file', mime: 'image/png', url }), wholeLimits);
    assert.ok(huge.type === 'file');
    assert.deepEqual([huge.image, huge.isLoadable], [undefined, undefined]);
  });

  it('tell of the picture that a call gave back, and hold it only when it is asked for', () => {
    const url = 'data:image/png;base64,iVBORw==';
    const part = toolPart('read', {
      status: 'completed',
      input: { filePath: '/w/media/logo.png' },
      output: 'Image read successfully',
      title: 'media/logo.png',
      // As 1.18.33 stores it.
      attachments: [{ ...address, id: 'prt_2', type: 'file', mime: 'image/png', url }],
      time,
    });
    assert.deepEqual((toPartEntry(part) as ToolEntry).files, [
      { mime: 'image/png', filename: 'logo.png', size: 4, isLoadable: true },
    ]);
    assert.deepEqual((toPartEntry(part, callPictureLimits) as ToolEntry).files, [
      { mime: 'image/png', filename: 'logo.png', image: url },
    ]);
  });

  it('hold no more pictures of a call than the page takes at once', () => {
    const url = `data:image/png;base64,${'A'.repeat(wholeLimits.callPictures / 2)}`;
    const attachments = [1, 2].map(() => ({ mime: 'image/png', url }));
    const state = { status: 'completed', input: {}, output: '', attachments, time };
    const { files } = toPartEntry(toolPart('mcp_shot', state), callPictureLimits) as ToolEntry;
    assert.deepEqual(
      files?.map(({ image }) => image !== undefined),
      [true, false],
    );
  });

  it('keep a call whose files are in no form that is known', () => {
    const state = { status: 'completed', input: {}, output: 'out', attachments: [{ url: 7 }], time };
    assert.deepEqual(aTool('mcp_shot', state).output, { text: 'out' });
  });
});

describe('message heads', () => {
  it('say in words what went wrong and what to do', () => {
    const { info } = anAnswer('msg_2', 'msg_1', { error: 'ContextOverflowError' });
    const head = toMessageHead(info);
    assert.equal(head.error?.name, 'ContextOverflowError');
    assert.match(head.error.message, /Compact it/);
  });

  it('cut what a gateway said at length, tell the length of the whole and keep what to do', () => {
    const said = `<html>${'x'.repeat(runErrorLimit)}</html>`;
    const { info } = anAnswer('msg_2', 'msg_1');
    const error = { name: 'APIError', data: { message: said, statusCode: 502 } };
    const head = toMessageHead({ ...info, error } as AssistantMessage);
    const whole = `${said}. Send the prompt again in a while.`;
    const { remedies = [], ...told } = head.error ?? assert.fail();
    assert.deepEqual(
      remedies.map(({ title }) => title),
      ['Retry', 'Other Model…'],
    );
    assert.deepEqual(told, {
      name: 'APIError',
      message: `${said.slice(0, runErrorLimit)}… Send the prompt again in a while.`,
      clamped: whole.length,
    });
    const retry = aPart({ type: 'retry', attempt: 2, error, time: { created: 1000 } });
    const entry = toPartEntry(retry);
    assert.ok(entry.type === 'retry');
    assert.deepEqual(
      [entry.message, entry.clamped],
      [`${said.slice(0, entryLimits.retry)}… Send the prompt again in a while.`, whole.length],
    );
  });

  it('name agent and model of both sides', () => {
    assert.deepEqual(toMessageHead(aUserMessage('msg_1').info).model, {
      providerID: 'local',
      modelID: 'echo',
    });
    assert.equal(toMessageHead(anAnswer('msg_2', 'msg_1').info).agent, 'build');
  });

  it('have no field for what is not there', () => {
    const head = toMessageHead(anAnswer('msg_2', 'msg_1', { running: true }).info);
    assert.equal('completed' in head, false);
    assert.equal('error' in head, false);
  });
});
