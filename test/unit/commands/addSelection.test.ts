import assert from 'node:assert/strict';
import { addSelection } from '../../../src/commands/session/addSelection.ts';
import { Problem } from '../../../src/core/errors.ts';
import type { Attachment } from '../../../src/protocol/page/composer.ts';
import { aProof, aSession } from '../core/builders.ts';
import { aStore } from '../core/stores.ts';
import { aPerson, aServer } from './commands.ts';

function setUp(selection: Attachment | undefined) {
  const inserted: unknown[] = [];
  const run = addSelection({
    sessions: aStore([aSession({ id: 'ses_1' })]),
    openCode: aServer().openCode,
    currentSessionId: () => 'ses_1',
    selectedSessionIds: () => [],
    proof: aProof(),
    dialogs: aPerson().dialogs,
    readSelection: () => selection,
    insertIntoComposer: (...given) => void inserted.push(given),
  });
  return { run, inserted };
}

describe('adding the selection to a prompt', () => {
  it('puts it beside the prompt of the session that is looked at', async () => {
    const lines = { kind: 'file', path: '/w/a.ts', startLine: 3, endLine: 9 } as const;
    const { run, inserted } = setUp(lines);
    assert.equal(await run(), 'ses_1');
    assert.deepEqual(inserted, [['ses_1', '', [lines]]]);
  });

  it('says so where no text editor is open', async () => {
    const { run, inserted } = setUp(undefined);
    await assert.rejects(run(), Problem);
    assert.deepEqual(inserted, []);
  });
});
