import assert from 'node:assert/strict';
import { installCompanion } from '../../../src/commands/companion/installCompanion.ts';
import { removeCompanion } from '../../../src/commands/companion/removeCompanion.ts';
import type { CompanionFile, CompanionPlace } from '../../../src/core/ports/companionFiles.ts';
import type { Choice, Dialogs } from '../../../src/core/ports/dialogs.ts';
import type { Notice } from '../../../src/core/ports/notify.ts';
import type { ConnectionState } from '../../../src/core/state/connectionState.ts';
import { aPerson } from './commands.ts';

type Standing = 'absent' | 'foreign' | { readonly version: string; readonly isChanged: boolean };

const live = (managed: boolean, url = 'http://127.0.0.1:4096'): ConnectionState => ({
  kind: 'live',
  url,
  version: '1.2.3',
  managed,
});

function someDeps({
  standing = {},
  state = live(false),
  isHandedIn = true,
  isTrusted = true,
  directories = ['/work/shop'],
  person = {},
}: {
  standing?: Record<string, Standing>;
  state?: ConnectionState;
  isHandedIn?: boolean;
  isTrusted?: boolean;
  directories?: readonly string[];
  person?: { readonly [Name in keyof Dialogs]?: (...args: never[]) => unknown };
} = {}) {
  const done: string[] = [];
  const notices: Notice[] = [];
  const { dialogs, asked } = aPerson(person);
  const pathOf = (place: CompanionPlace): string =>
    place.kind === 'folder' ? `${place.directory}/c.js` : '/home/c.js';
  const read = (place: CompanionPlace): CompanionFile => {
    const path = pathOf(place);
    const found = standing[path] ?? 'absent';
    return typeof found === 'string' ? { kind: found, path } : { kind: 'ours', path, ...found };
  };
  const deps = {
    files: {
      version: '0.2.0',
      look: async (place: CompanionPlace) => read(place),
      install: async (place: CompanionPlace) => void done.push(`write ${pathOf(place)}`),
      remove: async (place: CompanionPlace) => void done.push(`remove ${pathOf(place)}`),
    },
    directories: () => directories,
    directoryName: (directory: string) => directory.split('/').at(-1) ?? '',
    trusted: () => isTrusted,
    isHandedIn: () => isHandedIn,
    server: { state },
    dialogs,
    notify: (notice: Notice) => void notices.push(notice),
  };
  return { deps, done, notices, asked };
}

const ours = { version: '0.1.0', isChanged: false };
const changed = { version: '0.2.0', isChanged: true };
const pickLast = (_: string, choices: readonly Choice<unknown>[]) => choices.at(-1)?.value;

describe('installing the companion', () => {
  it('asks for whom, writes it, and says where and what is next', async () => {
    const labels: string[] = [];
    const { deps, done, notices } = someDeps({
      person: {
        pickOne: (_: string, choices: readonly Choice<unknown>[]) => {
          labels.push(...choices.map(({ label, description }) => `${label}: ${description}`));
          return choices[0]?.value;
        },
      },
    });
    assert.equal(await installCompanion(deps)(), '/work/shop/c.js');
    assert.deepEqual(labels, ['This Workspace: /work/shop/c.js', 'All Projects: /home/c.js']);
    assert.deepEqual(done, ['write /work/shop/c.js']);
    assert.match(
      notices[0]?.message ?? '',
      /0\.2\.0 was written to \/work\/shop\/c\.js.*until it is restarted/,
    );
    assert.deepEqual(notices[0]?.actions, []);
  });

  it('does nothing where nothing is chosen, and nothing in a folder that is not trusted', async () => {
    const { deps, done } = someDeps({ person: { pickOne: () => undefined } });
    assert.equal(await installCompanion(deps)(), undefined);
    const distrusted = someDeps({ isTrusted: false });
    await assert.rejects(installCompanion(distrusted.deps)({ allProjects: true }), /do not trust/);
    await assert.rejects(removeCompanion(distrusted.deps)(), /do not trust/);
    assert.deepEqual([...done, ...distrusted.done], []);
  });

  it('names each folder of a window that has several', async () => {
    const { deps, done } = someDeps({
      directories: ['/work/shop', '/work/till'],
      person: {
        pickOne: (_: string, choices: readonly Choice<unknown>[]) => {
          assert.deepEqual(
            choices.map(({ label }) => label),
            ['The Folder shop', 'The Folder till', 'All Projects'],
          );
          return choices[1]?.value;
        },
      },
    });
    await installCompanion(deps)();
    assert.deepEqual(done, ['write /work/till/c.js']);
  });

  it('renews an older one without a question, and asks before it replaces what somebody wrote', async () => {
    const older = someDeps({ standing: { '/home/c.js': ours } });
    await installCompanion(older.deps)({ allProjects: true });
    assert.deepEqual(older.done, ['write /home/c.js']);
    for (const standing of ['foreign', changed] as const) {
      for (const isSure of [false, true]) {
        const { deps, done, asked } = someDeps({
          standing: { '/home/c.js': standing },
          person: { confirm: () => isSure },
        });
        await installCompanion(deps)({ allProjects: true });
        assert.equal(asked.length, 1);
        assert.deepEqual(done, isSure ? ['write /home/c.js'] : []);
      }
    }
  });

  it('says so where it is there already', async () => {
    const { deps, done, asked } = someDeps({
      standing: { '/home/c.js': { version: '0.2.0', isChanged: false } },
      person: { inform: () => undefined },
    });
    await installCompanion(deps)({ allProjects: true });
    assert.match(String(asked[0]), /there already/);
    assert.deepEqual(done, []);
  });

  it('offers the restart of a server of ours that is not given it by itself, and names one elsewhere', async () => {
    const own = someDeps({ state: live(true), isHandedIn: false });
    await installCompanion(own.deps)({ allProjects: true });
    assert.deepEqual(
      own.notices[0]?.actions.map(({ command }) => command),
      ['opencodeSessions.server.restart'],
    );
    const given = someDeps({ state: live(true) });
    await installCompanion(given.deps)({ allProjects: true });
    assert.match(given.notices[0]?.message ?? '', /has it by itself/);
    assert.deepEqual(given.notices[0]?.actions, []);
    const away = someDeps({ state: live(false, 'http://box:4096') });
    await installCompanion(away.deps)({ allProjects: true });
    assert.match(away.notices[0]?.message ?? '', /another machine/);
  });
});

describe('removing the companion', () => {
  it('removes the one that is ours, and says so', async () => {
    const { deps, done, notices } = someDeps({ standing: { '/home/c.js': ours } });
    assert.equal(await removeCompanion(deps)(), '/home/c.js');
    assert.deepEqual(done, ['remove /home/c.js']);
    assert.match(notices[0]?.message ?? '', /\/home\/c\.js was removed\..*until it is restarted/);
  });

  it('asks which of several', async () => {
    const { deps, done } = someDeps({
      standing: { '/home/c.js': ours, '/work/shop/c.js': ours },
      person: { pickOne: pickLast },
    });
    await removeCompanion(deps)();
    assert.deepEqual(done, ['remove /home/c.js']);
  });

  it('asks before it removes a file that is not ours, or that somebody changed', async () => {
    for (const standing of ['foreign', changed] as const) {
      for (const isSure of [false, true]) {
        const { deps, done } = someDeps({
          standing: { '/home/c.js': standing },
          person: { confirm: () => isSure },
        });
        await removeCompanion(deps)();
        assert.deepEqual(done, isSure ? ['remove /home/c.js'] : []);
      }
    }
  });

  it('says so where none is installed', async () => {
    const { deps, done, asked } = someDeps({ person: { inform: () => undefined } });
    await removeCompanion(deps)();
    assert.match(String(asked[0]), /No companion is installed/);
    assert.deepEqual(done, []);
  });
});
