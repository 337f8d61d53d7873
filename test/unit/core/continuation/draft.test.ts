import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { type Draft, parseDraft, printDraft } from '../../../../src/core/continuation/drafts/draft.ts';
import {
  checkDraft,
  fileReferences,
  sessionReference,
} from '../../../../src/core/continuation/drafts/draftCheck.ts';
import { parseApproaches } from '../../../../src/core/continuation/drafts/approaches.ts';
import { bodyInPlace, checkOrder } from '../../../../src/core/continuation/drafts/orderCheck.ts';
import { fillTemplate } from '../../../../src/core/continuation/drafts/promptTemplate.ts';
import { Agent, ProviderList } from '../../../../src/protocol/records.ts';

const word = fc.stringMatching(/^[a-z][\w.-]{0,12}$/);
const aLine = fc
  .string({ maxLength: 40 })
  .map((text) => text.trim())
  .filter((text) => text !== '');
const aDraft: fc.Arbitrary<Draft> = fc.record(
  {
    agent: word,
    model: fc
      .record({ providerID: word, modelID: fc.stringMatching(/^[a-z][\w./-]{0,12}$/) })
      .map(({ providerID, modelID }) => ({ providerID, modelID })),
    variant: word,
    title: aLine,
    source: word.map((id) => `ses_${id}`),
    body: fc.string().map((text) => text.trim()),
  },
  { requiredKeys: ['body'] },
);

const world = {
  agents: [
    Agent.parse({ name: 'build', mode: 'primary' }),
    Agent.parse({ name: 'explore', mode: 'subagent' }),
    Agent.parse({ name: 'title', mode: 'primary', hidden: true }),
  ],
  providers: ProviderList.parse({
    providers: [
      {
        id: 'local',
        name: 'Local',
        models: {
          echo: {
            id: 'echo',
            providerID: 'local',
            name: 'Echo',
            limit: { context: 1, output: 1 },
            variants: { high: {} },
          },
        },
      },
    ],
  }),
  missingFiles: new Set(['src/gone.ts']),
};

function notes(document: string): string[] {
  return checkDraft(parseDraft(document), document, world).map(
    ({ severity, message, range }) => `${severity} ${range.line}:${range.start}-${range.end} ${message}`,
  );
}

describe('a draft', () => {
  it('says the same with the line endings of Windows, draft and template alike', () => {
    const asWindows = (text: string): string => text.replaceAll('\n', '\r\n');
    const lines = [
      '---',
      'agent: build',
      'nothing: known',
      '---',
      '',
      '## One',
      '',
      'See @src/gone.ts',
      '',
      '## Two',
    ];
    const document = [...lines, '', '```', '## None', '```', ''].join('\n');
    const order = { verb: 'forkMany', sessionId: 'ses_1', sessionTitle: '', directory: '/w' } as const;
    const read = (text: string) => {
      const parsed = parseDraft(text);
      return [parsed, checkOrder(order, parsed, text, world), parseApproaches(bodyInPlace(parsed, text))];
    };
    assert.deepEqual(read(asWindows(document)), read(document));
    const template = 'Go on.\n{{blocked}}\n{{ goal }}\n\n\n\nAs {{agent}}\n';
    const filled = 'Go on.\nShip\nit\n\nAs build';
    for (const text of [template, asWindows(template), `\uFEFF${asWindows(template)}`]) {
      assert.equal(fillTemplate(text, { goal: 'Ship\nit', agent: 'build', blocked: '' }), filled);
    }
  });

  it('is read back as it was printed, whatever it says', () => {
    fc.assert(
      fc.property(aDraft, (draft) => {
        const normal = { ...draft, body: draft.body.replaceAll('\r\n', '\n') };
        fc.pre(!/\r/.test(normal.body.replaceAll('\r\n', '')));
        assert.deepEqual(parseDraft(printDraft(normal)).draft, normal);
        assert.deepEqual(parseDraft(printDraft(normal)).faults, []);
      }),
      { numRuns: 500 },
    );
  });

  it('never fails to be read', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('-', '\n', ':', ' ', 'a', '"', '#', 'agent', '---\n') }),
        (text) => {
          assert.equal(typeof parseDraft(text).draft.body, 'string');
        },
      ),
    );
  });

  it('is all body without front matter', () => {
    assert.deepEqual(parseDraft('Just go on.').draft, { body: 'Just go on.' });
    assert.equal(parseDraft('').draft.body, '');
  });

  it('is fine when everything in it exists', () =>
    assert.deepEqual(
      notes(
        '---\nagent: build\nmodel: local/echo\nvariant: high\n# a note\n---\n\nSee @src/a.ts and mail me@example.org',
      ),
      [],
    ));

  it('says what is not on the server, and where it stands', () => {
    assert.deepEqual(notes('---\nagent: ghost\nmodel: local/nope\n---\nSee @src/gone.ts'), [
      'error 1:7-12 There is no agent "ghost" to talk to. Choose one of: build.',
      'error 2:7-17 Local has no model "nope".',
      'warning 4:4-16 There is no file "src/gone.ts".',
    ]);
  });

  it('refuses hidden agents and subagents', () => {
    assert.match(notes('---\nagent: title\n---\nx')[0] ?? '', /no agent "title"/);
    assert.match(notes('---\nagent: explore\n---\nx')[0] ?? '', /no agent "explore"/);
  });

  it('says what is wrong with the document itself', () => {
    assert.deepEqual(notes('---\nagents: build\nagent: build\nagent: plan\nnonsense\nmodel: echo\n---\nx'), [
      'warning 1:0-6 "agents" is not known here: agent, model, variant, title and source are.',
      'warning 3:0-5 "agent" stands here twice; the first one counts.',
      'warning 4:0-8 This line is no "name: value" and is passed over.',
      'error 5:7-11 Write the model as provider/model, for example anthropic/claude-sonnet-4-5.',
    ]);
  });

  it('does not send front matter that has no end as a prompt unseen', () =>
    assert.match(notes('---\nagent: build\nGo on.')[0] ?? '', /^error 0:0-3 The front matter has no end/));

  it('wants something to send', () =>
    assert.match(notes('---\nagent: build\n---\n\n')[0] ?? '', /nothing to send/));

  it('knows variants', () =>
    assert.match(
      notes('---\nmodel: local/echo\nvariant: low\n---\nx')[0] ?? '',
      /2:9-12 Echo has no variant "low"/,
    ));

  it('finds where it names the session that it continues, and no other', () => {
    const text = 'Previous: `ses_2`\n\n---\nPrevious: `ses_1` · Use `read_session` for more.';
    assert.deepEqual(sessionReference(text, 'ses_1'), { line: 3, start: 11, end: 16 });
    assert.equal(sessionReference(text, 'ses_3'), undefined);
  });

  it('finds the files that it names', () =>
    assert.deepEqual(
      fileReferences('@a.ts, (@src/b.ts). `@types/x` a@b.c @team @.github/ci.yml.', 0).map(
        ({ path }) => path,
      ),
      ['a.ts', 'src/b.ts', '.github/ci.yml'],
    ));
});
