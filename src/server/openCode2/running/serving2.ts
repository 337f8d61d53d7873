import * as z from 'zod/mini';
import { isLoopback } from '../../../core/loopback.ts';
import { addToList, findHandInObstacle, handedInEnvironment, type HandIn } from '../../dialect/handedIn.ts';
import type { HandedInCompanion, Serving } from '../../dialect/serving.ts';
import type { Endpoint } from '../../http/endpoint.ts';
import { Activity2 } from './activity2.ts';
import { askInfo } from './info.ts';

/** The user name that every server of 2.x has. */
export const username2 = 'opencode';

const Listening = z.object({ url: z.string() });

/**
 * How a server of ours is run whose program is OpenCode 2.x: one that ends when its standard input is closed, so that
 * none outlives its keeper, and that keeps its password from the tools that it runs (2.0.26). It registers nowhere.
 */
export const serving2: Serving = {
  username: username2,
  holdsInput: true,
  words: () => ['serve', '--stdio'],
  environment: serverEnvironment,
  findCompanionObstacle: (environment) => findHandInObstacle(environment, handIn2),
  readAddress,
  askHealth: askInfo,
  endRuns,
  watch: (endpoint) => new Activity2(endpoint),
};

/** A plugin of 2.x is named by the path of its file, with its options beside it. */
export const handIn2: HandIn = (content, { file, options }) =>
  addToList(content, 'plugins', { package: file, options });

function serverEnvironment(
  environment: NodeJS.ProcessEnv,
  password: string,
  companion?: HandedInCompanion,
): NodeJS.ProcessEnv {
  const foreign = /^(ELECTRON_|VSCODE_|OPENCODE_CLIENT$|OPENCODE_SERVER_|OPENCODE_PASSWORD$)/;
  return {
    ...Object.fromEntries(Object.entries(environment).filter(([name]) => !foreign.test(name))),
    OPENCODE_PASSWORD: password,
    ...handedInEnvironment(environment, companion, handIn2),
  };
}

/** It prints `{"url":"http://…"}` in a line of its own; one that leads elsewhere is none of ours. */
function readAddress(line: string): string | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const url = URL.parse(Listening.safeParse(JSON.parse(line)).data?.url ?? '');
    return url !== null && isLoopback(url.hostname) ? url.origin : undefined;
  } catch {
    return undefined;
  }
}

async function endRuns(endpoint: Endpoint): Promise<void> {
  const activity = new Activity2(endpoint);
  await activity.interrupt();
  activity.dispose();
}
