import * as z from 'zod';
import { Problem, sentenceOf } from '../../core/errors.ts';
import { withoutIsolation } from '../../core/isolate.ts';
import type { Executor } from '../executor/executor.ts';

/** The call of a tool by an agent, apart from how a generation of OpenCode asks for it. */
export interface Caller {
  readonly sessionId: string;
  /** The message in which the agent calls. */
  readonly messageId: string;
  readonly agent: string;
  /** Asks by the server's own permission flow, where its rules want that; rejects when it is refused. */
  readonly ask: (asked: AskedOfUser) => Promise<void>;
  /** Resolves when the calls that the same session made before have come to their ends: a server runs those of one step side by side. */
  readonly untilTurn: () => Promise<void>;
}

export interface AskedOfUser {
  readonly permission: 'relay' | 'handoff' | 'fork' | 'message' | 'compact';
  /** What the rules are matched against. */
  readonly pattern: string;
  /** What the user reads. */
  readonly metadata: Readonly<Record<string, unknown>>;
}

export interface ToolAnswer {
  /** A few words, as a list of calls shows them. */
  readonly title: string;
  /** What the model reads. */
  readonly output: string;
  /** What an editor reads of it. */
  readonly metadata?: Readonly<Record<string, unknown>>;
}

export interface AgentTool {
  readonly name: string;
  readonly description: string;
  readonly parameters: z.ZodObject;
  /** What is said with the description at each step, e.g. which agents there are. */
  readonly remark?: ((executor: Executor) => Promise<string>) | undefined;
  /** Throws what the model is to read: what went wrong, and what to do instead. */
  readonly run: (executor: Executor, given: unknown, caller: Caller) => Promise<ToolAnswer>;
}

/** Makes a tool whose arguments are checked here: a server hands on whatever the model wrote. */
export function agentTool<Parameters extends z.ZodObject>(tool: {
  readonly name: string;
  readonly description: string;
  readonly parameters: Parameters;
  readonly remark?: (executor: Executor) => Promise<string>;
  readonly run: (executor: Executor, given: z.output<Parameters>, caller: Caller) => Promise<ToolAnswer>;
}): AgentTool {
  const { name, description, parameters, remark, run } = tool;
  return {
    name,
    description,
    parameters,
    remark,
    run: async (executor, given, caller) => {
      const parsed = parseArguments(tool, given);
      try {
        return await run(executor, parsed, caller);
      } catch (error) {
        throw new Error(withoutIsolation(sentenceOf(error)), { cause: error });
      }
    },
  };
}

/** What a tool was given; throws what the model is to read where that is not right. */
export function parseArguments<Parameters extends z.ZodObject>(
  { name, parameters }: { readonly name: string; readonly parameters: Parameters },
  given: unknown,
): z.output<Parameters> {
  const parsed = parameters.safeParse(given ?? {});
  if (!parsed.success) throw new Error(describeIssues(name, parsed.error));
  return parsed.data;
}

/** A refusal in plain English, for the model. */
export function refuse(sentence: string, cause?: unknown): Problem {
  return new Problem(sentence, { cause });
}

function describeIssues(name: string, { issues }: z.ZodError): string {
  const described = issues.map(({ path, message }) =>
    path.length === 0 ? message : `"${path.join('.')}": ${message}`,
  );
  return `Nothing was done: the arguments of ${name} are not right. ${described.join('; ')}. Call it again with them mended.`;
}
