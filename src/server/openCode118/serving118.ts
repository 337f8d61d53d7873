import { findHandInObstacle, handedInEnvironment } from '../dialect/handedIn.ts';
import type { HandedInCompanion, Health, Serving } from '../dialect/serving.ts';
import { authorizationHeader, type Endpoint } from '../http/endpoint.ts';
import { readText, sendHttp } from '../http/httpRequest.ts';
import { handIn } from './handedIn.ts';
import { ServerActivity } from './serverActivity.ts';

/** Milliseconds. */
const patience = { probe: 1_500, disposing: 3_000 };

/** How a server of ours is run whose program is OpenCode 1.18 or 1.19. */
export const serving118: Serving = {
  username: 'opencode',
  holdsInput: false,
  words: (port) => ['serve', '--hostname', '127.0.0.1', '--port', String(port)],
  // Whatever the file says of its folder, that of the process counts (1.18.33).
  importing: (file) => ['import', file, '--pure'],
  sanitizing: (sessionId) => ['export', sessionId, '--sanitize', '--pure'],
  environment: serverEnvironment,
  findCompanionObstacle: (environment) => findHandInObstacle(environment, handIn),
  readAddress: (line) => /listening on (http:\/\/[^\s/]+)/.exec(line)?.[1],
  askHealth,
  endRuns: disposeInstances,
  watch: (endpoint) => new ServerActivity(endpoint),
};

function serverEnvironment(
  environment: NodeJS.ProcessEnv,
  password: string,
  companion?: HandedInCompanion,
): NodeJS.ProcessEnv {
  // OPENCODE_CLIENT would take the question tool away (1.18).
  const foreign = /^(ELECTRON_|VSCODE_|OPENCODE_CLIENT$|OPENCODE_SERVER_)/;
  return {
    ...Object.fromEntries(Object.entries(environment).filter(([name]) => !foreign.test(name))),
    OPENCODE_SERVER_PASSWORD: password,
    // Offline, each retry of a plugin's installation would hold the first request for half a minute.
    npm_config_fetch_retries: environment['npm_config_fetch_retries'] ?? '0',
    ...handedInEnvironment(environment, companion, handIn),
  };
}

/** Requests in the first moments are never answered (1.18), so each has its own short patience. */
async function askHealth(endpoint: Endpoint): Promise<Health | undefined> {
  try {
    const response = await sendHttp({
      url: `${endpoint.url}/global/health`,
      headers: authorizationHeader(endpoint),
      signal: AbortSignal.timeout(patience.probe),
    });
    const status = response.statusCode ?? 0;
    const text = await readText(response);
    return status === 200 ? { status, ...(JSON.parse(text) as { version?: string }) } : { status };
  } catch {
    return undefined;
  }
}

async function disposeInstances(endpoint: Endpoint): Promise<void> {
  try {
    const response = await sendHttp({
      url: `${endpoint.url}/global/dispose`,
      method: 'POST',
      headers: authorizationHeader(endpoint),
      signal: AbortSignal.timeout(patience.disposing),
    });
    await readText(response);
  } catch {
    // It does not answer any more: the signals that follow end it all the same.
    return;
  }
}
