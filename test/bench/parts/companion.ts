import { join } from 'node:path';
import { createOpencodeClient, type OpencodeClient } from '@opencode-ai/sdk/v2/client';
import { companionOptions } from '../../../src/protocol/companion.ts';
import { serving118 } from '../../../src/server/openCode118/serving118.ts';
import { type RunningOpenCode, startOpenCode } from '../../workbench/openCodeServer.ts';
import { type ScriptedModel, startScriptedModel } from '../../workbench/scriptedModel.ts';
import type { Bed } from '../bed.ts';
import { atMost, type Figure, median, ratios } from '../figure.ts';

/** Milliseconds with the companion in the server and without it, one for each round. */
type Pair = Readonly<Record<Variant, number[]>>;

const variants = ['without', 'with'] as const;
type Variant = (typeof variants)[number];

/** Calls of a turn; each of them is a step of the server. */
const steps = 20;
/** Each round's figure is the middle one of so many turns. */
const tries = 5;

/**
 * What the companion costs the server that runs it: at its start, which a window waits for, and with each step of a turn,
 * for which it describes its tools, hears the events and looks whether something is to be told.
 */
export async function measureCompanion(bed: Bed): Promise<Figure[]> {
  const { dist } = await bed.extension;
  const companion = { file: join(dist, 'companion.js'), options: companionOptions({ hopLimit: 8 }) };
  // As the keeper starts it.
  const environments = {
    without: serving118.environment({}, ''),
    with: serving118.environment({}, '', companion),
  };
  const model = await startScriptedModel({ remembers: false });
  try {
    const starts = await measureStarts(bed, model, environments);
    const turns = await measureTurns(bed, model, environments);
    const added = turns.with.map((time, round) => time - (turns.without[round] ?? Number.NaN));
    const slower = starts.with.map((time, round) => time - (starts.without[round] ?? Number.NaN));
    return [
      {
        part: 'companion',
        name: 'Start in a new home without a network until a folder is listed: more with the companion',
        unit: 'ms',
        values: slower,
        target: atMost(1000),
        note: describe(starts),
      },
      {
        part: 'companion',
        name: 'A step of a turn: with the companion / without',
        unit: 'x',
        values: ratios(turns.with, turns.without),
        target: atMost(1.15),
        note: describe(turns),
      },
      {
        part: 'companion',
        name: 'A step of a turn: more with the companion',
        unit: 'ms',
        values: added,
      },
    ];
  } finally {
    await model.close();
  }
}

type Environments = Readonly<Record<Variant, NodeJS.ProcessEnv>>;

/** Nobody listens there: what npm asks for is refused at once, as by a system without a network. */
const noNetwork = { npm_config_registry: 'http://127.0.0.1:9/', npm_config_offline: undefined };

async function measureStarts(bed: Bed, model: ScriptedModel, environments: Environments): Promise<Pair> {
  const times: Pair = { without: [], with: [] };
  for (let round = 0; round < bed.rounds; round += 1) {
    for (const variant of inTurn(round)) {
      const server = await startOpenCode({
        modelUrl: model.url,
        password: '',
        environment: { ...environments[variant], ...noNetwork },
      });
      try {
        await clientOf(server).session.list({}, { throwOnError: true });
        times[variant].push(performance.now() - server.begun);
      } finally {
        await server.stop();
      }
    }
  }
  return times;
}

/** Both servers run all the time; only one of them works. */
async function measureTurns(bed: Bed, model: ScriptedModel, environments: Environments): Promise<Pair> {
  const servers = new Map<Variant, RunningOpenCode>();
  const times: Pair = { without: [], with: [] };
  try {
    for (const variant of variants) {
      const environment = environments[variant];
      const server = await startOpenCode({ modelUrl: model.url, password: '', environment });
      servers.set(variant, server);
      // The first turns of a server load and compile what they need.
      for (let turn = 0; turn < (bed.quick ? 1 : tries); turn += 1) await timeTurn(server);
    }
    for (let round = 0; round < bed.rounds; round += 1) {
      const taken: Pair = { without: [], with: [] };
      for (let turn = 0; turn < (bed.quick ? 1 : tries); turn += 1) {
        for (const variant of inTurn(turn)) {
          const server = servers.get(variant);
          if (server !== undefined) taken[variant].push((await timeTurn(server)) / steps);
        }
      }
      for (const variant of variants) times[variant].push(median(taken[variant]));
    }
  } finally {
    for (const server of servers.values()) await server.stop();
  }
  return times;
}

/** In a session of its own: all turns are as long as each other. */
async function timeTurn(server: RunningOpenCode): Promise<number> {
  const client = clientOf(server);
  const { data: session } = await client.session.create({ title: 'Steps' }, { throwOnError: true });
  // No call is like another: the server asks the user about one that repeats itself.
  const calls = Array.from({ length: steps }, (_, index) => {
    return `tool: read ${JSON.stringify({ filePath: 'README.md', limit: index + 1 })}`;
  });
  const start = performance.now();
  const { data: answer } = await client.session.prompt(
    {
      sessionID: session.id,
      agent: 'build',
      model: { providerID: 'local', modelID: 'steady' },
      parts: [{ type: 'text', text: [...calls, 'say: done'].join('\n') }],
    },
    { throwOnError: true },
  );
  const time = performance.now() - start;
  if (answer.parts.some((part) => part.type === 'text' && part.text === 'done')) return time;
  throw new Error(`A turn did not come to its end: ${JSON.stringify(answer)}`);
}

function clientOf({ url, workspace }: RunningOpenCode): OpencodeClient {
  return createOpencodeClient({ baseUrl: url, directory: workspace });
}

/** What goes first is at a disadvantage, or the other way round. */
function inTurn(round: number): readonly Variant[] {
  return round % 2 === 0 ? variants : variants.toReversed();
}

function describe(times: Pair): string {
  return `${variants
    .map((variant) => median(times[variant]).toFixed(1))
    .toReversed()
    .join(' / ')} ms`;
}
