import assert from 'node:assert/strict';
import { importSessions, type ImportSessionsDeps } from '../../../src/commands/transfer/importSessions.ts';
import { CancelledError } from '../../../src/core/cancellation.ts';
import { NotFoundProblem, Problem, UnavailableProblem } from '../../../src/core/errors.ts';
import { readImportedInfo } from '../../../src/core/export/importedInfo.ts';
import { SessionFileScan } from '../../../src/core/export/sessionFileScan.ts';
import type { Notice } from '../../../src/core/ports/notify.ts';
import type { ChosenFile } from '../../../src/core/ports/readFile.ts';
import { withLineage } from '../../../src/protocol/lineage.ts';
import { withOurs } from '../../../src/protocol/ours.ts';
import { inspectFile } from '../../../src/flows/transfer/importSession.ts';
import type { Session } from '../../../src/protocol/records.ts';
import { aSession, aUserMessage } from '../core/builders.ts';
import { HeldFile } from './transferring.ts';

const session = aSession({ id: 'ses_1', title: 'Parser', directory: '/work/parser' });
const messages = [aUserMessage('msg_1', { text: 'a "quoted" \\ { [ text' }), aUserMessage('msg_2')];

function exported(info: object = session, said: readonly object[] = messages): string {
  return JSON.stringify({ info, messages: said }, undefined, 2);
}

function aFile(text: string, name = 'session.json', step = 7, size = text.length): ChosenFile {
  return {
    name,
    size,
    read: async function* () {
      for (let at = 0; at < text.length; at += step) yield text.slice(at, at + step);
    },
  };
}

function scan(text: string, step: number) {
  const scanning = new SessionFileScan();
  for (let at = 0; at < text.length; at += step) scanning.push(text.slice(at, at + step));
  return scanning.end();
}

describe('a file that is to be imported', () => {
  it('is known for a session, in whatever pieces it comes', () => {
    for (const text of [exported(), JSON.stringify({ messages, more: [{ info: {} }], info: session })]) {
      for (const step of [1, 3, 64, text.length]) {
        const found = scan(text, step);
        assert.equal(found.kind, 'session');
        if (found.kind !== 'session') continue;
        assert.equal(found.messages, 2);
        assert.equal(found.info, text.slice(found.start, found.end));
        assert.equal((JSON.parse(found.info) as Session).id, 'ses_1');
      }
    }
  });

  it('is refused where its times are no moments', () => {
    for (const time of [
      { created: 1, updated: 1e300 },
      { created: 9e15, updated: 1 },
    ]) {
      assert.equal(readImportedInfo(JSON.stringify({ ...session, time })), undefined);
    }
  });

  for (const [text, sentence] of [
    ['', /is no JSON/],
    ['hello', /is no JSON/],
    ['PK\u0003\u0004 {"info":{}}', /is no JSON/],
    [`${exported()} and more`, /is no JSON/],
    ['{"a": 1}', /no session in a form that is known/],
    ['[]', /no session in a form that is known/],
    ['{"info": "x", "messages": []}', /no session in a form that is known/],
    ['{"info": {"id": "abc"}, "messages": []}', /no session in a form that is known/],
    [exported().replace(/}$/, `, "info": ${JSON.stringify(session)}}`), /no session in a form that is known/],
    [
      exported().replace(/}$/, String.raw`, "\u0069nfo": ${JSON.stringify(session)}}`),
      /no session in a form that is known/,
    ],
    ['{"info": {"id": "ses_1"}, "turns": []}', /no session in a form that is known/],
    [JSON.stringify({ version: 2, session: { id: 'ses_1' }, entries: [] }), /come of a newer OpenCode/],
    [exported().slice(0, -40), /ends in the middle/],
    [exported().slice(0, 30), /ends in the middle/],
  ] as const) {
    it(`is refused where it is ${JSON.stringify(text.slice(0, 40))}`, async () => {
      await assert.rejects(inspectFile(aFile(text)), sentence);
    });
  }

  it('is refused unread where it is too large', async () => {
    const file = aFile(exported(), 'huge.json', 7, 300_000_000);
    await assert.rejects(
      inspectFile({ ...file, read: () => assert.fail('It was read.') }),
      /huge\.json has 300\.0 MB/,
    );
  });

  it('keeps what it says, but for what acts by itself', () => {
    const info = {
      ...session,
      slug: 'witty-planet',
      permission: [
        { permission: 'bash', pattern: '*', action: 'allow' },
        { permission: 'edit', pattern: '*', action: 'deny' },
      ],
      metadata: withOurs(
        withLineage({ theirs: 1 }, { of: 'ses_1', kind: 'fork', from: 'ses_0', time: 1, report: 'msg_9' }),
        { relays: { session: 'ses_1', revision: 'r', legs: [] }, scratch: { from: 'ses_0', time: 1 } },
      ),
    };
    const read = readImportedInfo(JSON.stringify(info));
    assert.equal(read?.isDisarmed, true);
    assert.deepEqual(JSON.parse(read.text), {
      ...info,
      permission: [{ permission: 'edit', pattern: '*', action: 'deny' }],
      metadata: {
        theirs: 1,
        opencodeSessions: { lineage: { of: 'ses_1', kind: 'fork', from: 'ses_0', time: 1 } },
      },
    });
    const odd = { permission: 'bash', pattern: '*', action: 'allow', for: ['x'] };
    for (const permission of [[odd, { permission: 'bash' }], { bash: 'allow' }]) {
      const unknown = readImportedInfo(JSON.stringify({ ...session, permission, metadata: ['x'] }));
      assert.equal(unknown?.isDisarmed, true);
      assert.deepEqual(JSON.parse(unknown.text), { ...session, permission: [], metadata: {} });
    }
    const plain = JSON.stringify({ ...session, slug: 'x', metadata: { theirs: 1 } });
    const asItWas = readImportedInfo(plain);
    assert.deepEqual([asItWas?.isDisarmed, asItWas?.text], [false, plain]);
  });
});

interface Given {
  readonly files?: readonly ChosenFile[];
  /** What the program does with the text that it is given. */
  readonly program?: (text: string) => void;
  readonly present?: readonly Session[];
  readonly directories?: readonly string[];
  readonly cancelled?: boolean;
}

function anImporter({
  files = [aFile(exported())],
  program,
  present = [],
  directories = ['/work/here'],
  cancelled = false,
}: Given = {}) {
  const server = new Map<string, { session: Session; messages: readonly unknown[] }>(
    present.map((one) => [one.id, { session: one, messages: [] }]),
  );
  const seen = {
    copies: [] as HeldFile[],
    into: [] as string[],
    deleted: [] as string[],
    opened: [] as string[],
    notices: [] as Notice[],
    refreshed: 0,
  };
  const take = (text: string): void => {
    const { info, messages: said } = JSON.parse(text) as { info: Session; messages: readonly unknown[] };
    server.set(info.id, { session: info, messages: said });
  };
  const get = (id: string) => {
    const found = server.get(id);
    if (found === undefined) throw new NotFoundProblem('not there');
    return found;
  };
  const deps: ImportSessionsDeps = {
    openCode: {
      getSession: async (id) => get(id).session,
      deleteSession: async (id) => {
        seen.deleted.push(id);
        server.delete(id);
      },
      getStored: async (id) => get(id).session,
      listStored: async (id) => ({ messages: get(id).messages as never }),
    },
    program: {
      obstacle: () => undefined,
      importFile: async (_, directory) => {
        seen.into.push(directory);
        (program ?? take)(seen.copies.at(-1)?.text ?? '');
      },
      exportSanitized: async () => undefined,
    },
    beginCopy: async () => {
      const copy = new HeldFile();
      seen.copies.push(copy);
      return copy;
    },
    dialogs: { pickOne: async (_, choices) => choices.at(-1)?.value },
    askWhatToOpen: async () => files,
    chosenFile: async () => aFile(exported()),
    directories: () => directories,
    directoryName: (directory) => directory,
    runWithProgress: (_, run) =>
      run(
        { isCancellationRequested: cancelled, onCancellationRequested: () => ({ dispose: () => undefined }) },
        () => undefined,
      ),
    refresh: async () => void (seen.refreshed += 1),
    openTranscript: (id) => void seen.opened.push(id),
    notify: (notice) => void seen.notices.push(notice),
  };
  return { deps, seen, server, take };
}

describe('importing sessions', () => {
  it('takes a session into the folder, shows it, and leaves no copy', async () => {
    const { deps, seen, server } = anImporter();
    assert.equal(await importSessions(deps)(undefined), 'ses_1');
    assert.equal(server.get('ses_1')?.messages.length, 2);
    assert.deepEqual([seen.into, seen.opened, seen.refreshed], [['/work/here'], ['ses_1'], 1]);
    assert.deepEqual(
      seen.copies.map(({ state, text }) => [state, text]),
      [['discarded', exported()]],
    );
    assert.deepEqual(
      seen.notices.map(({ message }) => message),
      ['Imported: “Parser”.'],
    );
  });

  it('gives the program what does nothing by itself, and says so', async () => {
    const info = {
      ...session,
      metadata: withOurs({}, { relays: { session: 'ses_1', revision: 'r', legs: [] } }),
    };
    const { deps, seen, server } = anImporter({ files: [aFile(exported(info))] });
    await importSessions(deps)(undefined);
    assert.deepEqual(server.get('ses_1')?.session.metadata, {});
    assert.match(seen.notices[0]?.message ?? '', /What would have acted by itself was left out/);
  });

  it('leaves a session that is there as it is', async () => {
    const { deps, seen } = anImporter({ present: [{ ...session, title: 'Mine' }] });
    await assert.rejects(importSessions(deps)(undefined), (error: Problem) => {
      assert.match(error.message, /“Mine” is on this server already/);
      assert.deepEqual(error.remedy?.arguments, ['ses_1']);
      return true;
    });
    assert.deepEqual([seen.into, seen.deleted, seen.copies], [[], [], []]);
  });

  it('takes back what came in part, and nothing else', async () => {
    const half = anImporter();
    half.deps.program.importFile = async () => {
      half.take(exported(session, messages.slice(0, 1)));
    };
    await assert.rejects(importSessions(half.deps)(undefined), /Only 1 of the 2 messages came/);
    assert.deepEqual([half.seen.deleted, half.server.size], [['ses_1'], 0]);
    const broken = anImporter({
      program: (text) => {
        broken.take(text);
        throw new Problem('OpenCode refused it: Expected Message');
      },
    });
    await assert.rejects(importSessions(broken.deps)(undefined), /refused it: Expected Message/);
    assert.equal(broken.server.size, 0);
    const ended = anImporter({
      program: (text) => {
        ended.take(text);
        throw new CancelledError();
      },
    });
    await assert.rejects(importSessions(ended.deps)(undefined), CancelledError);
    assert.deepEqual([ended.server.size, ended.seen.copies[0]?.state], [0, 'discarded']);
  });

  it('says where it cannot know what is there', async () => {
    const { deps } = anImporter({
      program: () => {
        deps.openCode.getSession = async () => {
          throw new UnavailableProblem('away');
        };
      },
    });
    await assert.rejects(importSessions(deps)(undefined), /could not be taken back\. Look for it/);
  });

  it('says where another data folder took it in', async () => {
    const { deps } = anImporter({ program: () => undefined });
    await assert.rejects(importSessions(deps)(undefined), /not where this server keeps its sessions/);
  });

  it('goes on behind a file that is none, and tells of it', async () => {
    const other = { ...session, id: 'ses_2', title: 'Other' };
    const files = [aFile('hello', '1.json'), aFile(exported(other), '3.json'), aFile(exported(), '2.json')];
    const { deps, seen, server } = anImporter({ files });
    await assert.rejects(importSessions(deps)(undefined), /1\.json is no JSON/);
    assert.deepEqual([...server.keys()], ['ses_1', 'ses_2']);
    assert.deepEqual(
      seen.notices.map(({ message }) => message),
      ['Imported: “Parser”, “Other”.'],
    );
  });

  it('asks for the folder only where that is not said', async () => {
    const named = anImporter({ directories: ['/work/a', '/work/parser', '/work/b'] });
    await importSessions(named.deps)(undefined);
    const asked = anImporter({ directories: ['/work/a', '/work/b'] });
    await importSessions(asked.deps)({ file: '/tmp/session.json' });
    assert.deepEqual([named.seen.into, asked.seen.into], [['/work/parser'], ['/work/b']]);
  });

  it('does nothing where it is cancelled, or cannot be done at all', async () => {
    const cancelled = anImporter({ cancelled: true });
    await assert.rejects(importSessions(cancelled.deps)(undefined), CancelledError);
    assert.deepEqual(cancelled.seen.copies, []);
    const { deps } = anImporter();
    const program = { ...deps.program, obstacle: () => 'The server is elsewhere.' };
    await assert.rejects(importSessions({ ...deps, program })(undefined), /The server is elsewhere/);
  });
});
