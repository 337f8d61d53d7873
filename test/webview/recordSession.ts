import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { OpenCode, PromptPart } from '../../src/core/ports/openCode.ts';
import type { ServerEvent } from '../../src/protocol/events.ts';
import { openWindow } from '../workbench/connectedWindow.ts';
import { startOpenCode, withSnapshots } from '../workbench/openCodeServer.ts';
import { startScriptedModel } from '../workbench/scriptedModel.ts';
import { waitFor } from '../workbench/waitFor.ts';
import { recordingsFolder, type Recording } from './recording.ts';
import { summarize } from '../workbench/compacting.ts';

// node test/webview/recordSession.ts [name…]: talks to the real server and writes down what it says and keeps.

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

/** A session in which everything happens that 1.18 keeps; what the model asks for is allowed and answered. */
const cart = (workspace: string): readonly (readonly PromptPart[])[] => [
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

const review = `<script>alert(1)</script> and <b>raw</b> HTML,  a bell, שלום to the right, 👩‍👩‍👧 one family.

${Array.from({ length: 12 }, (_, index) => `${index + 1}. Step ${index + 1}\n   - with *detail* ${index}\n     > and a quote`).join('\n')}

| Case | Before | After |
|:-----|:------:|------:|
${Array.from({ length: 9 }, (_, index) => `| ${index} | \`${index / 3}\` | **${index}** |`).join('\n')}

\`\`\`python
def total(items):
    return round(sum(items), 2)
\`\`\`

    indented code

A [link][1], an ![image](https://example.com/a.png) and a long word: ${'long'.repeat(60)}

[1]: https://example.com/rounding

\`\`\`ts
// a fence that nobody closes
export const round = (value: number) => value;`.replaceAll('\n', String.raw`\n`);

/** A session of searching and of what a person stops. */
const rounding = (workspace: string): readonly (readonly PromptPart[])[] => [
  [
    {
      type: 'text',
      text: `slow: 400
tool: glob ${json({ pattern: '**/*.md' })}
tool: grep ${json({ pattern: 'shop', path: workspace })}
tool: bash ${json({ command: 'seq 1 400', description: 'Counts' })}
tool: webfetch ${json({ url: 'http://127.0.0.1:9/', format: 'text' })}
say: ${review}`,
    },
  ],
  [{ type: 'text', text: 'think: About to *stop*.\nsay: This is cut\nhold: never\nsay:  off.' }],
  [{ type: 'text', text: 'say: And again, from where it stood.' }],
];

interface Script {
  readonly title: string;
  readonly prompts: (workspace: string) => readonly (readonly PromptPart[])[];
  /** Whether it ends with a compaction and a prompt after it. */
  readonly isCompacted?: boolean;
}

const scripts: Readonly<Record<string, Script>> = {
  cart: { title: 'The cart', prompts: cart, isCompacted: true },
  rounding: { title: 'The rounding', prompts: rounding },
};

async function record({ title, prompts, isCompacted = false }: Script): Promise<Recording> {
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
    const session = await openCode.createSession({ directory: server.workspace, title });
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
      if (isHeld(parts)) {
        await waitFor(() => window.events.slice(from).some(isTextOfModel), {
          what: 'the beginning of the answer',
        });
        await delay(500);
        await openCode.abortSession(session.id);
      }
      await settled(from);
      // What a run that failed says twice shall not be taken for the end of the next one.
      await delay(500);
    };
    for (const parts of prompts(server.workspace)) await prompt(parts);
    if (isCompacted) {
      await summarize(server, session, model);
      await window.untilEvent('the compaction', ({ type }) => type === 'session.compacted');
      await delay(500);
      await prompt([{ type: 'text', text: 'say: And on it goes.' }]);
    }
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

/** Whether the model waits in its answer for ever: the person stops it. */
function isHeld(parts: readonly PromptPart[]): boolean {
  return parts.some((part) => part.type === 'text' && part.text.includes('hold: never'));
}

/** Allows and answers whatever is asked for, as soon as it is. */
function answerAll(openCode: OpenCode, directory: string, events: readonly ServerEvent[]) {
  let next = 0;
  const timer = setInterval(() => {
    for (; next < events.length; next++) {
      const event = events[next];
      if (event?.type === 'permission.asked') {
        void openCode.replyPermission(directory, event.properties, 'once');
      }
      if (event?.type === 'question.asked') {
        void openCode.replyQuestion(directory, event.properties, [['EUR']]);
      }
    }
  }, 50);
  return { stop: () => clearInterval(timer) };
}

function isEndOf(event: ServerEvent, sessionId: string): boolean {
  return event.type === 'session.idle' && event.properties.sessionID === sessionId;
}

function isTextOfModel(event: ServerEvent): boolean {
  return event.type === 'message.part.delta' && JSON.stringify(event).includes('cut');
}

/** Whether the event changes the transcript of the session. */
function concerns({ type, properties }: ServerEvent, sessionId: string): boolean {
  return type.startsWith('message.') && JSON.stringify(properties).includes(sessionId);
}

const named = process.argv.slice(2);
for (const [name, script] of Object.entries(scripts)) {
  if (named.length > 0 && !named.includes(name)) continue;
  const recording = await record(script);
  await writeFile(join(recordingsFolder, `${name}.json`), `${JSON.stringify(recording, undefined, 1)}\n`);
}
