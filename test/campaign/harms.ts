import { setTimeout as delay } from 'node:timers/promises';
import type { Fault, Rule } from '../workbench/faultProxy.ts';
import type { SeededRandom } from '../workbench/seededRandom.ts';
import type { Bed } from './bed.ts';
import { type RouteName, routes } from './verbs.ts';

/** What harm is done to. */
export interface Victim {
  readonly bed: Bed;
  /** Ends the window and opens another one on the same desk. */
  readonly reload: () => Promise<void>;
  /** Turns the clock of the window by so many milliseconds. */
  readonly turnClock: (milliseconds: number) => void;
  /** Resolves when nothing more is to come that harm could be done to. */
  readonly over: Promise<void>;
}

/** Something that goes wrong in a round. */
export interface Harm {
  readonly name: HarmName;
  /** To what, and how. */
  readonly detail: string;
  /**
   * Sets it up, before anything is asked for; resolves when all of it is over and the world is whole again. False: what
   * it was to befall did not come.
   */
  readonly befall: (victim: Victim) => Promise<boolean>;
}

/** Milliseconds after which a half open connection is given up in a round: it has no time for the product's own. */
export const shortSilence = 2_500;

/** How long harm lasts that is not over at once, in milliseconds. */
const longest = 1_000;

interface Drawn {
  readonly random: SeededRandom;
  readonly route: RouteName;
  /** So many requests of the route pass first. */
  readonly after: number;
}

type Befall = (victim: Victim, drawn: Drawn) => Promise<boolean>;

const befalls = {
  nothing: () => Promise.resolve(true),
  'cut before': once({ kind: 'cut', when: 'before' }),
  'answer lost': once({ kind: 'cut', when: 'after' }),
  'broken answer': once((random) => ({ kind: 'break', bytes: random.whole(0, 400) })),
  truncated: once((random) => ({ kind: 'truncate', bytes: random.whole(0, 400) })),
  'web page': once({
    kind: 'replace',
    when: 'before',
    status: 200,
    body: '<html><body>Sign in</body></html>',
  }),
  'status 500': once({
    kind: 'replace',
    when: 'before',
    status: 500,
    body: '{"name":"UnknownError","data":{"message":"No"}}',
  }),
  'status 404': once({
    kind: 'replace',
    when: 'before',
    status: 404,
    body: '{"name":"NotFoundError","data":{"message":"No"}}',
  }),
  'status 429': once({ kind: 'replace', when: 'before', status: 429, body: '{"message":"Slow down"}' }),
  '502 after it acted': once({
    kind: 'replace',
    when: 'after',
    status: 502,
    body: '<html>Bad gateway</html>',
  }),
  '502 for a time': forATime({
    kind: 'replace',
    when: 'before',
    status: 502,
    body: '<html>Bad gateway</html>',
  }),
  '503 for a time': forATime({ kind: 'replace', when: 'before', status: 503, body: '' }),
  'hangs before': hang('before'),
  'hangs after': hang('after'),
  late: once((random) => ({
    kind: 'late',
    when: random.pick(['before', 'after']),
    milliseconds: random.whole(100, 900),
  })),
  stalled: once((random) => ({
    kind: 'stall',
    bytes: random.whole(0, 200),
    milliseconds: random.whole(100, 900),
  })),
  'all slow': (victim, { random }) =>
    whole(victim, { kind: 'late', when: 'after', milliseconds: random.whole(30, 150) }),
  'all in pieces': (victim, { random }) => whole(victim, { kind: 'split', most: random.whole(1, 64) }),
  'noise in the stream': async (victim) => {
    victim.bed.harmful.add({ path: '/global/event' }, { kind: 'noise' }, { times: Infinity });
    victim.bed.harmful.breakStreams();
    await delay(longest);
    return true;
  },
  'stream broken': at('before', ({ bed: { harmful } }) => harmful.breakStreams()),
  'stream broken again and again': at('before', async ({ bed: { harmful } }, { random }) => {
    for (let count = random.whole(2, 4); count > 0; count -= 1) {
      harmful.breakStreams();
      await delay(random.whole(10, 400));
    }
  }),
  'all broken': at('either', ({ bed: { harmful } }) => harmful.breakAll()),
  'network away': at('either', async ({ bed: { harmful } }, { random }) => {
    harmful.refuse();
    await delay(random.whole(100, longest));
    harmful.accept();
  }),
  'half open': at('either', async ({ bed: { harmful } }) => {
    harmful.fallSilent();
    await delay(shortSilence + 1_000);
    harmful.breakSilent();
  }),
  'server killed': restart({ signal: 'SIGKILL' }),
  'server stopped': restart({ signal: 'SIGTERM' }),
  'server killed, elsewhere': restart({ signal: 'SIGKILL', onAnotherPort: true }),
  'server killed, another password': restart({
    signal: 'SIGKILL',
    onAnotherPort: true,
    withAnotherPassword: true,
  }),
  'window reloaded': at('either', ({ reload }) => reload()),
  'clock set back': at('before', ({ turnClock }) => turnClock(-3_600_000)),
} as const satisfies Record<string, Befall>;
export type HarmName = keyof typeof befalls;

export const harmNames = Object.keys(befalls) as readonly HarmName[];

export function isKilling(name: HarmName): boolean {
  return name.startsWith('server');
}

export function makeHarm(name: HarmName, random: SeededRandom, choices: readonly RouteName[]): Harm {
  const route = random.pick(choices as [RouteName, ...RouteName[]]);
  const after = random.pick([0, 0, 0, 0, 0, 0, 1, 2]);
  const detail = name === 'nothing' ? '' : `${route}${after === 0 ? '' : ` after ${after}`}`;
  return { name, detail, befall: (victim) => befalls[name](victim, { random, route, after }) };
}

type Draw = Fault | ((random: SeededRandom) => Fault);

function once(fault: Draw): Befall {
  return async ({ bed: { harmful }, over }, { random, route, after }) => {
    const drawn = typeof fault === 'function' ? fault(random) : fault;
    const rule = harmful.add(routes[route], drawn, { after });
    const isHit = await untilHit(rule, over);
    rule.remove();
    return isHit;
  };
}

function forATime(fault: Fault): Befall {
  return async ({ bed: { harmful }, over }, { random, route, after }) => {
    const rule = harmful.add(routes[route], fault, { after, times: Infinity });
    const isHit = await untilHit(rule, over);
    if (isHit) await delay(random.whole(300, longest));
    rule.remove();
    return isHit;
  };
}

/** A round has no time for ever: what hangs is broken in the end, as networks do. */
function hang(when: 'before' | 'after'): Befall {
  return async ({ bed: { harmful }, over }, { route, after }) => {
    const rule = harmful.add(routes[route], { kind: 'hang', when }, { after });
    const isHit = await untilHit(rule, over);
    rule.remove();
    if (isHit) {
      await delay(longest);
      harmful.breakAll();
    }
    return isHit;
  };
}

/** All that is open is broken first, so that it befalls the event stream, too. */
async function whole({ bed: { harmful } }: Victim, fault: Fault): Promise<boolean> {
  const rule = harmful.add({}, fault, { times: Infinity });
  harmful.breakAll();
  await delay(longest);
  rule.remove();
  return true;
}

function restart(changes: Parameters<Bed['restart']>[0]): Befall {
  return at('either', async ({ bed }, { random }) => {
    await delay(random.pick([0, 0, 5, 20, 60, 200]));
    await bed.restart(changes);
  });
}

/** At a request of the route: before the server hears of it, or when it has acted and the answer is on its way. */
function at(place: 'before' | 'either', act: (victim: Victim, drawn: Drawn) => Promise<void> | void): Befall {
  return async (victim, drawn) => {
    const { random, route, after } = drawn;
    const when = place === 'before' || random.chance(0.35) ? 'before' : 'after';
    const rule = victim.bed.harmful.add(routes[route], { kind: 'late', when, milliseconds: 30 }, { after });
    const isHit = await untilHit(rule, victim.over);
    rule.remove();
    if (!isHit) return false;
    if (when === 'after') await untilActed(rule);
    await act(victim, drawn);
    return true;
  };
}

async function untilActed({ hits }: Rule): Promise<void> {
  for (let look = 0; look < 200 && hits[0]?.serverStatus === undefined; look += 1) await delay(5);
}

async function untilHit(rule: Rule, over: Promise<void>): Promise<boolean> {
  return Promise.race([rule.hit.then(() => true), over.then(() => false)]);
}
