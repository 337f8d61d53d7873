import type { CallArguments } from '../../protocol/page/entries.ts';
import type { Fields, Given, Tool } from './tool.ts';

const ways: readonly NonNullable<CallArguments['way']>[] = ['message', 'new', 'fork', 'compact'];

/**
 * How these plugins name a session at the end of what they answer, which may be a text of a model before that;
 * `delegate_task` keeps it with the call as well.
 */
const namedSession = /\b(?:session(?:[ _]?id)?|id)["`*]*\s*[:=]\s*["`*]*(ses_\w+)/gi;

/** How they begin where they could not do it, which a server counts as done. */
const failure = /^\s*(?:error|failed):/i;

/**
 * By which agents pass work on with known plugins, beside the tools of every generation: `session` of opencode-sessions,
 * `session_handoff` and `read_session` of opencode-session-handoff, `delegate_task` of oh-my-opencode and of
 * opencode-orchestrator. Another plugin may call a tool so: a call counts as theirs only if it was given what theirs are.
 */
export function pluginTools(other: Tool): ReadonlyMap<string, Tool> {
  return new Map<string, Tool>([
    [
      'session',
      passOn(other, (input) => ({
        way: text(input, 'text') === undefined ? undefined : ways.find((way) => way === input['mode']),
        subject: text(input, 'text'),
        agent: text(input, 'agent'),
      })),
    ],
    [
      'session_handoff',
      passOn(other, (input) => ({
        way: text(input, 'summary') === undefined ? undefined : 'handoff',
        subject: text(input, 'summary'),
        agent: text(input, 'agent'),
      })),
    ],
    [
      'delegate_task',
      passOn(other, (input) => ({
        way: text(input, 'prompt') === undefined ? undefined : 'subagent',
        subject: text(input, 'description') ?? text(input, 'prompt'),
        agent: text(input, 'agent') ?? text(input, 'subagent_type') ?? text(input, 'category'),
      })),
    ],
    ['read_session', { ...other, looks: true }],
    ['session_list', { ...other, looks: true }],
  ]);
}

function passOn(other: Tool, given: (input: Fields) => Given): Tool {
  return {
    ...other,
    given,
    result: (call) => {
      const { output = '' } = call;
      const result = other.result(call);
      const isTheirs = given(call.input).way !== undefined;
      const named = isTheirs ? [...output.matchAll(namedSession)].at(-1)?.[1] : undefined;
      return {
        ...result,
        childSessionId: result.childSessionId ?? named,
        hasFailed: isTheirs && failure.test(output),
      };
    },
  };
}

function text(fields: Fields, key: string): string | undefined {
  const value = fields[key];
  return typeof value === 'string' && value !== '' ? value : undefined;
}
