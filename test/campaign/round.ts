import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Disposable } from '../../src/core/event.ts';
import { SeededRandom } from '../workbench/seededRandom.ts';
import type { Bed } from './bed.ts';
import { Desk } from './desk.ts';
import { type HarmName, harmNames, isKilling, makeHarm, shortSilence } from './harms.ts';
import {
  type AskedPrompt,
  findUnexplained,
  judge,
  type Seen,
  type SeenWindow,
  type Violation,
} from './judge.ts';
import { type Answer, ProductWindow } from './productWindow.ts';
import { type Act, type VerbName, verbs, type WantedPrompt } from './verbs.ts';

/** What a round is made of; all of it follows from the seed and the number. */
export interface RoundPlan {
  readonly seed: number;
  readonly number: number;
  readonly verb: VerbName;
  readonly harm: HarmName;
  readonly harmDetail: string;
  readonly beside: Beside;
  /** Whether the person does again what was said to have failed. */
  readonly insists: boolean;
}

/** What else goes on at the same time. */
export type Beside = (typeof besides)[number];
const besides = [
  'nobody',
  'nobody',
  'nobody',
  'second window',
  'second window relays',
  'another client prompts',
  'another client makes sessions',
] as const;

export interface RoundResult {
  readonly plan: RoundPlan;
  readonly violations: readonly Violation[];
  /** Whether the harm came about: what it was to befall may not have come. */
  readonly isHarmed: boolean;
  readonly promptCount: number;
  readonly milliseconds: number;
  /** Requests that the window sent. */
  readonly requestCount: number;
  /** What was told, what was logged and what was sent, for whoever looks into it. */
  readonly trail: readonly string[];
  /** What went wrong with the campaign itself, so that the round was not judged. */
  readonly fault?: string;
}

export interface RoundOptions {
  /** Milliseconds after which what is not quiet is judged as it is. */
  readonly patience: number;
  readonly verb?: VerbName;
  readonly harm?: HarmName;
  readonly beside?: Beside;
}

/** Harm that ends the server takes seconds; it comes as rarely as any two others. */
const weighted: readonly HarmName[] = harmNames.flatMap((name) => (isKilling(name) ? [name] : [name, name]));

export function planRound(seed: number, number: number, options: Partial<RoundOptions> = {}): RoundPlan {
  const random = randomOf(seed, number).for('plan');
  const drawnVerb = random.pick(Object.keys(verbs) as [VerbName, ...VerbName[]]);
  const drawnHarm = random.pick(weighted as [HarmName, ...HarmName[]]);
  const drawnBeside = random.pick(besides);
  const insists = random.chance(0.5);
  const verb = options.verb ?? drawnVerb;
  const harm = options.harm ?? drawnHarm;
  const { detail } = makeHarm(harm, randomOf(seed, number).for('harm'), verbs[verb].routes);
  return { seed, number, verb, harm, harmDetail: detail, beside: options.beside ?? drawnBeside, insists };
}

function randomOf(seed: number, number: number): SeededRandom {
  return new SeededRandom(seed).for(`round ${number}`);
}

/** Runs one round: asks, does harm, waits until all is quiet, judges, and takes away what it made. */
export async function runRound(bed: Bed, plan: RoundPlan, options: RoundOptions): Promise<RoundResult> {
  const start = performance.now();
  const round = new Round(bed, plan, options);
  try {
    await round.play();
    const seen = await round.look();
    return {
      plan,
      violations: judge(seen),
      isHarmed: round.isHarmed,
      promptCount: seen.prompts.length,
      milliseconds: performance.now() - start,
      requestCount: seen.exchanges.length,
      trail: round.trail(seen),
    };
  } finally {
    await round.clear();
  }
}

/** Harm by which an answer only takes longer, or comes in other pieces. */
const arrivesWhole: ReadonlySet<string> = new Set(['late', 'split', 'stall']);

/** Two prompts that came in the same moment go into one run: it is said which one had no turn, and it may be asked for again. */
function isSaidToBeThere(text: string): boolean {
  return text.includes('did not answer on its own');
}

/** What strangers make is known by its title: a server that is stopped makes some without an answer. */
const strangeTitle = 'Stranger ';

function isStrange({ title }: { readonly title: string }): boolean {
  return title.startsWith(strangeTitle);
}

interface Running {
  readonly act: Act;
  answer: Answer | undefined;
  /** Whether the person was told at some time that it failed. */
  hasFailed: boolean;
  isAbandoned: boolean;
  done: Promise<void>;
}

/** How long it is waited for what harm is to be done to, in milliseconds. */
const harmPatience = 5_000;

class Round {
  readonly #bed: Bed;
  readonly #plan: RoundPlan;
  readonly #options: RoundOptions;
  readonly #random: SeededRandom;
  readonly #desk = new Desk();
  readonly #otherDesk = new Desk();
  readonly #gate: string;
  readonly #firstExchange: number;
  readonly #firstRequest: number;
  readonly #known = new Set<string>();
  readonly #before = new Set<string>();
  readonly #running: Running[] = [];
  readonly #events: string[] = [];
  #window: ProductWindow;
  #other: ProductWindow | undefined;
  #clockError = 0;
  #beating: Disposable | undefined;
  #isHarmed = false;
  #count = 0;

  constructor(bed: Bed, plan: RoundPlan, options: RoundOptions) {
    this.#bed = bed;
    this.#plan = plan;
    this.#options = options;
    this.#random = randomOf(plan.seed, plan.number);
    this.#gate = `round${plan.number}`;
    this.#firstExchange = bed.harmful.exchanges.length;
    this.#firstRequest = bed.model.requests.length;
    this.#window = this.#openWindow();
  }

  async play(): Promise<void> {
    const { witness, harmful } = this.#bed;
    const { verb, harm, beside } = this.#plan;
    for (const id of await witness.sessionIds()) this.#before.add(id);
    const sessionId = await witness.createSession(`Source ${this.#plan.number}`);
    this.#known.add(sessionId);
    await witness.say(sessionId, 'say: begun');
    await this.#window.connect();
    this.#requirePassage();
    if (beside.startsWith('second window')) await this.#openOther();
    if (harm === 'half open') this.#beat();
    const scene = {
      bed: this.#bed,
      desk: this.#desk,
      random: this.#random.for('verb'),
      sessionId,
      gate: this.#gate,
      makePrompt: (wish: Partial<WantedPrompt> = {}) => this.#makePrompt({ sessionId, ...wish }),
    };
    const { prepare, routes, ...verbOf } = verbs[verb];
    const acts = await prepare(scene);
    if ('isHeld' in verbOf) await this.#untilShownBusy(sessionId);
    const over = Promise.withResolvers<void>();
    const harmed = makeHarm(harm, this.#random.for('harm'), routes).befall({
      bed: this.#bed,
      reload: () => this.#reload(),
      turnClock: (milliseconds) => void (this.#clockError = milliseconds),
      over: over.promise,
    });
    // Whoever waits for it below sees what goes wrong with it.
    harmed.catch(() => undefined);
    for (const act of acts) {
      this.#begin(act);
      // In the order of typing: who types waits for the key before.
      await delay(5);
    }
    const besideDone = this.#doBeside(sessionId);
    besideDone.catch(() => undefined);
    if ('isHeld' in verbOf) await delay(this.#random.for('hold').whole(0, 200));
    this.#bed.model.release(this.#gate);
    await besideDone;
    void this.#untilQuiet(harmPatience).finally(over.resolve);
    this.#isHarmed = await harmed;
    harmful.mend();
    this.#note('whole again');
    await this.#untilQuiet();
    if (this.#plan.insists && (await this.#insist())) await this.#untilQuiet();
  }

  get isHarmed(): boolean {
    return this.#isHarmed;
  }

  async look(): Promise<Seen> {
    // The memory is written a little later than what it keeps changes.
    await delay(
      this.#running.some(({ act }) => act.prompts.some(({ id }) => this.#findHeld(id).includes('memory')))
        ? 700
        : 0,
    );
    const { witness, harmful, model } = this.#bed;
    const sessions = await witness.sessions(this.#before);
    return {
      prompts: this.#running.flatMap((running) =>
        running.act.prompts.map((prompt) => this.#toAsked(prompt, running)),
      ),
      knownSessionIds: new Set([...this.#known, ...sessions.filter(isStrange).map(({ id }) => id)]),
      sessions,
      requests: model.requests.slice(this.#firstRequest).filter(({ kind }) => kind === 'turn'),
      windows: [this.#window, this.#other].flatMap((window, index) =>
        window === undefined ? [] : [this.#toSeenWindow(window, index === 0 ? 'first' : 'second', sessions)],
      ),
      exchanges: harmful.exchanges.slice(this.#firstExchange).map(({ fault, ...exchange }) => ({
        ...exchange,
        isHarmed: fault !== undefined && !arrivesWhole.has(fault.kind),
      })),
      told: [this.#desk, this.#otherDesk].flatMap(({ told }) => told.map(({ text }) => text)),
      wasServerKilled: isKilling(this.#plan.harm),
    };
  }

  /** Takes away what the round made, so that the next begins as this one did. */
  async clear(): Promise<void> {
    const bed = this.#bed;
    this.#beating?.dispose();
    bed.model.releaseAll();
    bed.harmful.mend();
    this.#window.close();
    this.#other?.close();
    bed.harmful.breakAll();
    for (const id of await bed.witness.sessionIds()) {
      if (!this.#before.has(id))
        await bed.witness.remove(id).catch((error: unknown) => this.#note(String(error)));
    }
  }

  trail({ exchanges }: Seen): readonly string[] {
    const requests = exchanges
      .filter(({ path }) => !path.startsWith('/global/event'))
      .map(({ time, method, path, serverStatus, answered, isHarmed }) => ({
        time,
        text: `→ ${method} ${path.split('?')[0]} ${serverStatus ?? '-'} ${answered}${isHarmed ? ' HARMED' : ''}`,
      }));
    const told = this.#desk.told.map(({ time, kind, text }) => ({ time, text: `! ${kind}: ${text}` }));
    const noted = [...this.#events, ...this.#window.lines].map((line) => {
      const [, time = '0', text = ''] = /^(\d+) (.*)$/s.exec(line) ?? [];
      return { time: Number(time), text };
    });
    return [...requests, ...told, ...noted]
      .sort((one, other) => one.time - other.time)
      .map(({ time, text }) => `${Math.round(time)} ${text}`);
  }

  #openWindow(): ProductWindow {
    return new ProductWindow({
      desk: this.#desk,
      workspace: this.#bed.server.workspace,
      url: this.#bed.harmful.url,
      credentials: () => {
        const { username, password } = this.#bed.server;
        return { username, password };
      },
      environment: this.#bed.server.environment,
      storage: join(this.#bed.server.home, 'storage'),
      clockError: () => this.#clockError,
      ...(this.#plan.harm === 'half open' ? { silence: shortSilence } : {}),
    });
  }

  async #openOther(): Promise<void> {
    this.#other = new ProductWindow({
      desk: this.#otherDesk,
      workspace: this.#bed.server.workspace,
      url: this.#bed.clear.url,
      credentials: () => {
        const { username, password } = this.#bed.server;
        return { username, password };
      },
      environment: this.#bed.server.environment,
      storage: join(this.#bed.server.home, 'storage'),
    });
    await this.#other.connect();
  }

  async #reload(): Promise<void> {
    this.#note('the window is reloaded');
    this.#window.close();
    for (const running of this.#running) running.isAbandoned = running.answer === undefined;
    this.#window = this.#openWindow();
    await this.#window.connect().catch((error: unknown) => this.#note(String(error)));
  }

  #makePrompt(wish: Partial<WantedPrompt>): WantedPrompt {
    this.#count += 1;
    const id = `p${this.#plan.number}x${this.#count}z`;
    return {
      id,
      text: `Please see to ${id} now.\nsay: done with it`,
      agent: 'build',
      model: 'local/steady',
      sessionId: undefined,
      isAnswered: true,
      ...wish,
    };
  }

  #begin(act: Act): void {
    const running: Running = {
      act,
      answer: undefined,
      hasFailed: false,
      isAbandoned: false,
      done: Promise.resolve(),
    };
    this.#running.push(running);
    running.done = this.#run(running);
  }

  async #run(running: Running): Promise<void> {
    const answer = await running.act
      .run(this.#window)
      .catch((error: unknown): Answer => ({ kind: 'failed', sentence: `thrown: ${String(error)}` }));
    if (running.isAbandoned) return;
    if (answer !== undefined) running.answer = answer;
    if (answer?.kind === 'failed') running.hasFailed = true;
    this.#note(`answer: ${JSON.stringify(answer)}`);
  }

  /** Does again what failed, with what the person has in hand; false: there was nothing. */
  async #insist(): Promise<boolean> {
    const failed = this.#running.filter(
      ({ answer, isAbandoned }) => answer?.kind === 'failed' && !isAbandoned,
    );
    this.#note(`insists on ${failed.length}`);
    for (const running of failed) {
      const before = running.answer;
      running.answer = undefined;
      running.done = this.#run(running).then(() => void (running.answer ??= before));
    }
    return failed.length > 0;
  }

  async #doBeside(sessionId: string): Promise<void> {
    const { witness } = this.#bed;
    const random = this.#random.for('beside');
    await delay(random.whole(0, 60));
    switch (this.#plan.beside) {
      case 'nobody':
      case 'second window':
        return;
      case 'second window relays': {
        const other = this.#other;
        if (other === undefined) return;
        const prompt = this.#makePrompt({ sessionId, agent: 'plan' });
        const order = {
          verb: 'relay',
          sessionId,
          sessionTitle: '',
          directory: this.#bed.server.workspace,
        } as const;
        const id = await this.#otherDesk.drafts.open(order, {
          agent: 'plan',
          model: { providerID: 'local', modelID: 'steady' },
          body: prompt.text,
        });
        this.#begin({ prompts: [prompt], run: () => other.sendDraft(id) });
        return;
      }
      case 'another client prompts':
        await witness
          .prompt(sessionId, 'say: a stranger was here', 'build')
          .catch((error: unknown) => this.#note(String(error)));
        return;
      case 'another client makes sessions':
        for (let count = 0; count < 6; count += 1) {
          await witness
            .createSession(`${strangeTitle}${count}`)
            .catch((error: unknown) => this.#note(String(error)));
          await delay(random.whole(0, 250));
        }
        return;
    }
  }

  /** What does not go through the proxy comes to no harm, and the round would prove nothing. */
  #requirePassage(): void {
    const exchanges = this.#bed.harmful.exchanges.slice(this.#firstExchange);
    if (exchanges.some(({ path }) => path.startsWith('/session?'))) return;
    throw new Error('The window found a way to the server past the proxy.');
  }

  /** A window that takes silence for a dead connection hears something on a live one, until the round is over. */
  #beat(): void {
    const timer = setInterval(
      () => void this.#bed.witness.beat().catch((error: unknown) => this.#note(String(error))),
      shortSilence / 4,
    );
    this.#beating = { dispose: () => clearInterval(timer) };
  }

  async #untilShownBusy(sessionId: string): Promise<void> {
    for (let look = 0; look < 100; look += 1) {
      if (this.#window.turns.isRunning(sessionId) && this.#window.sessions.status(sessionId).type !== 'idle')
        return;
      await delay(20);
    }
    this.#note('the window never saw the session work');
  }

  /** Waits until nothing goes on any more, or until patience has come to its end. */
  async #untilQuiet(patience = this.#options.patience): Promise<void> {
    const deadline = performance.now() + patience;
    let quietSince: number | undefined;
    while (performance.now() < deadline) {
      const isQuiet = await this.#isQuiet().catch(() => false);
      if (!isQuiet) quietSince = undefined;
      else if (performance.now() - (quietSince ??= performance.now()) > this.#calm()) return;
      await delay(30);
    }
    this.#note(`not quiet after ${patience} ms`);
  }

  /** How long it has to be quiet, in milliseconds: what waits may wait for a next try. */
  #calm(): number {
    const windows = [this.#window, this.#other].filter((window) => window !== undefined);
    const isWaiting = windows.some((window) =>
      window.sessions.all().some(({ id }) => window.waiting(id).length > 0),
    );
    return isWaiting ? 3_000 : 150;
  }

  async #isQuiet(): Promise<boolean> {
    const { harmful, witness } = this.#bed;
    const windows = [this.#window, this.#other].filter((window) => window !== undefined);
    if (this.#running.some(({ answer, isAbandoned }) => answer === undefined && !isAbandoned)) return false;
    const last = harmful.exchanges.findLast(({ path }) => !path.startsWith('/global/event'));
    if (last !== undefined && performance.now() - last.time < 120) return false;
    if ((await witness.busySessions()).size > 0) return false;
    const ids = (await witness.sessionIds()).filter((id) => !this.#before.has(id));
    return windows.every(
      (window) =>
        window.connection.state.kind === 'live' &&
        ids.every((id) => window.sessions.get(id) !== undefined && !window.turns.isRunning(id)) &&
        ids.every((id) => findUnexplained(window.waiting(id)).length === 0),
    );
  }

  #toAsked(prompt: WantedPrompt, running: Running): AskedPrompt {
    const { id, agent, model, sessionId, isAnswered, afterId } = prompt;
    return {
      id,
      agent,
      model,
      sessionId,
      isAnswered,
      ...(afterId !== undefined && !this.#isAskedLater(afterId, running) && { afterId }),
      answer: running.answer,
      isAbandoned: running.isAbandoned,
      heldIn: [...this.#findHeld(id), ...(this.#isInMind(id, running) ? ['mind'] : [])],
    };
  }

  /** What failed waits nowhere: what is asked for after that comes before it, however often it is asked for again. */
  #isAskedLater(id: string, running: Running): boolean {
    const other = this.#running.find(({ act }) => act.prompts.some((prompt) => prompt.id === id));
    return other !== undefined && other !== running && other.hasFailed;
  }

  /** Nobody was asked for it yet, so nobody typed it: the person has it as before. */
  #isInMind(id: string, { act, answer }: Running): boolean {
    return act.isBoxed === true && answer?.kind !== 'done' && !this.#desk.wasTypedInBox(id);
  }

  #findHeld(id: string): readonly string[] {
    const desks = [this.#desk, this.#otherDesk];
    const windows = [this.#window, this.#other].filter((window) => window !== undefined);
    const places: [string, boolean][] = [
      ['memory', desks.some((desk) => desk.remembered().includes(id))],
      ['draft', desks.some((desk) => desk.openDrafts().some(({ text }) => text.includes(id)))],
      [
        'composer',
        windows.some((window) =>
          window.sessions.all().some((session) => window.composer(session.id).includes(id)),
        ),
      ],
      [
        'waiting',
        windows.some((window) =>
          window.sessions
            .all()
            .some((session) => window.waiting(session.id).some(({ text }) => text.includes(id))),
        ),
      ],
      [
        'notice',
        desks.some((desk) =>
          desk.told.some(
            ({ kind, text, offers = [] }) =>
              kind === 'notice' && !isSaidToBeThere(text) && offers.some((offer) => offer.includes(id)),
          ),
        ),
      ],
    ];
    return places.flatMap(([place, isThere]) => (isThere ? [place] : []));
  }

  #toSeenWindow(window: ProductWindow, name: string, sessions: Seen['sessions']): SeenWindow {
    const ids = new Set([...sessions.map(({ id }) => id), ...window.sessions.all().map(({ id }) => id)]);
    return {
      name,
      state: window.connection.state.kind,
      sessions: window.sessions
        .all()
        .filter(({ id }) => !this.#before.has(id))
        .map((record) => ({
          id: record.id,
          record,
          isBusy: window.sessions.status(record.id).type !== 'idle',
          isRunning: window.turns.isRunning(record.id),
        })),
      waiting: [...ids].flatMap((id) => window.waiting(id)),
    };
  }

  #note(text: string): void {
    this.#events.push(`${Math.round(performance.now())} ${text}`);
  }
}
