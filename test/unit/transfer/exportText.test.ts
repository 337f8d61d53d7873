import assert from 'node:assert/strict';
import { CancelledError } from '../../../src/core/cancellation.ts';
import { Problem } from '../../../src/core/errors.ts';
import { withLineage } from '../../../src/protocol/lineage.ts';
import { exportText } from '../../../src/flows/transfer/exportSessions.ts';
import type { ExportFormat } from '../../../src/flows/transfer/exportRequest.ts';
import type { MessageWithParts, Session } from '../../../src/protocol/records.ts';
import { anAnswer, aSession, aToolCall, aUserMessage } from '../core/builders.ts';
import { assertGolden } from '../core/golden.ts';
import { aRequest, HeldFile, someExports, type Held, watch } from './transferring.ts';

const created = Date.UTC(2026, 10, 28, 9, 30);
const key = ['ghp', '16C7e42F292c6912E7710c838347Ae178B4a'].join('_');
const time = { start: 1000, end: 1400 };

/** The same moments each time, for what is compared as a whole. */
function at(messages: readonly MessageWithParts[], sessionID: string): readonly MessageWithParts[] {
  return messages.map((message, index) => {
    const since = { created: created + index * 60_000 };
    const info = { ...message.info, sessionID, time: { ...message.info.time, ...since } };
    return { ...message, info };
  });
}

function aCall(tool: string, input: Record<string, unknown>, given: Record<string, unknown> = {}) {
  return aToolCall(tool, input, { time, ...given });
}

const shop = aSession({
  id: 'ses_shop',
  title: 'Migrate <the> basket',
  directory: '/home/anna/shop',
  time: { created, updated: created },
});
const helper = aSession({
  id: 'ses_helper',
  title: 'Find the totals',
  directory: '/home/anna/shop',
  parentID: 'ses_shop',
  time: { created: created + 1000, updated: created },
});
const fork = aSession({
  id: 'ses_fork',
  title: 'Another way',
  directory: '/home/anna/shop',
  metadata: withLineage({}, { of: 'ses_fork', kind: 'fork', from: 'ses_shop', time: created + 2000 }),
  time: { created: created + 2000, updated: created },
});

const conversation: readonly MessageWithParts[] = at(
  [
    aUserMessage('msg_01', {
      parts: [
        {
          type: 'text',
          text: `# Money\n\nUse \`cents\` and ${key}. <script>alert(1)</script>\n\n[x](javascript:alert(1)) [y](https://example.com/?a=1&b="2") ![z](https://example.com/z.png)`,
        },
        { type: 'file', mime: 'image/png', filename: 'shop.png', url: 'data:image/png;base64,iVBORw0KGgo=' },
      ],
    }),
    anAnswer('msg_02', 'msg_01', {
      finish: 'tool-calls',
      parts: [
        { type: 'reasoning', text: 'First I </details> look.', time },
        { type: 'text', text: 'I look.\n\n```html\n</pre></body>\n```' },
        aCall('read', { filePath: '/home/anna/shop/.env' }, { output: 'REGION=eu-1\n# note' }),
        aCall(
          'bash',
          { command: 'npm test' },
          { output: Array.from({ length: 60 }, (_, line) => `line ${line}`).join('\n') },
        ),
        aCall(
          'task',
          { description: 'Find them', prompt: 'Find the totals.', subagent_type: 'explore' },
          {
            output: 'Two.',
            metadata: { sessionId: 'ses_helper' },
          },
        ),
      ],
    }),
    anAnswer('msg_03', 'msg_01', { text: '| a | b |\n|---|---|\n| 1 | 2 |\n\nDone.' }),
  ],
  'ses_shop',
);

const held: readonly Held[] = [
  { session: shop, messages: conversation },
  {
    session: helper,
    messages: at(
      [
        aUserMessage('msg_11', { text: 'Find the totals.' }),
        anAnswer('msg_12', 'msg_11', { text: 'Two of **them**.' }),
      ],
      'ses_helper',
    ),
  },
  {
    session: fork,
    messages: at(
      [
        aUserMessage('msg_21', { text: 'Try it with floats.' }),
        anAnswer('msg_22', 'msg_21', { text: 'No.' }),
      ],
      'ses_fork',
    ),
  },
];

async function text(
  format: ExportFormat,
  given: Parameters<typeof aRequest>[1] = {},
  sessions: readonly Session[] = [shop],
) {
  const file = new HeldFile();
  const { ports } = someExports(held);
  const exported = await exportText(ports, aRequest(sessions, { format, ...given }), file, undefined, watch);
  return { text: file.text, exported };
}

describe('a session as a text for people', () => {
  it('is Markdown', async () => {
    const { text: markdown, exported } = await text('markdown', {
      scope: 'lineage',
      options: { reasoning: 'fold' },
    });
    assertGolden('export-lineage', markdown.trimEnd());
    assert.deepEqual([exported.sessions, exported.messages, exported.cuts, exported.gone], [3, 7, 1, 0]);
  });

  it('is a page', async () => {
    const { text: html } = await text('html', {
      scope: 'lineage',
      options: { reasoning: 'fold', pictures: true },
    });
    assertGolden('export-lineage.html', html.slice(html.indexOf('</head>')).trimEnd());
  });

  it('has no script in a page, nothing that is loaded, and no element of a model', async () => {
    const { text: html } = await text('html', { options: { reasoning: 'include', pictures: true } });
    assert.doesNotMatch(html, /<script|javascript:[^<]*"|<img src="(?!data:)|<link|@import|url\(/i);
    assert.match(html, /&lt;script&gt;alert\(1\)&lt;\/script&gt;/);
    assert.match(html, /<meta http-equiv="Content-Security-Policy" content="default-src 'none'/);
    assert.match(html, /&lt;\/pre&gt;&lt;\/body&gt;/);
    assert.match(html, /<title>Migrate &lt;the&gt; basket<\/title>/);
    assert.match(
      html,
      /href="https:\/\/example\.com\/\?a=1&amp;b=&quot;2&quot;"|href="https:\/\/example\.com\/\?a=1/,
    );
  });

  it('says no secret in any form, and how many it says not', async () => {
    for (const format of ['markdown', 'html'] as const) {
      const { text: said } = await text(format);
      assert.doesNotMatch(said, /16C7e42F|\/home\/anna|eu-1/);
      assert.match(said, /2 secrets/);
      const { text: open } = await text(format, { options: { redact: false } });
      assert.match(open, /16C7e42F/);
      assert.match(open, /Secrets were not looked for/);
    }
  });

  it('leaves out, folds or says the reasoning, and what calls gave back', async () => {
    const { text: without } = await text('markdown', { options: { calls: 'omit' } });
    assert.doesNotMatch(without, /First I|line 1/);
    assert.match(
      without,
      /Left out: the reasoning of the model, what 3 tool calls gave back, the content of 1 attached file/,
    );
    const { text: whole, exported } = await text('markdown', {
      options: { calls: 'whole', reasoning: 'include' },
    });
    assert.match(whole, /> First I <\/details> look\./);
    assert.match(whole, /line 30/);
    assert.equal(exported.cuts, 0);
  });

  it('begins with the message from which on it is wanted', async () => {
    const { text: said } = await text('markdown', { from: 'msg_03' });
    assert.doesNotMatch(said, /I look/);
    assert.match(said, /Done\./);
    await assert.rejects(text('markdown', { from: 'msg_99' }), /no longer in the session/);
  });

  it('has each session of a circle once, and those that name a missing one', async () => {
    const circle = ['ses_a', 'ses_b'].map((id, index) =>
      aSession({ id, title: id, parentID: ['ses_b', 'ses_a'][index] ?? '' }),
    );
    const orphan = aSession({ id: 'ses_c', title: 'ses_c', parentID: 'ses_missing' });
    const all = [...circle, orphan].map((session) => ({
      session,
      messages: at([aUserMessage(`msg_${session.id}`, { text: `Says ${session.id}` })], session.id),
    }));
    const file = new HeldFile();
    const { ports } = someExports(all);
    const request = aRequest([circle[0] ?? shop, orphan], { scope: 'lineage' });
    await exportText(ports, request, file, undefined, watch);
    for (const id of ['ses_a', 'ses_b', 'ses_c']) assert.equal(file.text.split(`Says ${id}`).length, 2, id);
    assert.match(file.text, /a subagent of a session that is not there/);
  });

  it('says which sessions of a lineage were gone, and fails for the only one', async () => {
    const { ports } = someExports(held, new Set(['ses_fork', 'ses_helper']));
    const file = new HeldFile();
    const exported = await exportText(ports, aRequest([shop], { scope: 'lineage' }), file, undefined, watch);
    assert.deepEqual([exported.sessions, exported.gone], [1, 2]);
    assert.match(file.text, /2 sessions that were gone/);
    await assert.rejects(
      exportText(ports, aRequest([fork]), new HeldFile(), undefined, watch),
      /not on the server any more/,
    );
  });

  it('fails for a session that is deleted meanwhile', async () => {
    const gone = new Set<string>();
    const { ports } = someExports(held, gone);
    const listStored: typeof ports.openCode.listStored = async (...asked) => {
      const page = await ports.openCode.listStored(...asked);
      gone.add('ses_shop');
      return page;
    };
    const changing = { ...ports, openCode: { ...ports.openCode, listStored } };
    await assert.rejects(
      exportText(changing, aRequest([shop]), new HeldFile(), undefined, watch),
      /deleted while it was exported/,
    );
  });

  it('leaves out what was reverted, and what is of a form that nobody knows', async () => {
    const session = aSession({ id: 'ses_r', revert: { messageID: 'msg_03' } });
    const [strange] = at([aUserMessage('msg_00')], 'ses_r');
    const messages = [
      { ...strange, info: { ...strange?.info, role: 'oracle' } } as never,
      ...at([...conversation], 'ses_r'),
    ];
    const { ports } = someExports([{ session, messages }]);
    const file = new HeldFile();
    await exportText(ports, aRequest([session]), file, undefined, watch);
    assert.doesNotMatch(file.text, /Done\./);
    assert.match(file.text, /1 reverted message, 1 messages of a form that is not known/);
  });

  it('says all of what it took out, however much that is', async () => {
    const text = `anna /home/anna ${key} Cookie: sid=12345\nAPI_KEY=abc123\nX-Api-Key: 12345abcdef\nbearer 9f86d081884c7d659a2feaa0\nAuthorization: Basic YW5uYTpwdw==`;
    const { ports } = someExports([{ session: shop, messages: [aUserMessage('msg_1', { text })] }]);
    for (const format of ['markdown', 'html'] as const) {
      const file = new HeldFile();
      await exportText(ports, aRequest([shop], { format }), file, undefined, watch);
      assert.match(
        file.text,
        /Redacted: 6 secrets \(1 × \.env value, 1 × authorization header, 1 × bearer token, 1 × github, 2 × secret header\), \d × home directory, \d × user name\. Only what/,
      );
    }
  });

  it('is cancelled between two pages, and stops at a disk that is full', async () => {
    let reads = 0;
    const cancellation = {
      get isCancellationRequested() {
        return reads > 0;
      },
      onCancellationRequested: () => ({ dispose: () => undefined }),
    };
    const { ports } = someExports(held);
    const stopping = { report: () => void (reads += 1), cancellation };
    await assert.rejects(
      exportText(ports, aRequest([shop]), new HeldFile(), undefined, stopping),
      CancelledError,
    );
    const full = new HeldFile(() => {
      throw new Problem('No room.');
    });
    await assert.rejects(exportText(ports, aRequest([shop]), full, undefined, watch), /No room/);
  });

  it('stands in the words of a template, which cannot keep silent what is missing', async () => {
    const { ports } = someExports(held);
    const file = new HeldFile();
    const template =
      'Report: {{title}} ({{session}}) {{nothing}}\n\n{{content}}\n\nWritten in {{directory}}, {{exported}}.';
    await exportText(ports, aRequest([fork]), file, template, watch);
    assert.match(file.text, /^Report: Another way \(ses_fork\) \{\{nothing\}\}\n\n## You\n/);
    assert.match(file.text, /Written in \\?~\/shop, 2026-11-29 12:00 UTC\.\n\n---\n\n\*Redacted: /);
    await assert.rejects(
      exportText(ports, aRequest([fork]), file, '{{title}}', watch),
      /no line \{\{content\}\}/,
    );
  });
});
