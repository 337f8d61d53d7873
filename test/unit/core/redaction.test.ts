import assert from 'node:assert/strict';
import { describeRedaction } from '../../../src/core/redaction/redactionWords.ts';
import { homeWithin } from '../../../src/core/redaction/personalNames.ts';
import { Redactor } from '../../../src/core/redaction/redactor.ts';
import { secretlint } from '../../../src/editor/secretlint.ts';

const person = { homes: ['/home/anna', String.raw`C:\Users\Anna Berg`, '/'], user: 'anna' };

function aRedactor(): Redactor {
  return new Redactor(secretlint, person);
}

/** Keys of the right form that nobody was ever given; they are put together here so that no scanner stumbles over this file. */
const made = {
  github: ['ghp', '16C7e42F292c6912E7710c838347Ae178B4a'].join('_'),
  slack: ['xoxb', '123456789012', '1234567890123', 'abcdefghijklmnopqrstuvwx'].join('-'),
  anthropic: `${['sk', 'ant', 'api03'].join('-')}-${'a1B2'.repeat(23)}x-AAAAAAAAAA`,
  npm: `npm_${'a1B2'.repeat(9)}`,
  key: [
    '-----BEGIN RSA',
    `PRIVATE KEY-----\n${'MIIEpAIBAAKCAQEA\n'.repeat(8)}-----END RSA`,
    'PRIVATE KEY-----',
  ].join(' '),
  aws: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEA',
};

/** What is taken out: the text, what becomes of it, by which rule. */
const secrets: readonly (readonly [text: string, redacted: string, rule: string])[] = [
  [`token ${made.github}.`, 'token [redacted: github].', 'github'],
  [`slack ${made.slack}`, 'slack [redacted: slack]', 'slack'],
  [`npm config set ${made.npm}`, 'npm config set [redacted: npm]', 'npm'],
  [`key\n${made.key}\nend`, 'key\n[redacted: privatekey]\nend', 'privatekey'],
  [
    'psql postgres://joe:hunter22@db.corp.io/x',
    'psql [redacted: database-connection-string]',
    'database-connection-string',
  ],
  [
    'Authorization: Bearer abc.def-123',
    'Authorization: Bearer [redacted: authorization header]',
    'authorization header',
  ],
  [
    `-H 'Authorization: Basic YW5uYTpwdw=='`,
    `-H 'Authorization: Basic [redacted: authorization header]'`,
    'authorization header',
  ],
  [
    '{"authorization":"Bearer abc.def-123"}',
    '{"authorization":"Bearer [redacted: authorization header]"}',
    'authorization header',
  ],
  [
    String.raw`"{\"authorization\": \"Basic YW5uYTpwdw==\"}"`,
    String.raw`"{\"authorization\": \"Basic [redacted: authorization header]\"}"`,
    'authorization header',
  ],
  [
    String.raw`"{\"x-api-key\":\"12345abcdef\"}"`,
    String.raw`"{\"x-api-key\":\"[redacted: secret header]\"}"`,
    'secret header',
  ],
  [
    String.raw`"export API_KEY=\"abc123\""`,
    String.raw`"export API_KEY=\"[redacted: .env value]\""`,
    '.env value',
  ],
  ['use bearer 9f86d081884c7d659a2feaa0', 'use bearer [redacted: bearer token]', 'bearer token'],
  ['X-Api-Key: 12345abcdef', 'X-Api-Key: [redacted: secret header]', 'secret header'],
  ['Cookie: sid=12345; theme=dark', 'Cookie: [redacted: secret header]', 'secret header'],
  ['API_KEY=abc123 npm start', 'API_KEY=[redacted: .env value] npm start', '.env value'],
  ['export DB_PASSWORD="hunter two"', 'export DB_PASSWORD="[redacted: .env value]"', '.env value'],
  ['12: STRIPE_SECRET=whsec', '12: STRIPE_SECRET=[redacted: .env value]', '.env value'],
  ['@@ -1 +1 @@\n-DB_PASSWORD=hunter2', '@@ -1 +1 @@\n-DB_PASSWORD=[redacted: .env value]', '.env value'],
  ['cd /home/anna/shop', 'cd ~/shop', 'home directory'],
  ['file:///home/anna/shop/a.ts', 'file://~/shop/a.ts', 'home directory'],
  [String.raw`C:\Users\Anna Berg\shop`, String.raw`~\shop`, 'home directory'],
  [String.raw`"C:\\Users\\Anna Berg\\shop"`, String.raw`"~\\shop"`, 'home directory'],
  ['file:///C:/Users/Anna%20Berg/shop', 'file:///~/shop', 'home directory'],
  ['-rw-r--r-- 1 anna staff', '-rw-r--r-- 1 [user] staff', 'user name'],
];

/** What only looks like it. */
const others = [
  'The bearer of bad news is not a bearer token.',
  'Bearer authentication is described in chapter four.',
  'authorization: see below',
  'API_KEY=$API_KEY npm start',
  'API_KEY=<your key>',
  'API_KEY=process.env.API_KEY',
  'PASSWORD=""',
  'MAX_TOKENS=4096',
  'PWD=/work/shop',
  'const token = parse(input);',
  'a token and a key',
  '/home/annabel/shop',
  'Susanna wrote it, and so did joanna_b.',
  'git log 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b',
  'https://example.com/a?b=c',
  'sk-ip-this',
  'It begins with -----BEGIN PRIVATE KEY----- and goes on.',
];

describe('what is taken out of an export', () => {
  for (const [text, redacted, rule] of secrets) {
    it(`is ${rule} in ${JSON.stringify(text.slice(0, 40))}`, async () => {
      const redactor = aRedactor();
      assert.equal(await redactor.redactText(text), redacted);
      assert.deepEqual([...redactor.counts], [[rule, 1]]);
    });
  }

  it('is what a model’s key looks like, and a key beside its name', async () => {
    const redactor = aRedactor();
    const text = `${made.anthropic}\nAWS_SECRET_ACCESS_KEY=${made.aws}`;
    assert.doesNotMatch(await redactor.redactText(text), /sk-ant-api|wJalr/);
    assert.deepEqual([...redactor.counts.keys()], ['anthropic', 'aws']);
  });

  for (const text of others) {
    it(`is nothing of ${JSON.stringify(text)}`, async () => {
      const redactor = aRedactor();
      assert.equal(await redactor.redactText(text), text);
      assert.equal(redactor.counts.size, 0);
    });
  }

  it('is each value of a file of variables that a call read, whatever its name', async () => {
    const redactor = aRedactor();
    const read = (filePath: string) => ({
      info: { id: 'msg_1' },
      parts: [{ state: { input: { filePath }, output: '1: REGION=eu-1\n2: # a note\n3: debug=yes, quite' } }],
    });
    const [variables, example] = await redactor.redact([
      read('/work/.env.local'),
      read('/work/.env.example'),
    ]);
    assert.deepEqual(
      variables?.parts[0]?.state.output,
      '1: REGION=[redacted: .env value]\n2: # a note\n3: debug=[redacted: .env value]',
    );
    // It has the same text, which is looked through once.
    assert.equal(example?.parts[0]?.state.input.filePath, '/work/.env.example');
  });

  it('is known for a file of variables by each of the names that such have', async () => {
    const redact = async (filePath: string) =>
      (await aRedactor().redact([{ input: { filePath }, output: '1: export mode=fast' }]))[0]?.output;
    for (const name of [
      '.env',
      '/w/.env.production',
      '/w/.env.development.local',
      String.raw`C:\w\.env`,
      '.envrc',
    ]) {
      assert.equal(await redact(name), '1: export mode=[redacted: .env value]', name);
    }
    for (const name of ['.env.local.example', '.environment', 'src/env.ts', 'process.env']) {
      assert.equal(await redact(name), '1: export mode=fast', name);
    }
  });

  it('is each value that a difference of such a file has, before and after', async () => {
    const call = {
      input: { filePath: '/work/.env' },
      metadata: { diff: '@@ -1 +1 @@\n-host=one\n+host=two' },
    };
    assert.deepEqual(await aRedactor().redact([call]), [
      {
        ...call,
        metadata: { diff: '@@ -1 +1 @@\n-host=[redacted: .env value]\n+host=[redacted: .env value]' },
      },
    ]);
  });

  it('is what stands in a field that says so by its name', async () => {
    const redactor = aRedactor();
    const input = {
      headers: { Authorization: 'Basic YW5uYTpwdw==', 'x-api-key': '12345abcdef', 'set-cookie': ['a=12345'] },
      env: { DB_PASSWORD: 'hunter2', API_KEY: '${API_KEY}', MODE: 'test' },
    };
    assert.deepEqual(await redactor.redact([{ input }]), [
      {
        input: {
          headers: {
            Authorization: '[redacted: authorization header]',
            'x-api-key': '[redacted: secret header]',
            'set-cookie': ['[redacted: secret header]'],
          },
          env: { DB_PASSWORD: '[redacted: .env value]', API_KEY: '${API_KEY}', MODE: 'test' },
        },
      },
    ]);
    assert.deepEqual(
      [...redactor.counts],
      [
        ['authorization header', 1],
        ['secret header', 2],
        ['.env value', 1],
      ],
    );
  });

  it('is found wherever a record has it, and counted each time', async () => {
    const redactor = aRedactor();
    const [message] = await redactor.redact([
      {
        info: {
          id: 'msg_anna',
          sessionID: 'ses_anna',
          path: { cwd: '/home/anna/shop' },
          error: { data: { message: made.github } },
        },
        parts: [
          { id: 'prt_1', type: 'text', text: `Take ${made.github}` },
          {
            id: 'prt_2',
            type: 'file',
            filename: '/home/anna/a.png',
            url: `data:image/png;base64,${made.npm}`,
          },
          {
            id: 'prt_3',
            type: 'tool',
            tool: 'vault',
            state: { input: { id: made.slack }, metadata: { '/home/anna/a.ts': [1] }, title: 'anna' },
          },
        ],
      },
    ]);
    assert.deepEqual(message, {
      info: {
        id: 'msg_anna',
        sessionID: 'ses_anna',
        path: { cwd: '~/shop' },
        error: { data: { message: '[redacted: github]' } },
      },
      parts: [
        { id: 'prt_1', type: 'text', text: 'Take [redacted: github]' },
        { id: 'prt_2', type: 'file', filename: '~/a.png', url: `data:image/png;base64,${made.npm}` },
        {
          id: 'prt_3',
          type: 'tool',
          tool: 'vault',
          state: { input: { id: '[redacted: slack]' }, metadata: { '~/a.ts': [1] }, title: '[user]' },
        },
      ],
    });
    assert.deepEqual(
      [...redactor.counts].toSorted(([a], [b]) => (a < b ? -1 : 1)),
      [
        ['github', 2],
        ['home directory', 3],
        ['slack', 1],
        ['user name', 1],
      ],
    );
  });

  it('is a private key whose lines a tool numbered, or a difference marked', async () => {
    const lines = made.key.split('\n');
    for (const mark of [
      (line: string, at: number) => `${at + 1}: ${line}`,
      (line: string, at: number) => `${String(at + 1).padStart(5, '0')}| ${line}`,
      (line: string, at: number) => `${String(at + 1).padStart(6)}\t${line}`,
      (line: string) => `-${line}`,
      (line: string) => `+${line}`,
    ]) {
      const redacted = await aRedactor().redactText(`${lines.map(mark).join('\n')}\n\nend of it`);
      assert.doesNotMatch(redacted, /MIIE|END/);
      assert.match(redacted, /\[redacted: private ?key\]\n\nend of it$/);
    }
  });

  it('is looked for behind a comment that would switch the search off', async () => {
    const redactor = aRedactor();
    assert.deepEqual(await redactor.redact([['// secretlint-disable', `Take ${made.github}`]]), [
      ['// secretlint-disable', 'Take [redacted: github]'],
    ]);
  });

  it('is taken out of a text that begins as the data of a file does', async () => {
    assert.equal(
      await aRedactor().redactText(`data: {"token":"${made.github}"}\n\ndata: [DONE]`),
      'data: {"token":"[redacted: github]"}\n\ndata: [DONE]',
    );
  });

  it('is taken out where the colours of a terminal stand within it', async () => {
    const redactor = aRedactor();
    const [head, tail] = [made.github.slice(0, 12), made.github.slice(12)];
    const texts = [
      `DB_\u001b[31mPASSWORD\u001b[0m=hunter2`,
      `Take ${head}\u001b[1m${tail}\u001b[0m`,
      '\u001b[32mok\u001b[0m',
    ];
    assert.deepEqual(await redactor.redact([texts]), [
      ['DB_PASSWORD=[redacted: .env value]', 'Take [redacted: github]', '\u001b[32mok\u001b[0m'],
    ]);
  });

  it('is taken out of a file that stands in a record as its data', async () => {
    const redactor = aRedactor();
    const url = (text: string | Buffer, type = 'text/plain') =>
      `data:${type};base64,${Buffer.from(text).toString('base64')}`;
    const untouched = [
      url('grüße'),
      url(made.github, 'image/png'),
      url(Buffer.from([0xff, 0xfe, 0x00]), 'application/x-thing'),
    ];
    const [urls] = await redactor.redact([
      [url(`ключ ${made.github}`, 'text/plain;charset=utf-8'), ...untouched],
    ]);
    assert.equal(decodeURIComponent(urls?.[0] ?? ''), 'data:text/plain,ключ [redacted: github]');
    assert.deepEqual(urls?.slice(1), untouched);
    assert.deepEqual([...redactor.counts], [['github', 1]]);
  });

  it('never reaches from one text into the next', async () => {
    const redactor = aRedactor();
    const [start = '', end = ''] = made.key.split('MIIE', 2);
    assert.deepEqual(await redactor.redact([[start, 'between', end]]), [[start, 'between', end]]);
  });

  it('leaves common names of users and roots of systems alone', async () => {
    const redactor = new Redactor(secretlint, { homes: ['/root', '/'], user: 'root' });
    assert.equal(await redactor.redactText('the root of /root/x'), 'the root of /root/x');
  });

  it('knows the home of a folder on another machine', () => {
    const homes = [
      '/home/bob/shop',
      '/Users/bob/shop',
      String.raw`D:\Users\bob\shop`,
      '/work/shop',
      '/Users/Shared/x',
    ];
    assert.deepEqual(homes.map(homeWithin), [
      '/home/bob',
      '/Users/bob',
      String.raw`D:\Users\bob`,
      undefined,
      undefined,
    ]);
  });

  it('is told by rule, and how far that may be trusted', () => {
    const counts = new Map([
      ['home directory', 12],
      ['github', 2],
      ['.env value', 1],
    ]);
    assert.equal(
      describeRedaction(counts),
      'Redacted: 3 secrets (1 × .env value, 2 × github), 12 × home directory. Only what has a known form is found: look through it before you pass it on.',
    );
    assert.match(describeRedaction(new Map()), /no secret that is known by its form/);
    assert.match(describeRedaction(undefined), /not looked for/);
  });
});
