import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { parseSync, Visitor } from 'oxc-parser';
import { toToolEntry } from '../../../src/core/entries/toolEntry.ts';
import { entryLimits } from '../../../src/core/entries/transcriptEntry.ts';
import { describePermission, permissionTitle } from '../../../src/core/requests/permissionText.ts';
import { permissionOf, toolNamed, toolOf } from '../../../src/core/tools/toolOf.ts';
import { tools118 } from '../../../src/core/tools/tools118.ts';
import { tools2 } from '../../../src/core/tools/tools2.ts';
import type { ToolEntry } from '../../../src/protocol/page/entries.ts';
import { toolSummary } from '../../../src/core/entries/toolSummary.ts';

const names = [...tools118.tools.keys()];
/** Those of plugins that are no words of ours. */
const pluginNames = ['session_handoff', 'delegate_task'];
const permissions = [...tools118.permissions.keys()];
/** Names that an object would take for its own. */
const odd = ['constructor', '__proto__', 'toString', 'till_pay'];

function entryOf(tool: string, input: Record<string, unknown>): ToolEntry {
  const ids = { id: 'prt_1', sessionID: 'ses_1', messageID: 'msg_1', callID: 'call_1' };
  const state = { status: 'pending', input } as const;
  return toToolEntry({ ...ids, type: 'tool', tool, state }, entryLimits);
}

describe('the table of tools', () => {
  it('has words for each kind that it names, while it runs, at its end and where it failed', () => {
    const other = toolSummary(entryOf('till_pay', {}), '/w');
    for (const name of names.filter((one) => toolOf(one).kind !== 'otherTool')) {
      const entry = entryOf(name, {});
      const summaries = (['running', 'completed', 'error'] as const).map((status) =>
        toolSummary({ ...entry, status }, '/w'),
      );
      assert.equal(new Set(summaries.map(({ verb }) => verb)).size, 3, name);
      for (const { verb, icon } of summaries) assert.ok(verb !== '' && icon !== other.icon, name);
    }
  });

  it('tells a tool that there is not from one that cannot read what it was given', () => {
    const verbOf = (error?: string): string => {
      const entry = entryOf('invalid', { tool: 'bash', ...(error !== undefined && { error }) });
      return toolSummary({ ...entry, status: 'completed' }, '/w').verb;
    };
    const unknown = 'Called an unknown tool';
    assert.equal(verbOf("Model tried to call unavailable tool 'bsh'. Available tools: bash, read."), unknown);
    assert.equal(verbOf(), unknown);
    const broken = 'Invalid input for tool bash: JSON parsing failed: Text: {"command": "ls.';
    assert.equal(verbOf(broken), 'Called with arguments that cannot be read:');
    assert.equal(verbOf('Error repairing tool call: x'), 'Called with arguments that cannot be read:');
  });

  it('has words for each permission that it names, in a line and above it', () => {
    for (const permission of permissions) {
      const request = { id: 'per_1', sessionID: 'ses_1', patterns: ['x'], always: [], metadata: {} };
      const { text } = describePermission({ ...request, permission }, { kind: 'none' });
      assert.doesNotMatch(text, /^Use /, permission);
      assert.doesNotMatch(permissionTitle(permission), /“/, permission);
    }
  });

  it('knows of a tool, and of a permission, that it does not name only what any may have', () => {
    for (const name of odd) {
      assert.equal(toolOf(name), tools2.otherTool);
      assert.deepEqual(permissionOf(name), { kind: 'otherTool', isNamed: false });
      const entry = entryOf(name, { account: 'NL01' });
      assert.deepEqual([entry.kind, entry.given.subject], ['otherTool', 'account: "NL01"']);
      assert.deepEqual(entry.input, { account: 'NL01' });
    }
  });

  it('names permissions that it has where a tool asks for one by another name than its own', () => {
    for (const name of names) {
      const { permission = '' } = toolOf(name);
      if (permission !== '') assert.ok(tools118.permissions.has(permission), name);
    }
  });

  it('reads arguments by what they are for', () => {
    const given = (tool: string, input: Record<string, unknown>) => entryOf(tool, input).given;
    assert.deepEqual(given('bash', { command: 'ls', description: 'List' }), {
      subject: 'ls',
      purpose: 'List',
    });
    assert.deepEqual(given('read', { filePath: '/w/a.ts', offset: 3, limit: 2 }), {
      path: '/w/a.ts',
      line: 3,
      lineCount: 2,
    });
    assert.deepEqual(given('edit', { filePath: '/w/a.ts', oldString: 'a', newString: 'b' }), {
      path: '/w/a.ts',
      before: 'a',
      after: 'b',
    });
    assert.deepEqual(given('task', { description: 'Look', prompt: 'Go', subagent_type: 'explore' }), {
      subject: 'Look',
      text: 'Go',
      agent: 'explore',
    });
    assert.deepEqual(given('question', { questions: [{ question: 'Which?' }] }), { subject: 'Which?' });
    assert.deepEqual(given('bash', { command: 7 }), {}, 'what is no text');
  });

  it('tells all of the arguments only where nothing else tells them', () => {
    const hasInput = (tool: string, input: Record<string, unknown>) =>
      entryOf(tool, input).input !== undefined;
    assert.equal(hasInput('bash', { command: 'ls' }), false);
    assert.equal(hasInput('edit', { filePath: 'a.ts', oldString: 'a', newString: '' }), false);
    assert.equal(hasInput('multiedit', { filePath: 'a.ts', edits: [] }), true);
    assert.equal(hasInput('apply_patch', { patchText: '*** Begin Patch' }), true);
  });

  it('names files from the folder of the session on, however the server does', () => {
    const subject = (input: Record<string, unknown>, title: string) =>
      toolSummary({ ...entryOf('read', input), title }, '/work/shop/packages/app').subject;
    assert.equal(subject({ filePath: '/work/shop/packages/app/a.ts' }, 'packages/app/a.ts'), 'a.ts');
    assert.equal(subject({ filePath: '/work/shop/b.ts' }, 'b.ts'), '/work/shop/b.ts');
    assert.equal(
      subject({ filePath: '/work/shop/packages/app/c.ts' }, 'work/shop/packages/app/c.ts'),
      'c.ts',
    );
    assert.equal(subject({ filePath: 'd.ts' }, 'packages/app/d.ts'), 'd.ts');
  });

  it('says how tools of known plugins pass work on, to whom, and which session came of it', () => {
    const call = (tool: string, input: Record<string, unknown>, output: string, metadata = {}) => {
      const state = {
        status: 'completed',
        input,
        output,
        metadata,
        title: '',
        time: { start: 1, end: 2 },
      } as const;
      const ids = { id: 'prt_1', sessionID: 'ses_1', messageID: 'msg_1', callID: 'call_1' };
      const entry = toToolEntry({ ...ids, type: 'tool', tool, state }, entryLimits);
      const { verb, subject, detail } = toolSummary(entry, '/w');
      return [verb, subject, detail, entry.childSessionId];
    };
    const text = 'Check the rounding';
    assert.deepEqual(
      call(
        'session',
        { mode: 'new', agent: 'plan', text },
        'New session created with plan agent (ID: ses_2)',
      ),
      ['Began a session', text, 'plan', 'ses_2'],
    );
    assert.deepEqual(
      call(
        'session',
        { mode: 'fork', text },
        'Forked session with build agent - history preserved (ID: ses_3)',
      ),
      ['Forked the session', text, undefined, 'ses_3'],
    );
    assert.deepEqual(
      call('session', { mode: 'message', agent: 'plan', text }, 'Message sent to plan agent.'),
      ['Passed on', text, 'plan', undefined],
    );
    assert.deepEqual(call('session', { mode: 'new', text }, 'Error: fetch failed'), [
      'Could not begin a session',
      text,
      undefined,
      undefined,
    ]);
    assert.deepEqual(call('session_handoff', { summary: 'Done' }, '✓ Session "Handoff: T" created (plan).'), [
      'Handed off',
      'Done',
      undefined,
      undefined,
    ]);
    const delegated = { description: 'Look', prompt: 'Look around', subagent_type: 'explore' };
    assert.deepEqual(call('delegate_task', delegated, 'Background task launched.', { sessionId: 'ses_4' }), [
      'Delegated',
      'Look',
      'explore',
      'ses_4',
    ]);
    assert.deepEqual(
      call('delegate_task', delegated, 'Error handling is in ID: ses_1.\n\nsession_id: ses_5'),
      ['Delegated', 'Look', 'explore', 'ses_5'],
    );
  });

  it('leaves the tool of another plugin that has such a name what it is', () => {
    const entry = entryOf('session', { user: 'anna', mode: 'new' });
    assert.deepEqual(toolSummary(entry, '/w').verb, 'session');
    assert.equal(entry.given.subject, 'user: "anna", mode: "new"');
  });

  it('says what agents call the tool that writes todos', () =>
    assert.equal(toolNamed('writeTodos'), 'todowrite'));
});

/** Names that are words of ours, too, and where they stand as such: with each what it is there. */
const ordinary: Readonly<Record<string, readonly string[]>> = {
  // A language of code.
  bash: ['views/transcript/codeActions.ts', 'webview/code/highlight.ts'],
  // An icon, or a method that a slice of a port names.
  edit: [
    'commands/draft/openDraft.ts',
    'commands/session/answerRequest.ts',
    'commands/session/tellSession.ts',
    'flows/prompting/waitingList.ts',
    'webview/composer/composer.ts',
    'webview/composer/lentNotice.ts',
    'webview/composer/queueList.ts',
    'webview/header/headerBar.ts',
    'webview/messages/messageActions.ts',
    'core/entries/toolSummary.ts',
  ],
  // The role of an element, or a kind of block of Markdown.
  list: [
    'core/continuation/digest/answer.ts',
    'core/continuation/digest/markdown.ts',
    'core/continuation/digest/say.ts',
    'webview/composer/attachmentChips.ts',
    'webview/composer/picker.ts',
    'webview/composer/promptField.ts',
    'webview/frame/outline.ts',
    'webview/markdown/markdown.ts',
  ],
  // What a session waits for, or an icon.
  question: [
    'commands/compare/loadComparison.ts',
    'core/requests/requestEntry.ts',
    'core/rows/neighbours.ts',
    'core/rows/sessionFilter.ts',
    'core/rows/story.ts',
    'core/sessions/attention.ts',
    'core/sessions/sessionRow.ts',
    'core/sessions/sessionState.ts',
    'views/sessionDecorations.ts',
    'webview/parts/notePart.ts',
    'core/entries/toolSummary.ts',
    'webview/requests/questionCard.ts',
    // The icon of what waits for an answer.
    'webview/header/headerBar.ts',
  ],
  // The tools that the companion gives to agents.
  session_handoff: ['companion/tools/sessionHandoff.ts'],
  // A method that a slice of a port names.
  read: ['editor/asking/sessionPick.ts', 'flows/transfer/exportSessions.ts'],
  // How a library calls the name of a text.
  filePath: ['editor/secretlint.ts'],
  // The class of an item that can be ticked.
  // Or a task of the editor, by the word of the setting.
  task: [
    'webview/markdown/markdownNodes.ts',
    'core/automations/automation.ts',
    'core/automations/automationWords.ts',
    'core/automations/checkNames.ts',
    'core/automations/parseStep.ts',
    'editor/automations/automationCompletions.ts',
    'editor/automations/automationTasks.ts',
    'editor/automations/settingsText.ts',
    'flows/automations/runSteps.ts',
    'wiring/automations/automations.ts',
  ],
  // A method that a slice of a port names.
  write: ['editor/drafts/lentPrompts.ts'],
};

/** Keys of arguments and metadata that are no words of ours. */
const keys = 'filePath filepath patchText oldString newString subagent_type filediff movePath relativePath';

/** Names of objects' own fields that are words of ours, too. */
const fields = new Set(['edit', 'list', 'question', 'read', 'skill', 'task', 'write']);

/** What a server keeps of a call, read by its name there; the end of a turn is judged by it as well. */
const record = /\b(?:input|metadata)\??\.?\[\s*['"`]/;
const judges = ['core/turns/judgeMessages.ts'];

describe('what servers call their tools', function () {
  this.timeout(60_000);
  const source = join(import.meta.dirname, '..', '..', '..', 'src');
  const sources = readdirSync(source, { recursive: true, encoding: 'utf8' })
    .map((file) => ({ path: join(source, file), file: file.split(sep).join('/') }))
    .filter(({ file }) => file.endsWith('.ts') && !/^(?:core\/tools|server|protocol)\//.test(file))
    .map(({ path, file }) => ({ file, text: readFileSync(path, 'utf8') }));

  it('stands in their table, and nowhere else', () => {
    const words = new Set([...names, ...pluginNames, ...permissions, ...keys.split(' ')]);
    const found = sources.flatMap(({ file, text }) =>
      [...readWords(file, text)]
        .filter((word) => words.has(word) && ordinary[word]?.includes(file) !== true)
        .map((word) => `${file}: ${word}`),
    );
    assert.deepEqual(found, []);
  });

  it('is allowed elsewhere only where it stands', () => {
    for (const [word, files] of Object.entries(ordinary)) {
      for (const name of files) {
        const { text = '' } = sources.find(({ file }) => file === name) ?? {};
        assert.ok(readWords(name, text).has(word), `${name}: ${word}`);
      }
    }
  });

  it('is what the records of calls are read by in the table alone', () => {
    const readers = sources.filter(({ text }) => record.test(text)).map(({ file }) => file);
    assert.deepEqual(readers, judges);
  });
});

/** The texts of a file, words between accents in them, and the names of fields. */
function readWords(file: string, text: string): ReadonlySet<string> {
  const words = new Set<string>();
  const addField = (name: string): void => void (fields.has(name) || words.add(name));
  const addText = (value: string): void => {
    words.add(value);
    for (const [, word = ''] of value.matchAll(/`(\w+)`/g)) words.add(word);
  };
  new Visitor({
    Literal: ({ value }) => typeof value === 'string' && addText(value),
    TemplateElement: ({ value }) => addText(value.cooked ?? value.raw),
    Property: ({ key }) => key.type === 'Identifier' && addField(key.name),
    MemberExpression: ({ property }) => property.type === 'Identifier' && addField(property.name),
  }).visit(parseSync(file, text).program);
  return words;
}
