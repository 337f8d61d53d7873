import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** Another program that listens to a server's events, as OpenCode's own terminal does; resolves once it hears them. */
export async function startEventClient(server: {
  readonly url: string;
  readonly password: string;
}): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', listen], {
    env: { ...process.env, URL: `${server.url}/global/event`, PASSWORD: server.password },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  return child;
}

const listen = `
  const authorization = 'Basic ' + Buffer.from('opencode:' + process.env.PASSWORD).toString('base64');
  const response = await fetch(process.env.URL, { headers: { authorization } });
  for await (const chunk of response.body) console.log(chunk.length);
`;
