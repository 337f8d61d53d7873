import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compactSession, type CompactSessionDeps } from '../../../src/commands/compact/compactSession.ts';
import { sendCompact } from '../../../src/commands/compact/sendCompact.ts';
import { sendDraft } from '../../../src/commands/draft/sendDraft.ts';
import { forkMany, type ForkManyDeps } from '../../../src/commands/fork/forkMany.ts';
import { forkWithPrompt, type ForkWithPromptDeps } from '../../../src/commands/fork/forkWithPrompt.ts';
import { sendApproaches, sendFork } from '../../../src/commands/fork/sendFork.ts';
import { handOffSession, type HandOffSessionDeps } from '../../../src/commands/handOff/handOffSession.ts';
import { sendHandOff } from '../../../src/commands/handOff/sendHandOff.ts';
import { draftRelay } from '../../../src/commands/relay/draftRelay.ts';
import { relaySession, type RelaySessionDeps } from '../../../src/commands/relay/relaySession.ts';
import { sendChain, sendRelayDraft } from '../../../src/commands/relay/sendRelayDraft.ts';
import type { Command } from '../../../src/commands/command.ts';
import { printDraft } from '../../../src/core/continuation/drafts/draft.ts';
import { looksSecret } from '../../../src/core/continuation/drafts/looksSecret.ts';
import type { DraftOrder } from '../../../src/core/continuation/drafts/draftOrder.ts';
import { sendSentence } from '../../../src/core/continuation/drafts/draftOutline.ts';
import { parseDraft } from '../../../src/core/continuation/drafts/draft.ts';
import { parseChains } from '../../../src/core/continuation/drafts/savedChains.ts';
import type { Choice } from '../../../src/core/ports/dialogs.ts';
import { type CorpusSession, corpusFolder, readCorpus } from '../core/continuation/sessionCorpus.ts';
import { aProof, aSession } from '../core/builders.ts';
import { aStore } from '../core/stores.ts';
import { aPerson, aServer, portsOf, someProviders } from './commands.ts';
import { someDrafts } from './drafts.ts';

const directory = '/work/shop';

/** What a person writes in the place of each question, in the order of the document. */
const answers: Readonly<Record<string, readonly string[]>> = {
  relay: ['Read the change and say what is wrong with it.'],
  chain: ['Write the missing test.', 'Read the test and the change.'],
  fork: [],
  approaches: ['Keep the interface.', 'Change the interface.'],
  'hand off': [],
  compact: [],
};

type AllDeps = RelaySessionDeps & HandOffSessionDeps & ForkWithPromptDeps & ForkManyDeps & CompactSessionDeps;

/** The verbs for one session, of which the last message is looked at; `sent` is what a server would be given. */
function setUp({ gathered }: CorpusSession) {
  const session = aSession({ id: gathered.sessionId, title: gathered.title, directory, agent: 'build' });
  const { openCode, offers } = portsOf(aServer({ listMessages: () => ({ messages: [] }) }));
  const kept = someDrafts();
  const sent: string[] = [];
  const chains = { 'test → read': [{ agent: 'build' }, { agent: 'plan' }] };
  const deps: AllDeps = {
    sessions: aStore([session]),
    openCode,
    offers,
    currentSessionId: () => session.id,
    selectedSessionIds: () => [],
    proof: aProof(),
    dialogs: aPerson({
      askText: () => '',
      inform: () => undefined,
      pickOne: (_: string, choices: readonly Choice<unknown>[]) =>
        choices.find(({ label }) => label === 'test → read')?.value,
    }).dialogs,
    drafts: kept.drafts,
    unsent: { get: () => undefined, set: () => undefined },
    review: () => 'always',
    hopLimit: () => 8,
    gather: () => Promise.resolve(gathered),
    template: () => Promise.resolve(undefined),
    draftRelay: (...wished) =>
      draftRelay(
        { gather: () => Promise.resolve(gathered), template: () => Promise.resolve(undefined) },
        ...wished,
      ),
    readPrompt: () => Promise.resolve(undefined),
    savedChains: () => parseChains(chains),
    lastRelay: { get: () => undefined, set: () => undefined },
    relays: {
      pending: () => [],
      add: async (_, requests) => void sent.push(...requests.map(({ agent, text }) => `${agent}: ${text}`)),
    },
    isBusy: () => false,
    maySendTo: () => Promise.resolve(true),
    asksBeforeEditing: () => false,
    form: () => 'short',
    summarizes: () => false,
    summarizeDraft: () => assert.fail('no summary was wished'),
    extract: () => assert.fail('no summary was wished'),
    findForkPoint: (_, at) => Promise.resolve({ point: { before: undefined, at }, shortened: false }),
    handOff: ({ title, agent, text }) => {
      sent.push(`${title}\n${agent}: ${text}`);
      return Promise.resolve({ session: aSession({ id: 'ses_2' }), missingTodos: Promise.resolve([]) });
    },
    fork: (_, __, wishes) => {
      sent.push(...wishes.map(({ title, prompt }) => `${title}\n${prompt?.agent}: ${prompt?.text}`));
      return Promise.resolve(wishes.map(({ title }) => ({ session: aSession({ id: 'ses_2', title }) })));
    },
    insertIntoComposer: () => assert.fail('nothing is for a composer'),
    compact: ({ guidance, continuation }) => {
      sent.push(guidance, ...(continuation === undefined ? [] : [`build: ${continuation.text}`]));
      return Promise.resolve({ loss: { todos: [], files: [] } });
    },
    exports: () => false,
    openTranscript: () => undefined,
    notify: () => undefined,
    runWithProgress: (_, act) =>
      act(
        { isCancellationRequested: false, onCancellationRequested: () => ({ dispose: () => undefined }) },
        () => undefined,
      ),
  };
  return { deps, sent, opened: kept.opened };
}

function commandOf(verb: string, deps: AllDeps): ReturnType<Command> {
  switch (verb) {
    case 'relay':
      return relaySession(deps)({ agent: 'plan' });
    case 'chain':
      return relaySession(deps)({});
    case 'fork':
      return forkWithPrompt(deps)({ text: 'Try it without the library.' });
    case 'approaches':
      return forkMany(deps)({});
    case 'hand off':
      return handOffSession(deps)({});
    default:
      return compactSession(deps)({ text: 'Go on with the tests.' });
  }
}

/** The document with what a person writes in the place of its questions, one after the other. */
function fill(document: string, { blanks = [] }: DraftOrder, written: readonly string[]): string {
  return written.reduce((text, words) => {
    const question = blanks.find((blank) => text.includes(blank)) ?? assert.fail(`no question for: ${words}`);
    return text.replace(question, () => words);
  }, document);
}

/** What a verb opens for a session, with the line above it, and what is sent of that once the questions are answered. */
async function formOf(verb: string, session: CorpusSession): Promise<string> {
  const { deps, sent, opened } = setUp(session);
  await commandOf(verb, deps);
  const [{ order, draft } = assert.fail(`${verb} opened no draft`)] = opened;
  const document = printDraft(draft);
  const text = fill(document, order, answers[verb] ?? []);
  const { drafts } = someDrafts({ id: 'draft:1', order, text, edited: true });
  const send = sendDraft({
    ...deps,
    drafts,
    startSession: () => assert.fail('the session is there'),
    offer: async (folder) => ({ ...(await deps.offers.load(folder)), providers: someProviders }),
    senders: {
      relay: (...asked) => sendRelayDraft(deps, ...asked),
      chain: (...asked) => sendChain(deps, ...asked),
      handOff: (...asked) => sendHandOff(deps, ...asked),
      fork: (...asked) => sendFork(deps, ...asked),
      forkMany: (...asked) => sendApproaches(deps, ...asked),
      bringBack: () => assert.fail('nothing is brought back'),
      compact: (...asked) => sendCompact(deps, ...asked),
      brief: () => assert.fail('a brief is of no session here'),
    },
    looksSecret,
  });
  await send();
  const sentence = sendSentence(order, parseDraft(document).draft, 'Ctrl+Enter');
  return [
    `<!-- ${verb}: ${sentence} -->\n\n${document}`,
    ...sent.map((words) => `<!-- ${verb}, sent -->\n\n${words}\n`),
  ].join('\n');
}

describe('a draft, as it opens and as it is sent', () => {
  for (const session of readCorpus()) {
    it(`reads well: ${session.name}`, async () => {
      const forms: string[] = [];
      for (const verb of Object.keys(answers)) forms.push(await formOf(verb, session));
      const path = join(corpusFolder, `${session.name}.drafts.md`);
      const text = forms.join('\n');
      if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(path, text);
      assert.equal(text, readFileSync(path, 'utf8'));
    });
  }
});
