import assert from 'node:assert/strict';
import { parseDraft } from '../../../../src/core/continuation/drafts/draft.ts';
import {
  findDraftPlace,
  suggestKeys,
  suggestValues,
} from '../../../../src/core/continuation/drafts/draftCompletion.ts';
import { Agent, type ProviderList } from '../../../../src/protocol/records.ts';

const document = ['---', 'agent: bu', 'model: local/echo', '', '---', '', 'See @src/pa and mail a@b.c'].join(
  '\n',
);
const parsed = parseDraft(document);

const agents = [
  { name: 'build', mode: 'primary', description: 'Writes.' },
  { name: 'plan', mode: 'primary', permission: [{ permission: 'edit', pattern: '*', action: 'deny' }] },
  { name: 'helper', mode: 'subagent' },
  { name: 'title', mode: 'primary', hidden: true },
].map((agent) => Agent.parse(agent));

const providers: ProviderList = {
  default: {},
  providers: [
    {
      id: 'local',
      name: 'Local',
      models: {
        echo: {
          id: 'echo',
          providerID: 'local',
          name: 'Echo',
          limit: { context: 1000, output: 100 },
          variants: { high: {} },
        },
      },
    },
  ],
};

function placeAt(line: number, character: number) {
  return findDraftPlace(parsed, document.split('\n')[line] ?? '', line, character);
}

describe('completion in a draft', () => {
  it('replaces the whole value of a field', () => {
    assert.deepEqual(placeAt(1, 9), { kind: 'value', key: 'agent', range: { line: 1, start: 7, end: 9 } });
  });

  it('knows an empty line of the front matter as the place of a key', () => {
    assert.deepEqual(placeAt(3, 0), { kind: 'key', range: { line: 3, start: 0, end: 0 } });
  });

  it('suggests nothing in a fence of the front matter', () => {
    assert.equal(placeAt(0, 3), undefined);
  });

  it('completes a file after an at sign', () => {
    assert.deepEqual(placeAt(6, 11), {
      kind: 'file',
      query: 'src/pa',
      range: { line: 6, start: 5, end: 11 },
    });
  });

  it('takes a mail address for no file', () => {
    assert.equal(placeAt(6, 26), undefined);
  });

  it('offers the keys that are not there yet', () => {
    assert.deepEqual(
      suggestKeys(parsed).map(({ label }) => label),
      ['variant', 'title', 'source'],
    );
  });

  it('offers agents that a person may address, with what they may do', () => {
    assert.deepEqual(
      suggestValues('agent', parsed, agents, providers).map(({ label, detail }) => [label, detail]),
      [
        ['build', 'may edit files · Writes.'],
        ['plan', 'reads only'],
      ],
    );
  });

  it('offers the variants of the model that is chosen', () => {
    assert.deepEqual(
      suggestValues('variant', parsed, agents, providers).map(({ insert }) => insert),
      ['high'],
    );
    assert.deepEqual(suggestValues('variant', parseDraft('---\n---\n'), agents, providers), []);
  });

  it('offers models by the name that the front matter takes', () => {
    assert.deepEqual(
      suggestValues('model', parsed, agents, providers).map(({ insert }) => insert),
      ['local/echo'],
    );
  });
});
