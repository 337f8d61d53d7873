// What is said in a soak, and what the scripted model does for it: each prompt says by itself what is to come of it.

/** Who passes the turn on to whom, round and round. */
export const agents = ['build', 'plan', 'reviewer'] as const;

/** The prompt that begins a chain of so many relays; its first answer is none of them. */
export function relayPrompt(hop: number, hops: number): string {
  return `relay ${hop} of ${hops}`;
}

/** The prompt with which a person has a session write to these others, as `from`, once it was let go. */
export function writePrompt(lap: number, from: number, targets: readonly string[]): string {
  return `write ${lap} as ${from} to ${targets.join(' ')}`;
}

/** Where the model waits before it writes. */
export function writeGate(lap: number, from: number): string {
  return `write-${lap}-${from}`;
}

/** What is answered. */
export const answers = {
  relay: (hop: number) => `relay ${hop} is done`,
  note: (lap: number, from: number) => `note ${lap} of ${from} is read`,
  wrote: (lap: number) => `lap ${lap} is written`,
};

/** The script of each of these prompts. The tokens that it claims fill no context, however long a session becomes. */
export function perform(prompt: string): string {
  const lines = performRelay(prompt) ?? performWriting(prompt) ?? performNote(prompt) ?? ['say: Nothing.'];
  return ['usage: 1000 50', ...lines].join('\n');
}

function performRelay(prompt: string): string[] | undefined {
  const [, hop, hops] = /relay (\d+) of (\d+)/.exec(prompt)?.map(Number) ?? [];
  if (hop === undefined || hops === undefined) return undefined;
  const done = `say: ${answers.relay(hop)}`;
  if (hop === hops) return [done];
  const next = { mode: 'message', agent: agentOf(hop + 1), text: relayPrompt(hop + 1, hops) };
  return [`tool: session ${JSON.stringify(next)}`, done];
}

/** Who answers the relay of that number; 0 is the prompt of the person. */
export function agentOf(hop: number): string {
  return agents[hop % agents.length] ?? agents[0];
}

function performWriting(prompt: string): string[] | undefined {
  const [, lap, from, targets] = /write (\d+) as (\d+) to ([\w ]+)/.exec(prompt) ?? [];
  if (targets === undefined) return undefined;
  const calls = targets.split(' ').map((sessionID) => {
    return `session_send ${JSON.stringify({ sessionID, text: `note ${lap} of ${from}` })}`;
  });
  return [
    `hold: ${writeGate(Number(lap), Number(from))}`,
    ...calls.map((call, index) => `${index === 0 ? 'tool' : 'also'}: ${call}`),
    `say: ${answers.wrote(Number(lap))}`,
  ];
}

function performNote(prompt: string): string[] | undefined {
  const [, lap, from] = /note (\d+) of (\d+)/.exec(prompt)?.map(Number) ?? [];
  return lap === undefined || from === undefined ? undefined : [`say: ${answers.note(lap, from)}`];
}
