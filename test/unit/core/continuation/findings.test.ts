import assert from 'node:assert/strict';
import { toGathered } from '../../../../src/core/continuation/gathered.ts';
import { buildFindings } from '../../../../src/core/continuation/relayContext.ts';
import type { MessageWithParts } from '../../../../src/protocol/records.ts';
import { anAnswer, aSession, aUserMessage } from '../builders.ts';

const findingsOf = (messages: readonly MessageWithParts[]): string =>
  buildFindings(
    toGathered({
      session: aSession({ id: 'ses_1', directory: '/work' }),
      messages,
      todos: [],
      toolIds: [],
      git: undefined,
      missingFiles: [],
    }),
  );

const write = (file: string) => ({
  type: 'tool',
  callID: file,
  tool: 'write',
  state: {
    status: 'completed',
    input: { filePath: `/work/${file}`, content: 'one\ntwo\n' },
    output: '',
    title: '',
    metadata: {},
    time: { start: 1, end: 2 },
  },
});

describe('what a fork found out', () => {
  it('is a block of what its answers say, decided and leave open, and the files', () => {
    const said = 'Tables are faster.\n\n**Decided:** tables\n\n**Next:** measure them';
    const text = findingsOf([
      aUserMessage('msg_1', { text: 'Try tables' }),
      anAnswer('msg_2', 'msg_1', { finish: 'tool-calls', parts: [write('table.ts')] }),
      anAnswer('msg_3', 'msg_1', { text: said }),
    ]);
    assert.equal(
      text,
      'Tables are faster.\n\n**Decided:** tables\n**Next:** measure them\n\n**Files:** table.ts',
    );
  });

  it('says how many more files there are than it names', () => {
    const parts = Array.from({ length: 32 }, (_, index) => write(`f${index}.ts`));
    const text = findingsOf([
      aUserMessage('msg_1'),
      anAnswer('msg_2', 'msg_1', { finish: 'tool-calls', parts }),
    ]);
    assert.match(text, /^\*\*Files:\*\* .*, 2 more$/);
  });

  it('is nothing where it said and did nothing', () => {
    assert.equal(findingsOf([]), '');
  });
});
