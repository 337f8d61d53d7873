import assert from 'node:assert/strict';
import {
  briefTitle,
  builtInBrief,
  fillBriefTemplate,
} from '../../../../src/core/continuation/drafts/briefBody.ts';
import { suggestForBrief } from '../../../../src/core/continuation/drafts/briefCompletion.ts';
import { parseDraft, printDraft } from '../../../../src/core/continuation/drafts/draft.ts';
import type { BriefOrder } from '../../../../src/core/continuation/drafts/draftOrder.ts';
import { looksSecret, looksSecretBeside } from '../../../../src/core/continuation/drafts/looksSecret.ts';
import { checkOrder } from '../../../../src/core/continuation/drafts/orderCheck.ts';

const world = { agents: [], providers: { providers: [], default: {} }, missingFiles: new Set<string>() };
const order: BriefOrder = { verb: 'brief', sessionId: '', sessionTitle: 'api', directory: '/work/api' };

function check(body: string, blanks?: readonly string[]) {
  const document = `---\n---\n${body}`;
  return checkOrder({ ...order, blanks: [...(blanks ?? [])] }, parseDraft(document), document, world).map(
    ({ severity, message, range }) => `${range.line - 2} ${severity}: ${message}`,
  );
}

const whole = `# Orders

## What to build
Orders can be placed.

## Endpoints

### POST /orders
Request:

\`\`\`json
{ "sku": "string" }
\`\`\`

Response: 201 with the order

### \`GET /orders/{id}\`
Response:
- id: string

## Secrets
- \`STRIPE_KEY\`: pays

## Acceptance
- [ ] An order is there after POST /orders
`;

describe('a brief', () => {
  it('lacks nothing that says what, how, with which shapes, and when it is done', () => {
    assert.deepEqual(check(whole), []);
  });

  it('is told section by section what it lacks', () => {
    const told = check(`# Orders

## What to build

## Endpoints

### orders
Request: x

### POST /orders
Response: 201

### post /orders
Request: x

### DELETE /orders/{id}

## Acceptance
- [ ]
`);
    assert.deepEqual(told, [
      '2 warning: Say what is to be built, and how it works.',
      '6 warning: Name the endpoint by method and path, for example: POST /orders',
      '9 warning: POST /orders does not say what its request looks like: write “Request:” with its fields.',
      '12 warning: POST /orders does not say what it answers: write “Response:” with its fields.',
      '12 warning: POST /orders stands here twice.',
      '15 warning: DELETE /orders/{id} does not say what it answers: write “Response:” with its fields.',
      '17 warning: Say what must be seen to work.',
    ]);
  });

  it('is told which section it cannot do without, and reads no heading in a code block', () => {
    assert.deepEqual(check('Just do it.\n\n```\n## Acceptance\n```\n'), [
      '0 warning: The brief has no section “What to build and how it works”. Say what is to be built, and how it works.',
      '0 warning: The brief has no section “Acceptance”. Say what must be seen to work.',
    ]);
  });

  it('begins as questions, each of which keeps it from being sent, and as nothing else', () => {
    const { body, blanks } = builtInBrief();
    const told = check(body, blanks);
    assert.equal(told.length, blanks.length);
    for (const line of told) assert.match(line, /error: Nothing is written here yet/);
  });

  it('begins as a template of one’s own says, with its own questions and who answers', () => {
    const form = fillBriefTemplate(
      '---\nagent: plan\ntitle: Api work\nsource: ses_1\n---\n# {{service}}\n\n{{ask: What is it?}}\n\nIn {{folder}} {{unknown}}\n\n{{prompt}}\n',
      { service: 'services/api', folder: 'services/api', agent: 'plan' },
    );
    assert.deepEqual(form, {
      agent: 'plan',
      title: 'Api work',
      body: '# services/api\n\nWhat is it?\n\nIn services/api {{unknown}}',
      blanks: ['What is it?'],
    });
  });

  it('names its session by its first heading', () => {
    assert.equal(briefTitle('Before\n# Orders API #\n\n## What'), 'Orders API');
    assert.equal(briefTitle('## What\n#\n'), undefined);
  });

  it('is offered the sections that it lacks, methods, and whole pieces at the beginning of a line', () => {
    const document = printDraft({
      body: '# Orders\n\n## What to build\nx\n\n## \n\n### \n\nendp\n\nIn the midst of it',
    });
    const lines = document.split('\n');
    const at = (text: string) => {
      const line = lines.indexOf(text);
      return suggestForBrief(document, parseDraft(document).bodyLine, line, text.length)?.suggestions.map(
        ({ label }) => label,
      );
    };
    assert.deepEqual(at('## '), [
      '## Endpoints',
      '## Secrets (names only)',
      '## User interface',
      '## Acceptance',
    ]);
    assert.equal(at('### ')?.[1], '### POST');
    assert.deepEqual(at('endp'), ['endpoint', 'request', 'response', 'secret', 'screen', 'acceptance']);
    assert.equal(at('In the midst of it'), undefined);
  });
});

describe('what looks like a secret', () => {
  // Put together, so that no scanner takes this file for a leak.
  const join = (...parts: readonly string[]) => parts.join('');
  const secrets: Readonly<Record<string, string>> = {
    awsKey: join('AKIA', 'IOSFODNN7EXAMPL2'),
    githubToken: join('ghp_', 'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8'),
    slackToken: join('xoxb-', '123456789012-abcdefGHIJKL'),
    stripeKey: join('sk_live_', '4eC39HqLyjWDarjtT1zdp7dc'),
    googleKey: join('AIza', 'SyA1234567890abcdefghijklmnopqrstuv'),
    modelKey: join('sk-', 'ant-api03-Zx9Yw8Vu7Ts6Rq5Po4Nm3Lk2Ji1Hg0'),
    jwt: join('eyJhbGciOiJIUzI1NiJ9', '.', 'eyJzdWIiOiIxMjM0NTY3ODkwIn0', '.', 'dozjgNryP4J3jVmNHl0w5N'),
  };

  for (const [kind, secret] of Object.entries(secrets)) {
    it(`is found by how it begins: ${kind}`, () => {
      const text = `Use ${secret} for it.`;
      assert.deepEqual(
        looksSecret(text).map((place) => [place.kind, text.slice(place.start, place.end)]),
        [[kind, secret]],
      );
    });
  }

  it('is found by what stands around it', () => {
    const key = join(
      '-----BEGIN RSA PRIVATE',
      ' KEY-----\nMIIEow\nabc+/=\n-----END RSA PRIVATE',
      ' KEY-----',
    );
    const found = (text: string) =>
      looksSecret(text).map(({ kind, start, end }) => [kind, text.slice(start, end)]);
    assert.equal(found(`x\n${key}`)[0]?.[0], 'privateKey');
    assert.deepEqual(found('postgres://app:Tr0ub4dor@db.example.com/x'), [['connection', 'Tr0ub4dor']]);
    assert.deepEqual(found('Authorization: Bearer abc123DEF456ghi789'), [['bearer', 'abc123DEF456ghi789']]);
    assert.deepEqual(found('API_KEY=9f8e7d6c5b4a39281706f5e4'), [['value', '9f8e7d6c5b4a39281706f5e4']]);
    assert.deepEqual(found('"clientSecret": "Zk3!pQ9_vX2@mL7"'), [['value', 'Zk3!pQ9_vX2@mL7']]);
  });

  it('is not what only names one, a type, a placeholder or an address without a password', () => {
    for (const text of [
      '- `STRIPE_KEY`: pays, from the vault',
      'apiKey: process.env.STRIPE_API_KEY',
      '{ "token": "string", "key": "number" }',
      'PASSWORD=<your password>',
      'password: ${DB_PASSWORD}',
      'postgres://user:password@localhost/db',
      'Authorization: Bearer <token>',
      'https://example.com/orders?page=1',
      'the key: idempotency of a request',
      'secret: changeme',
      'sk-something-that-is-only-words-here',
      'commit 3f6bf4281e5c0a9b7d2f',
    ]) {
      assert.deepEqual(looksSecret(text), [], text);
    }
  });

  it('is what another finder knows besides, without it where that fails, and no log has its words', async () => {
    const text = `Use ${secrets['stripeKey']} and npm_thing.`;
    const start = text.indexOf('npm_thing');
    const warned: unknown[][] = [];
    const log = { warn: (...words: unknown[]) => void warned.push(words) };
    const found = [
      { start: 4, end: 20, rule: 'stripe' },
      { start, end: start + 9, rule: 'npm' },
      { start: start + 2, end: start + 9, rule: 'other' },
    ];
    const both = looksSecretBeside({ find: async () => found }, log);
    assert.deepEqual(
      (await both(text)).map(({ kind }) => kind),
      ['stripeKey', 'other'],
    );
    const failing = looksSecretBeside({ find: () => Promise.reject(new Error(text)) }, log);
    assert.deepEqual(
      (await failing(text)).map(({ kind }) => kind),
      ['stripeKey'],
    );
    assert.equal(warned.length, 1);
    assert.ok(!JSON.stringify(warned.map((words) => words.map(String))).includes('npm_thing'));
  });

  it('is an error at its place, in the title as well, and is never in the words', () => {
    const secret = secrets['stripeKey'] ?? '';
    const document = `---\ntitle: ${secret}\n---\n${whole}\nPay with ${secret} now.\r\n`;
    const notes = checkOrder(order, parseDraft(document), document, world);
    assert.deepEqual(
      notes.map(({ severity, range }) => [severity, range.line, range.start, range.end]),
      [
        ['error', 1, 7, 7 + secret.length],
        ['error', document.split('\n').findIndex((line) => line.startsWith('Pay')), 9, 9 + secret.length],
      ],
    );
    assert.ok(notes.every(({ message }) => message.includes('a Stripe key') && !message.includes(secret)));
  });
});
