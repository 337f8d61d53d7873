import { setTimeout as delay } from 'node:timers/promises';
import { printApproaches } from '../../src/core/continuation/drafts/approaches.ts';
import { printCompactDraft } from '../../src/core/continuation/drafts/compactDraft.ts';
import type { Draft } from '../../src/core/continuation/drafts/draft.ts';
import type { DraftOrder } from '../../src/core/continuation/drafts/draftOrder.ts';
import { printChain } from '../../src/core/continuation/drafts/relayChain.ts';
import type { SeededRandom } from '../workbench/seededRandom.ts';
import type { Bed } from './bed.ts';
import type { Desk } from './desk.ts';
import type { Answer, ProductWindow } from './productWindow.ts';

/** What a person asks for in one go; it may carry several prompts. */
export interface Act {
  /** Does it, or does it again with what the person has in hand; undefined: there is nothing left to be sent. */
  readonly run: (window: ProductWindow) => Promise<Answer | undefined>;
  readonly prompts: readonly WantedPrompt[];
  /** Whether its text is typed into a box, once that asks for it. */
  readonly isBoxed?: boolean;
}

export interface WantedPrompt {
  readonly id: string;
  readonly text: string;
  readonly agent: string;
  readonly model: string;
  readonly sessionId: string | undefined;
  readonly isAnswered: boolean;
  readonly afterId?: string;
}

/** Where a verb is at work. */
export interface Scene {
  readonly bed: Bed;
  readonly desk: Desk;
  readonly random: SeededRandom;
  /** A session in which one turn has settled. */
  readonly sessionId: string;
  /** A prompt of its own, which the model answers by saying that it was done. */
  readonly makePrompt: (wish?: Partial<WantedPrompt>) => WantedPrompt;
  /** Names something that the model waits at. */
  readonly gate: string;
}

export interface Verb {
  /** Requests that this verb makes, besides those of a reconnect: harm is done to one of them. */
  readonly routes: readonly RouteName[];
  /** What is asked for, one act after the other, each begun without waiting for the end of the one before. */
  readonly prepare: (scene: Scene) => Promise<readonly Act[]>;
  /** Whether the session works on something until the model is let go on. */
  readonly isHeld?: boolean;
}

/** The requests of the product, by what they do. */
export const routes = {
  prompt: { method: 'POST', path: /\/prompt_async$/ },
  changeSession: { method: 'PATCH', path: /^\/session\/ses_\w+$/ },
  getSession: { method: 'GET', path: /^\/session\/ses_\w+$/ },
  createSession: { method: 'POST', path: '/session' },
  forkSession: { method: 'POST', path: /\/fork$/ },
  summarize: { method: 'POST', path: /\/summarize$/ },
  statuses: { method: 'GET', path: '/session/status' },
  listMessages: { method: 'GET', path: /\/message$/ },
  getMessage: { method: 'GET', path: /\/message\/msg_\w+$/ },
  changePart: { method: 'PATCH', path: /\/part\/prt_\w+$/ },
  agents: { method: 'GET', path: '/agent' },
  listSessions: { method: 'GET', path: '/session' },
} as const;
export type RouteName = keyof typeof routes;

const models = ['local/steady', 'local/thinker'] as const;
const agents = ['build', 'plan', 'reviewer'] as const;

export const verbs = {
  typed: {
    routes: ['prompt', 'prompt', 'prompt', 'listMessages', 'agents', 'listSessions'],
    prepare: async (scene) => [typeInto(scene, scene.makePrompt(drawTarget(scene)))],
  },
  palette: {
    routes: ['prompt', 'prompt', 'agents'],
    prepare: async (scene) => {
      const prompt = scene.makePrompt(drawTarget(scene));
      return [boxed(scene, prompt, (window) => window.promptFromPalette(toArgument(prompt)))];
    },
  },
  'new session': {
    routes: ['createSession', 'prompt', 'prompt', 'agents'],
    prepare: async (scene) => {
      const prompt = scene.makePrompt({ ...drawTarget(scene), sessionId: undefined });
      const argument = { ...toArgument(prompt), directory: scene.bed.server.workspace };
      const run: Act['run'] = (window) => window.newSession(argument);
      return [
        {
          ...act([prompt], run, async (window) => (await typeAgain(window, prompt)) ?? run(window)),
          isBoxed: true,
        },
      ];
    },
  },
  queue: {
    routes: ['prompt', 'prompt', 'prompt', 'listMessages', 'statuses'],
    isHeld: true,
    prepare: async (scene) => {
      await beginHeldTurn(scene);
      const first = scene.makePrompt(drawTarget(scene));
      const second = scene.makePrompt({ ...drawTarget(scene), afterId: first.id });
      return [typeInto(scene, first), typeInto(scene, second)];
    },
  },
  relay: {
    routes: ['prompt', 'prompt', 'changeSession', 'getSession', 'statuses', 'listMessages', 'agents'],
    prepare: async (scene) => {
      const prompt = scene.makePrompt(drawTarget(scene));
      return [sendDraft(scene, { verb: 'relay' }, toDraft(prompt), [prompt])];
    },
  },
  chain: {
    routes: ['prompt', 'prompt', 'changeSession', 'getSession', 'statuses', 'listMessages', 'agents'],
    prepare: async (scene) => [chain(scene)],
  },
  'chain behind a turn': {
    routes: ['prompt', 'prompt', 'changeSession', 'getSession', 'statuses', 'listMessages', 'agents'],
    isHeld: true,
    prepare: async (scene) => {
      await beginHeldTurn(scene);
      return [chain(scene)];
    },
  },
  'hand off': {
    routes: ['createSession', 'createSession', 'prompt', 'prompt', 'prompt', 'agents', 'listSessions'],
    prepare: async (scene) => {
      const prompt = scene.makePrompt({ ...drawTarget(scene), sessionId: undefined });
      const order = { verb: 'handOff' as const, goal: '', form: 'short' as const, todos: [] };
      return [sendDraft(scene, order, toDraft(prompt), [prompt])];
    },
  },
  fork: {
    routes: ['forkSession', 'forkSession', 'changeSession', 'prompt', 'prompt', 'prompt', 'agents'],
    prepare: async (scene) => {
      const prompt = scene.makePrompt({ ...drawTarget(scene), sessionId: undefined });
      return [sendDraft(scene, { verb: 'fork' }, toDraft(prompt), [prompt])];
    },
  },
  approaches: {
    routes: ['forkSession', 'forkSession', 'changeSession', 'prompt', 'prompt', 'prompt', 'agents'],
    prepare: async (scene) => {
      const target = drawTarget(scene);
      const prompts = [1, 2, 3].map(() => scene.makePrompt({ ...target, sessionId: undefined }));
      const body = printApproaches(prompts.map(({ id, text }) => ({ title: `Way ${id}`, prompt: text })));
      return [sendDraft(scene, { verb: 'forkMany' }, { ...toDraft(prompts[0]), body }, prompts)];
    },
  },
  compact: {
    routes: ['summarize', 'summarize', 'prompt', 'changePart', 'listMessages', 'statuses', 'prompt'],
    prepare: async (scene) => [compact(scene)],
  },
  'typed while compacting': {
    routes: ['summarize', 'summarize', 'prompt', 'listMessages'],
    prepare: (scene) =>
      whileCompacting(
        scene,
        (prompt, run) => typeInto(scene, prompt, run),
        (window, prompt) => window.type(scene.sessionId, toTyped(prompt)),
      ),
  },
  'palette while compacting': {
    routes: ['summarize', 'summarize', 'prompt', 'listMessages'],
    prepare: (scene) =>
      whileCompacting(
        scene,
        (prompt, run) => boxed(scene, prompt, run),
        (window, prompt) => window.promptFromPalette(toArgument(prompt)),
      ),
  },
  tell: {
    routes: ['prompt', 'prompt', 'prompt', 'getMessage', 'statuses', 'agents'],
    prepare: async (scene) => {
      const prompt = scene.makePrompt({ ...drawTarget(scene), isAnswered: false });
      return [{ ...act([prompt], (window) => window.tell(toArgument(prompt))), isBoxed: true }];
    },
  },
} as const satisfies Record<string, Verb>;
export type VerbName = keyof typeof verbs;

/** Agent and model, as a person picks them. */
function drawTarget({ random }: Pick<Scene, 'random'>): Pick<WantedPrompt, 'agent' | 'model'> {
  return { agent: random.pick(agents), model: random.pick(models) };
}

function act(prompts: readonly WantedPrompt[], run: Act['run'], again: Act['run'] = run): Act {
  let isFirst = true;
  return {
    prompts,
    run: (window) => {
      const now = isFirst ? run : again;
      isFirst = false;
      return now(window);
    },
  };
}

function typeInto(
  { sessionId }: Scene,
  prompt: WantedPrompt,
  run: Act['run'] = (window) => window.type(sessionId, toTyped(prompt)),
): Act {
  return act([prompt], run, (window) => typeAgain(window, prompt));
}

/** A command that asks for its text in a box; done again where it failed before it asked. */
function boxed({ desk }: Scene, prompt: WantedPrompt, run: Act['run']): Act {
  const again: Act['run'] = async (window) =>
    desk.wasTypedInBox(prompt.id) ? typeAgain(window, prompt) : run(window);
  return { ...act([prompt], run, again), isBoxed: true };
}

/** Sends what stands in a composer again; undefined: it stands in none. */
async function typeAgain(window: ProductWindow, prompt: WantedPrompt): Promise<Answer | undefined> {
  const sessionId = window.sessions.all().find(({ id }) => window.composer(id).includes(prompt.id))?.id;
  if (sessionId === undefined) return undefined;
  return window.typeOneOf(sessionId, toTyped(prompt));
}

function toTyped({ text, agent, model }: WantedPrompt) {
  return { text, agent, model: toReference(model) };
}

function toArgument({ sessionId, text, agent, model }: WantedPrompt) {
  return { text, agent, model: toReference(model), ...(sessionId === undefined ? {} : { sessionId }) };
}

function toReference(model: string) {
  const [providerID = '', modelID = ''] = model.split('/');
  return { providerID, modelID };
}

function toDraft(prompt: WantedPrompt | undefined): Draft {
  if (prompt === undefined) return { body: '' };
  return { agent: prompt.agent, model: toReference(prompt.model), body: prompt.text };
}

type OrderBase = 'sessionId' | 'sessionTitle' | 'directory';
type ShortOrder<Order = DraftOrder> = Order extends DraftOrder ? Omit<Order, OrderBase> : never;

/** Opens a draft on the desk and sends it; again, if it, or one that was made of it, is still there. */
function sendDraft(
  { bed, desk, sessionId }: Scene,
  short: ShortOrder,
  draft: Draft,
  prompts: readonly WantedPrompt[],
): Act {
  const order = {
    ...short,
    sessionId,
    sessionTitle: 'Source',
    directory: bed.server.workspace,
  };
  return act(
    prompts,
    async (window) => window.sendDraft(await desk.drafts.open(order, draft)),
    async (window) => {
      const left = desk.openDrafts().find(({ text }) => prompts.some(({ id }) => text.includes(id)));
      return left && window.sendDraft(left.id);
    },
  );
}

function chain(scene: Scene): Act {
  const { model } = drawTarget(scene);
  const prompts: WantedPrompt[] = [];
  for (let leg = 0; leg < scene.random.whole(2, 3); leg += 1) {
    const afterId = prompts.at(-1)?.id;
    prompts.push(scene.makePrompt({ agent: scene.random.pick(agents), model, ...(afterId && { afterId }) }));
  }
  const body = printChain(prompts.map(({ agent, text }) => ({ agent, prompt: text })));
  return sendDraft(scene, { verb: 'chain' }, { model: toReference(model), body }, prompts);
}

function compact(scene: Scene): Act {
  const prompt = scene.makePrompt(drawTarget(scene));
  const guidance = scene.random.chance(0.5) ? 'Keep the names of all files.' : '';
  const body = printCompactDraft({ guidance, message: prompt.text });
  return sendDraft(scene, { verb: 'compact', preflight: '' }, { ...toDraft(prompt), body }, [prompt]);
}

/** Compacts, and prompts while the summary is being written: it waits for the prompt to be on its way. */
async function whileCompacting(
  scene: Scene,
  toAct: (prompt: WantedPrompt, run: Act['run']) => Act,
  prompts: (window: ProductWindow, prompt: WantedPrompt) => Promise<Answer>,
): Promise<readonly Act[]> {
  const { bed, sessionId, random } = scene;
  const gate = `${scene.gate}summary`;
  await bed.witness.say(sessionId, `say: ready\nWhile summarizing, hold: ${gate}`);
  const prompt = scene.makePrompt(drawTarget(scene));
  const run = async (window: ProductWindow): Promise<Answer> => {
    // What keeps the summary from being begun with does not keep the person from typing.
    await Promise.race([bed.model.reached(gate), delay(1_500)]);
    const sent = prompts(window, prompt);
    await Promise.race([sent, delay(random.whole(50, 400))]);
    bed.model.release(gate);
    return sent;
  };
  return [compact(scene), toAct(prompt, run)];
}

/** A turn that goes on until the model is let go on. */
async function beginHeldTurn({ bed, sessionId, gate }: Scene): Promise<void> {
  await bed.witness.prompt(sessionId, `hold: ${gate}\nsay: the turn before`);
  await bed.model.reached(gate);
}
