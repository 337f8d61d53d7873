import * as z from 'zod';
import type { Log } from '../core/log.ts';
import { companionQuestion } from '../protocol/companion.ts';
import { partIdAfter } from '../server/openCode118/partId.ts';
import { openWithin118 } from '../server/openCode118/within118.ts';
import type { Within } from '../server/dialect/within.ts';
import { configure } from './configuration118.ts';
import { standIn } from './copies.ts';
import type { KeptFiles } from './executor/keptFiles.ts';
import { wait } from './executor/timers.ts';
import { CompanionOptions, RunningCompanion } from './runningCompanion.ts';
import { agentTools } from './tools/tools.ts';
import { companionVersion } from './version.ts';

// What OpenCode 1.18 hands to a plugin and takes from it, as far as it is used here (`@opencode-ai/plugin`, 1.18.33).

interface PluginInput {
  readonly directory: string;
  readonly client: {
    readonly _client: {
      getConfig(): {
        readonly baseUrl?: string;
        readonly fetch?: (request: Request) => Promise<Response>;
        /** Of every request: the password, where there is one. */
        readonly headers?: HeadersInit;
      };
    };
    readonly app: {
      log(entry: { body: { service: string; level: string; message: string } }): Promise<unknown>;
    };
  };
}

interface ToolContext {
  readonly sessionID: string;
  readonly messageID: string;
  readonly agent: string;
  ask(asked: {
    permission: string;
    patterns: readonly string[];
    always: readonly string[];
    metadata: Readonly<Record<string, unknown>>;
  }): Promise<void>;
}

interface ToolCall {
  readonly tool: string;
  readonly sessionID: string;
  readonly callID: string;
}

interface PromptPart118 {
  readonly id: string;
  readonly [field: string]: unknown;
}

const Question = z.object({
  type: z.literal('tui.command.execute'),
  properties: z.object({ command: z.literal(companionQuestion) }),
});

/** The half of 1.18 and 1.19. Nothing is asked of the server here: it would wait for this very function for ever. */
export async function server(input: PluginInput, options: unknown): Promise<Record<string, unknown>> {
  const { directory } = input;
  const log = serverLog(input);
  const open = (kept: KeptFiles): Promise<Within> => openWithin(input, kept, log);
  const companion = new RunningCompanion({ directory, options: CompanionOptions.parse(options), open, log });
  const hooks = companion.called.note(hooksOf(companion));
  const retire = (): void => {
    void companion.retire();
    // The server keeps this very object, and looks there for a hook each time (1.18.33).
    for (const name of Object.keys(hooks)) Reflect.deleteProperty(hooks, name);
  };
  if (!standIn(input, { version: companionVersion, retire })) return {};
  companion.beginSoon();
  return hooks;
}

function hooksOf(companion: RunningCompanion): Record<string, unknown> {
  return {
    config: async (config: Record<string, unknown>) => configure(config),
    event: async ({ event }: { event: unknown }): Promise<void> => {
      if (isQuestion(event)) companion.asked();
      companion.wake(event);
    },
    tool: toolsOf(companion),
    'tool.definition': async (
      { toolID }: { toolID: string },
      definition: { description: string },
    ): Promise<void> =>
      companion.describe(toolID, (remark) => {
        definition.description += `\n\n${remark}`;
      }),
    'chat.message': async (
      { sessionID }: { sessionID: string },
      { message, parts }: { message: { readonly id: string }; parts: PromptPart118[] },
    ): Promise<void> =>
      companion.tellWithPrompt(sessionID, (text) => {
        const ids = parts.map(({ id }) => id);
        const place = { id: partIdAfter(message.id, ids), messageID: message.id, sessionID };
        parts.push({ ...place, type: 'text', text, synthetic: true });
      }),
    'chat.params': async ({ sessionID }: { sessionID: string }): Promise<void> =>
      companion.beginStep(sessionID),
    'tool.execute.before': async (
      { tool, sessionID, callID }: ToolCall,
      { args }: { args: unknown },
    ): Promise<void> => companion.amend({ tool, sessionId: sessionID, callId: callID }, args),
    'tool.execute.after': async (
      { tool, sessionID, callID }: ToolCall,
      answer: { output?: unknown },
    ): Promise<void> => {
      const add = (told: string): void => {
        if (typeof answer.output === 'string') answer.output += `\n\n${told}`;
      };
      const call = { tool, sessionId: sessionID, callId: callID };
      await companion.tellAfter(call, typeof answer.output === 'string' ? add : undefined);
    },
    'experimental.session.compacting': async (
      { sessionID }: { sessionID: string },
      { context }: { context: string[] },
    ): Promise<void> => companion.keepThroughCompaction(sessionID, (kept) => void context.push(kept)),
    dispose: async () => companion.retire(),
  };
}

function toolsOf(companion: RunningCompanion): Record<string, unknown> {
  return Object.fromEntries(
    agentTools.map((tool) => {
      const execute = (given: unknown, context: ToolContext) =>
        companion.run(tool, given, {
          sessionId: context.sessionID,
          messageId: context.messageID,
          agent: context.agent,
          ask: ({ permission, pattern, metadata }) =>
            context.ask({ permission, patterns: [pattern], always: [pattern], metadata }),
        });
      return [tool.name, { description: tool.description, args: tool.parameters.shape, execute }];
    }),
  );
}

function openWithin({ directory, client }: PluginInput, kept: KeptFiles, log: Log): Promise<Within> {
  const {
    baseUrl = 'http://localhost',
    fetch: send = globalThis.fetch,
    headers,
  } = client._client.getConfig();
  const authorization = new Headers(headers).get('authorization');
  const fetch = (request: Request): Promise<Response> => {
    if (authorization !== null) request.headers.set('authorization', authorization);
    return send(request);
  };
  return openWithin118({ baseUrl, fetch, directory, kept, wait, log });
}

/** Most events are pieces of answers, and a parse that fails costs many times one that succeeds. */
function isQuestion(event: unknown): boolean {
  const { type } = event as { readonly type?: unknown };
  return type === Question.shape.type.value && Question.safeParse(event).success;
}

/** The server's own log: standard output is the terminal's. */
function serverLog({ client }: PluginInput): Log {
  const write =
    (level: string) =>
    (message: string, ...details: readonly unknown[]): void => {
      const words = [message, ...details.map((detail) => describe(detail))].join(' ');
      void client.app
        .log({ body: { service: 'opencode-sessions', level, message: words } })
        .then(undefined, () => undefined);
    };
  return { debug: () => undefined, info: write('info'), warn: write('warn'), error: write('error') };
}

function describe(detail: unknown): string {
  return detail instanceof Error ? (detail.stack ?? detail.message) : (JSON.stringify(detail) ?? '');
}
