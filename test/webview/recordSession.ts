import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { OpenCode, PromptPart } from '../../src/core/openCode.ts';
import type { ServerEvent } from '../../src/protocol/events.ts';
import { openWindow } from '../workbench/connectedWindow.ts';
import { startOpenCode, withSnapshots } from '../workbench/openCodeServer.ts';
import { startScriptedModel } from '../workbench/scriptedModel.ts';
import { waitFor } from '../workbench/waitFor.ts';
import { recordingsFolder, type Recording } from './recording.ts';

// node test/webview/recordSession.ts: talks to the real server and writes down what it says and keeps.

const onePixel =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

const answer = `The cart lives in \`src/cart.ts:3\`. **Three things changed:**

1. Items are private and *typed*.
2. The total is computed, see [the docs](https://example.com/cart).
   - rounding is left to the view

| File | Lines |
|---|---:|
| src/cart.ts | 7 |

\`\`\`ts
export const total = (items: readonly number[]): number => items.reduce((sum, item) => sum + item, 0);
\`\`\`

> Nothing else depends on it.

- [x] cart
- [ ] checkout`.replaceAll('\n', String.raw`\n`);

const before = 'export class Cart {\n  items = [];\n}\n';
const after = 'export class Cart {\n  readonly #items: number[] = [];\n}\n';
const json = JSON.stringify;

/** What the model does, one prompt after the other; what a prompt asks for is allowed and answered. */
const prompts = (workspace: string): readonly (readonly PromptPart[])[] => [
  [
    {
      type: 'text',
      text: `slow: 400
think: The cart needs **types** first.
tool: todowrite ${json({ todos: [{ content: 'Write the cart', status: 'in_progress', priority: 'high' }] })}
tool: write ${json({ filePath: join(workspace, 'src/cart.ts'), content: before })}
tool: read ${json({ filePath: join(workspace, 'src/cart.ts') })}
tool: edit ${json({ filePath: join(workspace, 'src/cart.ts'), oldString: '  items = [];', newString: after.split('\n')[1] })}
tool: bash ${json({ command: String.raw`printf '\033[32mpassed\033[0m\n\033[31mfailed\033[0m\n'; exit 1`, description: 'Runs the tests' })}
tool: read ${json({ filePath: join(workspace, 'gone.ts') })}
tool: hologram ${json({ city: 'Berlin' })}
tool: task ${json({ description: 'Find the callers', prompt: 'say: Nobody calls it.', subagent_type: 'helper' })}
tool: question ${json({ questions: [{ header: 'Currency', question: 'Which currency?', options: [{ label: 'EUR', description: 'Euro' }] }] })}
say: ${answer}`,
    },
    {
      type: 'file',
      mime: 'text/plain',
      url: `file://${join(workspace, 'README.md')}`,
      filename: 'README.md',
    },
    { type: 'file', mime: 'image/png', url: onePixel, filename: 'cart.png' },
    { type: 'agent', name: 'helper' },
  ],
  [{ type: 'text', text: 'fail: 503 x1 Overloaded\nsay: The second attempt went well.' }],
  [{ type: 'text', text: 'fail: 400 x* The prompt was refused.' }],
];

async function record(): Promise<Recording> {
  const scripted = await startScriptedModel();
  const server = await startOpenCode({ modelUrl: scripted.url, environment: withSnapshots });
  const window = openWindow(server, {
    settings: () => ({ url: server.url }),
    credentials: async () => server,
  });
  try {
    await window.connection.connect();
    const { openCode } = window.connection;
    const model = { providerID: 'local', modelID: 'thinker' };
    const session = await openCode.createSession({ directory: server.workspace, title: 'The cart' });
    const answering = answerAll(openCode, server.workspace, window.events);
    /** Waits for the end of the run that began when so many events had come. */
    const settled = (from: number) =>
      waitFor(() => window.events.slice(from).some((event) => isEndOf(event, session.id)), {
        what: 'the end of the run',
        timeout: 60_000,
      });
    const prompt = async (parts: readonly PromptPart[]): Promise<void> => {
      const from = window.events.length;
      await openCode.promptSession(session.id, { agent: 'build', model, parts });
      await settled(from);
      // What a run that failed says twice shall not be taken for the end of the next one.
      await delay(500);
    };
    for (const parts of prompts(server.workspace)) await prompt(parts);
    await openCode.summarizeSession(session.id, model);
    await window.untilEvent('the compaction', ({ type }) => type === 'session.compacted');
    await delay(500);
    await prompt([{ type: 'text', text: 'say: And on it goes.' }]);
    answering.stop();
    const { messages } = await openCode.listMessages(session.id, { limit: 200 });
    const events = window.events.filter((event) => concerns(event, session.id));
    const text = JSON.stringify({ sessionId: session.id, messages, events });
    return JSON.parse(text.replaceAll(server.workspace, '/work/shop')) as Recording;
  } finally {
    window.close();
    await server.stop();
    await scripted.close();
  }
}

/** Allows and answers whatever is asked for, as soon as it is. */
function answerAll(openCode: OpenCode, directory: string, events: readonly ServerEvent[]) {
  let next = 0;
  const timer = setInterval(() => {
    for (; next < events.length; next++) {
      const event = events[next];
      if (event?.type === 'permission.asked') {
        void openCode.replyPermission(directory, event.properties.id, 'once');
      }
      if (event?.type === 'question.asked') {
        void openCode.replyQuestion(directory, event.properties.id, [['EUR']]);
      }
    }
  }, 50);
  return { stop: () => clearInterval(timer) };
}

function isEndOf(event: ServerEvent, sessionId: string): boolean {
  return event.type === 'session.idle' && event.properties.sessionID === sessionId;
}

/** Whether the event changes the transcript of the session. */
function concerns({ type, properties }: ServerEvent, sessionId: string): boolean {
  return type.startsWith('message.') && JSON.stringify(properties).includes(sessionId);
}

const recording = await record();
await writeFile(join(recordingsFolder, 'cart.json'), `${JSON.stringify(recording, undefined, 1)}\n`);
