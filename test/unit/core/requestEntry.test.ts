import assert from 'node:assert/strict';
import {
  buildRequestEntries,
  readWholePermission,
  type RequestSources,
} from '../../../src/core/requests/requestEntry.ts';
import type { AskedCall } from '../../../src/core/requests/askedCalls.ts';
import type { PermissionEntry } from '../../../src/protocol/page/requests.ts';
import { PermissionRequest } from '../../../src/protocol/records.ts';
import { aSession } from './builders.ts';
import { aPermission, aStore } from './stores.ts';

const unnamed: AskedCall = { kind: 'none' };

function knowing(call: AskedCall, opened: ReadonlyMap<string, string> = new Map()): RequestSources {
  return { sessions: aStore([]), calls: { of: () => call }, opened };
}

/** What the page is told of a request that names a call of which so much is known. */
function entryOf(request: Record<string, unknown>, call: AskedCall): PermissionEntry | undefined {
  const parsed = PermissionRequest.parse({ id: 'per_1', sessionID: 'ses_1', patterns: ['*'], ...request });
  const waiting = [{ kind: 'permission', request: parsed }] as const;
  return buildRequestEntries('ses_1', waiting, knowing(call)).permissions[0];
}

describe('a request for permission', () => {
  it('tells what its call was given, where it does not tell that itself', () => {
    const pay = { kind: 'known', tool: 'till_pay', input: { account: 'NL01', amount: 5 } } as const;
    const entry = entryOf({ permission: 'till_pay' }, pay);
    assert.equal(entry?.given?.text, JSON.stringify(pay.input, undefined, 2));
    assert.equal(entry?.tool, undefined);
    const outside = entryOf(
      { permission: 'external_directory', patterns: ['/tmp/*'] },
      { kind: 'known', tool: 'bash', input: { command: 'ls /tmp', description: 'List' } },
    );
    assert.deepEqual([outside?.tool, outside?.given?.text], ['bash', '{\n  "command": "ls /tmp"\n}']);
    const told = { command: 'ls', description: 'List' };
    const bash = entryOf(
      { permission: 'bash', patterns: ['ls'], metadata: { command: 'ls' } },
      { kind: 'known', tool: 'bash', input: told },
    );
    assert.deepEqual([bash?.detail?.text, bash?.given, bash?.isCallUnknown], ['ls', undefined, undefined]);
  });

  it('tells the command as its call has it, where the request tells only its parts', () => {
    const input = { command: 'rm -rf dist && make', description: 'Clean' };
    const parts = { permission: 'bash', patterns: ['rm -rf dist', 'make'] };
    const entry = entryOf(parts, { kind: 'known', tool: 'bash', input });
    assert.deepEqual([entry?.detail?.text, entry?.given], [input.command, undefined]);
    const request = PermissionRequest.parse({ id: 'per_1', sessionID: 'ses_1', ...parts });
    assert.equal(readWholePermission(request, { kind: 'known', tool: 'bash', input }), input.command);
  });

  it('tells what the agent says that a call is for, in a line of readable length', () => {
    const bash = { permission: 'bash', patterns: ['ls'], metadata: { command: 'ls' } };
    const purposeOf = (description?: unknown) =>
      entryOf(bash, { kind: 'known', tool: 'bash', input: { command: 'ls', description } })?.purpose;
    assert.equal(purposeOf('Clean and rebuild\n for production'), 'Clean and rebuild for production');
    assert.ok((purposeOf('x'.repeat(5000)) ?? '').length < 320);
    assert.deepEqual(
      [purposeOf(' '), purposeOf(7), entryOf(bash, unnamed)?.purpose],
      [undefined, undefined, undefined],
    );
  });

  it('names a file that is called like what stands for anything, and nothing where nothing is named', () => {
    const input = { filePath: '/w/*' };
    const read = entryOf({ permission: 'read' }, { kind: 'known', tool: 'read', input });
    assert.deepEqual(read?.patterns, ['*']);
    assert.deepEqual(entryOf({ permission: 'todowrite' }, unnamed)?.patterns, []);
    assert.deepEqual(entryOf({ permission: 'till_pay' }, unnamed)?.patterns, []);
  });

  it('tells what the tool of a plugin was given beside the diff that it brings', () => {
    const edit = { permission: 'edit', patterns: ['a.txt'], metadata: { diff: '@@ -1 +1 @@\n-a\n+b' } };
    const given = (tool: string) => entryOf(edit, { kind: 'known', tool, input: { run: 'sh' } })?.given?.text;
    assert.equal(given('apply_patch'), undefined);
    assert.equal(given('shop_edit'), '{\n  "run": "sh"\n}');
  });

  it('says that its call is not known', () => {
    for (const kind of ['loading', 'unknown'] as const) {
      assert.equal(entryOf({ permission: 'till_pay' }, { kind })?.isCallUnknown, true);
    }
  });

  it('says where not all of it is told, and is then not allowed for good', () => {
    const many = Array.from({ length: 10_000 }, (_, index) => `pattern ${index}`);
    const entry = entryOf({ permission: 'bash', patterns: many, always: many }, { kind: 'none' });
    assert.equal(entry?.whole, many.join('\n').length);
    assert.deepEqual(entry?.always, []);
    assert.ok((entry?.patterns.join('\n').length ?? 0) <= 8000);
    const long = { kind: 'known', tool: 'till_pay', input: { note: 'x'.repeat(20_000) } } as const;
    assert.ok((entryOf({ permission: 'till_pay' }, long)?.whole ?? 0) > 20_000);
  });

  it('tells the beginning of a long detail, of which the whole can be read', () => {
    const diff = `@@ -0,0 +1,9000 @@\n${'+\n'.repeat(9000)}+the end`;
    const request = PermissionRequest.parse({
      id: 'per_1',
      sessionID: 'ses_1',
      permission: 'edit',
      patterns: ['a.txt'],
      metadata: { filepath: '/w/a.txt', diff },
    });
    const { permissions } = buildRequestEntries('ses_1', [{ kind: 'permission', request }], knowing(unnamed));
    assert.equal(permissions[0]?.detail?.clamped, diff.length);
    assert.equal(readWholePermission(request, unnamed), diff);
  });

  it('tells whether all of it was opened, as it is now', () => {
    const command = 'x'.repeat(9000);
    const request = PermissionRequest.parse({
      id: 'per_1',
      sessionID: 'ses_1',
      permission: 'bash',
      patterns: [],
      metadata: { command },
    });
    const wasOpened = (text: string): boolean | undefined =>
      buildRequestEntries(
        'ses_1',
        [{ kind: 'permission', request }],
        knowing(unnamed, new Map([['per_1', text]])),
      ).permissions[0]?.wasOpened;
    assert.equal(wasOpened(readWholePermission(request, unnamed)), true);
    assert.equal(wasOpened('less'), undefined);
  });

  it('names a subagent that is not named yet by its first prompt', () => {
    const title = 'Child session - 2026-11-20T10:00:00.000Z';
    const sessions = aStore([aSession({ id: 'ses_sub', parentID: 'ses_1', title })]);
    sessions.learnPrompt('ses_sub', 'Find the callers');
    const request = aPermission({ sessionID: 'ses_sub' });
    const sources = { ...knowing(unnamed), sessions };
    const { permissions } = buildRequestEntries('ses_1', [{ kind: 'permission', request }], sources);
    assert.equal(permissions[0]?.sessionTitle, 'Find the callers');
  });

  it('names where a patch moves a file', () => {
    const request = PermissionRequest.parse({
      id: 'per_1',
      sessionID: 'ses_1',
      permission: 'edit',
      patterns: ['a.txt'],
      metadata: { diff: '', files: [{ filePath: '/w/a.txt', movePath: '/w/.envrc', patch: '' }] },
    });
    const { permissions } = buildRequestEntries('ses_1', [{ kind: 'permission', request }], knowing(unnamed));
    assert.deepEqual(permissions[0]?.patterns, ['a.txt', '/w/.envrc']);
  });
});
