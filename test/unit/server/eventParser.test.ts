import assert from 'node:assert/strict';
import { companionQuestion, printCompanionAnswer } from '../../../src/protocol/companion.ts';
import { DirectorySet } from '../../../src/server/dialect/directories.ts';
import { EventParser } from '../../../src/server/openCode118/eventParser.ts';

describe('The reader of global events', () => {
  const ours = new DirectorySet(['/work'], 'linux');
  let warnings: string[];
  let parser: EventParser;

  const quiet = () => undefined;
  const envelope = (payload: unknown, directory: string | undefined = '/work') =>
    JSON.stringify({ directory, project: 'p', payload });
  const delta = (rest: object = {}) => ({
    id: 'evt_1',
    type: 'message.part.delta',
    properties: { sessionID: 's', messageID: 'm', partID: 'p', field: 'text', delta: 'Hi', ...rest },
  });

  beforeEach(() => {
    warnings = [];
    const warn = (message: string) => void warnings.push(message);
    parser = new EventParser({ debug: quiet, info: quiet, warn, error: quiet });
  });

  it('gives the events of our directories', () => {
    const event = parser.parse(envelope(delta()), ours);
    assert.ok(event?.type === 'message.part.delta');
    assert.equal(event.properties.delta, 'Hi');
  });

  it('gives the events of the server itself', () => {
    const heartbeat = '{"payload":{"id":"evt_1","type":"server.heartbeat","properties":{}}}';
    assert.equal(parser.parse(heartbeat, ours)?.type, 'server.heartbeat');
  });

  it('says of a text for a prompt in which folder it is to stand, whatever the text says', () => {
    const properties = { text: 'Look.', directory: '/other' };
    const event = parser.parse(envelope({ type: 'tui.prompt.append', properties }), ours);
    assert.deepEqual(event?.properties, { text: 'Look.', directory: '/work' });
  });

  it('gives the answers of companions of our directories, and no other text that is told to all', () => {
    const told = (command: string) => ({ type: 'tui.command.execute', properties: { command } });
    const answer = printCompanionAnswer({ version: '0.1.0', hooks: ['event'] });
    assert.deepEqual(parser.parse(envelope(told(answer)), ours), {
      type: 'companion.answered',
      properties: { version: '0.1.0', hooks: ['event'], directory: '/work' },
    });
    const drives = new DirectorySet(['C:\\Work'], 'win32');
    const there = parser.parse(envelope(told(answer), 'c:/work'), drives);
    assert.ok(there?.type === 'companion.answered');
    assert.equal(there.properties.directory, 'C:\\Work', 'as the window calls it');
    assert.equal(parser.parse(envelope(told(answer), '/elsewhere'), ours), undefined);
    assert.equal(parser.parse(JSON.stringify({ payload: told(answer) }), ours), undefined);
    assert.equal(parser.parse(envelope(told(companionQuestion)), ours), undefined);
    assert.deepEqual(warnings, []);
  });

  it('passes over the events of other directories', () => {
    assert.equal(parser.parse(envelope(delta(), '/elsewhere'), ours), undefined);
    assert.equal(parser.parse(envelope(delta(), '/work/below'), ours), undefined);
  });

  it('passes over a session of another directory, also where the server runs it in one of ours', () => {
    const updated = (directory: string) => ({
      type: 'session.updated',
      properties: { info: { id: 'ses_1', title: '', directory, time: { created: 1, updated: 1 } } },
    });
    assert.ok(parser.parse(envelope(updated('/work')), ours) !== undefined);
    assert.equal(parser.parse(envelope(updated('/w%6Frk')), ours), undefined);
    assert.deepEqual(warnings, []);
  });

  it('passes over the repetition of durable events, but not over a model that speaks of it', () => {
    const sync = { type: 'sync', syncEvent: { type: 'session.updated.1', data: { properties: {} } } };
    assert.equal(parser.parse(envelope(sync), ours), undefined);
    const words = 'Look: "payload":{"type":"sync","properties":1}';
    assert.ok(parser.parse(envelope(delta({ delta: words })), ours) !== undefined);
    const nested = delta({ extra: { payload: { type: 'sync' } } });
    assert.ok(parser.parse(envelope(nested), ours) !== undefined);
  });

  it('passes over types that nobody acts on, without looking into them', () => {
    assert.equal(parser.parse(envelope({ type: 'plugin.added', properties: 5 }), ours), undefined);
    assert.deepEqual(warnings, []);
  });

  it('survives what is malformed, and says so once for each kind', () => {
    for (let time = 0; time < 3; time += 1) {
      assert.equal(parser.parse(envelope(delta({ delta: 5 })), ours), undefined);
      assert.equal(parser.parse(envelope({ type: 'session.idle', properties: null }), ours), undefined);
      for (const data of ['{ broken', '[]', 'null', '"text"', '']) {
        assert.equal(parser.parse(data, ours), undefined);
      }
    }
    assert.equal(warnings.length, 3);
  });

  it('knows a directory however a Mac composes its letters, and tells them apart where they are two', () => {
    assert.ok(new DirectorySet(['/\u00fc'], 'darwin').has('/u\u0308'));
    assert.ok(!new DirectorySet(['/\u00fc'], 'linux').has('/u\u0308'));
  });

  it('does not know a directory that the server takes for another one', () => {
    const folders = new DirectorySet(['/a%41b', '/100%', '/%2e%2e'], 'linux');
    assert.deepEqual(
      ['/a%41b', '/aAb', '/100%', '/%2e%2e'].filter((directory) => folders.has(directory)),
      ['/100%'],
    );
  });

  it('knows a directory however Windows writes it', () => {
    const windows = new DirectorySet(['c:\\Users\\me\\work'], 'win32');
    assert.ok(windows.has('C:/Users/me/work'));
    assert.ok(!windows.has('C:/Users/me/other'));
  });
});
