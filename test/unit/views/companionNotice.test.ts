import assert from 'node:assert/strict';
import { Emitter } from '../../../src/core/event.ts';
import type { CompanionFile, CompanionPlace } from '../../../src/core/ports/companionFiles.ts';
import type { Notice } from '../../../src/core/ports/notify.ts';
import type { ConnectionState } from '../../../src/core/state/connectionState.ts';
import { noticeCompanions } from '../../../src/views/companionNotice.ts';
import { Memory } from './memory.ts';

const live: ConnectionState = { kind: 'live', url: '', version: '1.2.3', managed: true };
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('An installed companion that this extension brings a later one of', () => {
  const setUp = (version: string, memento = new Memory()) => {
    const notices: Notice[] = [];
    const didChangeState = new Emitter<ConnectionState>();
    const didChangeSetting = new Emitter<void>();
    const connection = { state: live, onDidChangeState: didChangeState.event };
    const look = async (place: CompanionPlace): Promise<CompanionFile> =>
      place.kind === 'folder'
        ? { kind: 'ours', path: '/work/c.js', version: '0.1.0', isChanged: false }
        : { kind: 'foreign', path: '/home/c.js' };
    noticeCompanions({
      connection,
      files: { version, look },
      directories: () => ['/work'],
      onDidChangeSetting: didChangeSetting.event,
      memento,
      notify: (notice) => notices.push(notice),
      log: { debug: () => undefined },
    });
    const connect = async (): Promise<void> => {
      didChangeState.fire(live);
      await settled();
    };
    return { notices, connect, didChangeSetting, memento };
  };

  it('is offered to be renewed, once for each version', async () => {
    const { notices, connect, memento } = setUp('0.2.0');
    await connect();
    await connect();
    assert.equal(notices.length, 1);
    assert.match(notices[0]?.message ?? '', /0\.1\.0.*\/work\/c\.js.*0\.2\.0/);
    const [action] = notices[0]?.actions ?? [];
    assert.equal(action?.command, 'opencodeSessions.companion.install');
    assert.deepEqual(action?.arguments, [{ directory: '/work' }]);
    const reloaded = setUp('0.2.0', memento);
    await reloaded.connect();
    assert.deepEqual(reloaded.notices, []);
    const later = setUp('0.3.0', memento);
    await later.connect();
    assert.equal(later.notices.length, 1);
  });

  it('is none where it is of the same version, or of a later one', async () => {
    for (const version of ['0.1.0', '0.0.9']) {
      const { notices, connect } = setUp(version);
      await connect();
      assert.deepEqual(notices, []);
    }
  });

  it('needs a restart where the setting changed, which is offered', () => {
    const { notices, didChangeSetting } = setUp('0.1.0');
    didChangeSetting.fire();
    assert.deepEqual(
      notices[0]?.actions.map(({ command }) => command),
      ['opencodeSessions.server.restart'],
    );
  });
});
