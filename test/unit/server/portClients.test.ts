import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import {
  parseClientLines,
  parseLsof,
  parseProcNet,
  portClients,
} from '../../../src/server/keeper/portClients.ts';
import { type System, thisSystem } from '../../../src/server/keeper/system.ts';

/** What macOS is asked by; other systems may have it, too. */
const hasLsof = spawnSync('lsof', ['-v']).error === undefined;

describe('The programs that are connected to a port', () => {
  it('are the clients’ ends of established connections of this machine (Linux)', () => {
    const lines = [
      '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode',
      '   0: 0100007F:B357 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 11 1 x',
      '   1: 0100007F:B357 0100007F:EC6A 01 00000000:00000000 00:00000000 00000000     0        0 12 1 x',
      '   2: 0100007F:EC6A 0100007F:B357 01 00000000:00000000 00:00000000 00000000     0        0 13 1 x',
      '   3: 0100007F:EC6B 0100007F:B357 06 00000000:00000000 00:00000000 00000000     0        0 14 1 x',
      '   4: 0200000A:EC6C 0A00000A:B357 01 00000000:00000000 00:00000000 00000000     0        0 15 1 x',
    ];
    assert.deepEqual(parseProcNet(lines.join('\n'), 0xb357), ['13']);
    const six =
      '   2: 0000000000000000FFFF00000100007F:EC6A 0000000000000000FFFF00000100007F:B357 01 0:0 00:0 0 0 0 16 1 x';
    assert.deepEqual(parseProcNet(six, 0xb357), ['16']);
  });

  it('are each named once (macOS)', () => {
    const text = [
      'p10',
      'copencode',
      'f9',
      'n127.0.0.1:45911->127.0.0.1:60430',
      'p20',
      'cGoogle Chrome',
      'f3',
      'n127.0.0.1:60430->127.0.0.1:45911',
      'f4',
      'n127.0.0.1:60431->127.0.0.1:45911',
      'p30',
      'cssh',
      'f4',
      'n10.0.0.2:60431->10.0.0.9:45911',
    ].join('\n');
    assert.deepEqual(parseLsof(text, 45911), [{ pid: 20, name: 'Google Chrome' }]);
  });

  it('are each named once (Windows)', () => {
    assert.deepEqual(parseClientLines('12 msedge\r\n12 msedge\r\n7 \r\n'), [
      { pid: 12, name: 'msedge' },
      { pid: 7, name: '' },
    ]);
  });

  it('are asked of PowerShell on Windows, and not known where it may not be asked', async () => {
    const asked: string[] = [];
    const run: System['run'] = (program, words) => {
      asked.push([program, ...words].join(' '));
      return Promise.resolve('12 msedge\r\n');
    };
    assert.deepEqual(await portClients(45911, { platform: 'win32', run }), [{ pid: 12, name: 'msedge' }]);
    assert.match(asked.join(), /^powershell\.exe .*RemotePort -eq 45911 /);
    const refusing: System = { platform: 'win32', run: () => Promise.reject(new Error('not allowed')) };
    assert.equal(await portClients(45911, refusing), undefined);
  });

  it('are not known on macOS where lsof says why, and none where it says nothing', async () => {
    const aMac = (stderr: string): System => ({
      platform: 'darwin',
      run: () => Promise.reject(Object.assign(new Error(stderr), { code: 1, stdout: '', stderr })),
    });
    assert.deepEqual(await portClients(45911, aMac('')), []);
    assert.equal(await portClients(45911, aMac('lsof: not permitted')), undefined);
  });

  for (const platform of new Set([process.platform, 'darwin'] as const)) {
    it(`are found on this machine, asked as on ${platform}`, async function () {
      if (platform !== process.platform && !hasLsof) this.skip();
      const system = { ...thisSystem, platform };
      const server = createServer().listen(0, '127.0.0.1');
      await once(server, 'listening');
      const { port } = server.address() as AddressInfo;
      assert.deepEqual(await portClients(port, system), []);
      const client = connect(port, '127.0.0.1');
      await once(client, 'connect');
      const found = await portClients(port, system);
      client.destroy();
      server.close();
      assert.deepEqual(
        found?.map(({ pid }) => pid),
        [process.pid],
      );
    });
  }
});
