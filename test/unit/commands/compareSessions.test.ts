import assert from 'node:assert/strict';
import {
  compareSessions,
  type ComparedSession,
  type CompareSessionsDeps,
} from '../../../src/commands/session/compareSessions.ts';
import { openAsDocument } from '../../../src/commands/session/openAsDocument.ts';
import { Problem } from '../../../src/core/errors.ts';
import type { Choice } from '../../../src/core/ports/dialogs.ts';
import type { MessageWithParts, Session } from '../../../src/protocol/records.ts';
import { aHistory, anAnswer, aProof, aSession, aUserMessage } from '../core/builders.ts';
import { aStore } from '../core/stores.ts';

/** Messages of a source, as they are copied into a fork under ids of its own. */
function copies(messages: readonly MessageWithParts[], prefix: string): MessageWithParts[] {
  return messages.map(({ info, parts }) => ({ info: { ...info, id: `${prefix}${info.id}` }, parts }));
}

const root = [
  aUserMessage('msg_1'),
  anAnswer('msg_2', 'msg_1'),
  aUserMessage('msg_3'),
  anAnswer('msg_4', 'msg_3'),
];
const one = [...copies(root.slice(0, 2), 'msg_a'), aUserMessage('msg_a9')];
const two = [...copies(root, 'msg_b'), aUserMessage('msg_b9')];
const messages: Record<string, readonly MessageWithParts[]> = {
  ses_root: [...root, aUserMessage('msg_5')],
  ses_one: one,
  ses_two: two,
};

function derived(
  id: string,
  kind: 'fork' | 'handoff',
  from: string,
  made: MessageWithParts | undefined,
): Session {
  const created = (made?.info.time.created ?? 0) - 1;
  const lineage = { of: id, kind, from, time: created };
  return aSession({
    id,
    title: id,
    time: { created, updated: created },
    metadata: { opencodeSessions: { lineage } },
  });
}

const sessions = [
  aSession({ id: 'ses_root', title: 'ses_root', time: { created: 1, updated: 1 } }),
  derived('ses_one', 'fork', 'ses_root', one.at(-1)),
  derived('ses_two', 'fork', 'ses_root', two.at(-1)),
  derived('ses_handed', 'handoff', 'ses_root', two.at(-1)),
  aSession({ id: 'ses_other', title: 'ses_other' }),
];

function aDeps() {
  const shown: (readonly [ComparedSession, ComparedSession])[] = [];
  const said: string[] = [];
  const offered: Choice<unknown>[] = [];
  const store = aStore(sessions);
  const deps: CompareSessionsDeps = {
    sessions: store,
    openCode: {
      ...aHistory((id) => messages[id] ?? []),
      getSession: async (id) => store.get(id) ?? assert.fail(`no session ${id}`),
    },
    currentSessionId: () => undefined,
    selectedSessionIds: () => [],
    proof: aProof(),
    dialogs: {
      pickSession: () => assert.fail('was not to ask'),
      pickOne: async (_title, choices) => {
        offered.push(...choices);
        return choices[0]?.value;
      },
      inform: (message) => said.push(message),
    },
    showComparison: async (left, right) => {
      shown.push([left, right]);
    },
    now: () => 0,
  };
  const compare = async (...ids: string[]) => {
    const rows = ids.map((sessionId) => ({ sessionId }));
    await compareSessions(deps)(rows[0], rows.length > 1 ? rows : undefined);
    return shown.at(-1)?.map(({ session, after }) => `${session.id} ${after ?? 'all'}`);
  };
  return { deps, compare, shown, said, offered };
}

describe('two sessions that are compared', () => {
  it('begin behind the last message that they share, each by its own id of it', async () => {
    const { compare, said } = aDeps();
    assert.deepEqual(await compare('ses_one', 'ses_root'), ['ses_root msg_2', 'ses_one msg_amsg_2']);
    assert.deepEqual(await compare('ses_root', 'ses_two'), ['ses_root msg_4', 'ses_two msg_bmsg_4']);
    assert.deepEqual(await compare('ses_one', 'ses_two'), ['ses_one msg_amsg_2', 'ses_two msg_bmsg_2']);
    assert.deepEqual(said, []);
  });

  it('are shown whole where they share no message, and a sentence says so', async () => {
    const { compare, said } = aDeps();
    assert.deepEqual(await compare('ses_root', 'ses_other'), ['ses_root all', 'ses_other all']);
    assert.match(said.at(-1) ?? '', /share nothing/);
    assert.deepEqual(await compare('ses_root', 'ses_handed'), ['ses_root all', 'ses_handed all']);
    assert.match(said.at(-1) ?? '', /took none of its messages along/);
  });

  it('begin before what was taken back in one of them', async () => {
    const { compare } = aDeps();
    const kept = messages['ses_two'] ?? [];
    messages['ses_two'] = [...two.slice(0, 3), ...two.slice(4)];
    assert.deepEqual(await compare('ses_root', 'ses_two'), ['ses_root msg_3', 'ses_two msg_bmsg_3']);
    messages['ses_two'] = [two[4] ?? assert.fail()];
    assert.deepEqual(await compare('ses_root', 'ses_two'), ['ses_root all', 'ses_two all']);
    messages['ses_two'] = kept;
  });

  it('are one and another that is picked, those of its lineage first', async () => {
    const { compare, offered } = aDeps();
    assert.deepEqual(await compare('ses_one'), ['ses_one msg_amsg_2', 'ses_two msg_bmsg_2']);
    assert.deepEqual(
      offered.map(({ label, group }) => `${group}: ${label}`),
      [
        'Of the same lineage: ses_two',
        'Of the same lineage: ses_handed',
        'Of the same lineage: ses_root',
        'Other sessions: ses_other',
      ],
    );
  });

  it('are two: more that are selected are refused', async () => {
    const { compare } = aDeps();
    await assert.rejects(compare('ses_one', 'ses_two', 'ses_root'), (error) => {
      return error instanceof Problem && /3 are selected\. Select two\./.test(error.message);
    });
  });
});

describe('a session that is opened as a document', () => {
  it('is the one that is named, under its title', async () => {
    const { deps } = aDeps();
    const opened: string[] = [];
    const openDocument = async (session: Session, title: string) => {
      opened.push(`${session.id} ${title}`);
    };
    assert.equal(await openAsDocument({ ...deps, openDocument })('ses_one'), 'ses_one');
    assert.deepEqual(opened, ['ses_one ses_one']);
  });
});
