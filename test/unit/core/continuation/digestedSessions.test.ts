import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compactBody, handOffBody, relayBody } from '../../../../src/core/continuation/drafts/draftBody.ts';
import { estimateTokens } from '../../../../src/core/continuation/digest/tokenEstimate.ts';
import { suggestGoal } from '../../../../src/core/continuation/suggestGoal.ts';
import { type CorpusSession, corpusFolder, readCorpus } from './sessionCorpus.ts';

function shortForm({ gathered, goal }: CorpusSession): string {
  return handOffBody(gathered, undefined, { form: 'short', goal, agent: 'build' }, undefined);
}

/** What every verb says of a session, each below its name. */
function verbsOf(session: CorpusSession): Readonly<Record<string, string>> {
  const { gathered, goal } = session;
  return {
    'suggested goal': suggestGoal(gathered),
    'hand off, short': shortForm(session),
    'hand off, long': handOffBody(gathered, undefined, { form: 'long', goal, agent: 'build' }, undefined),
    'relay context': relayBody(gathered, { agent: 'plan', prompt: '' }, undefined),
    'compaction guidance': compactBody(gathered, 'build', undefined),
  };
}

/** Compares with the file beside the session exactly; `UPDATE_GOLDEN=1` writes it, to be read by somebody who did not see the session. */
function assertRead(name: string, verbs: Readonly<Record<string, string>>): void {
  const path = join(corpusFolder, `${name}.md`);
  const text = Object.entries(verbs)
    .map(([verb, words]) => `<!-- ${verb} -->\n\n${words}\n`)
    .join('\n');
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(path, text);
  assert.equal(text, readFileSync(path, 'utf8'));
}

describe('what is said of a session to somebody who did not see it', () => {
  const corpus = readCorpus();

  it('is tried on thirty sessions', () => assert.equal(corpus.length, 30));

  for (const session of corpus) {
    it(`reads well: ${session.name}`, () => assertRead(session.name, verbsOf(session)));
  }

  it('takes 100 to 200 tokens in its short form', () => {
    const sizes = corpus.map((session) => [session.name, estimateTokens(shortForm(session))] as const);
    assert.deepEqual(
      sizes.filter(([, tokens]) => tokens < 100 || tokens > 200),
      [],
    );
  });

  it('holds no half of a code block, of a span of code or of a character', () => {
    for (const session of corpus) {
      for (const [verb, text] of Object.entries(verbsOf(session))) {
        const place = `${session.name}: ${verb}`;
        assert.doesNotMatch(text.replaceAll(/```json\n[\s\S]*?\n```/g, ''), /```|~~~/, place);
        assert.ok(text.isWellFormed(), place);
        for (const line of text.split('\n')) assert.equal(line.split('`').length % 2, 1, `${place}: ${line}`);
      }
    }
  });
});
