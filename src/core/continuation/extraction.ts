import * as z from 'zod';

const sentence = z.string().trim();
const sentences = z.array(sentence).transform((list) => list.filter((entry) => entry !== ''));

/** What a model makes of a session for its successor. */
export const Extraction = z.object({
  summary: sentence.describe('The current state in 1 to 3 sentences.'),
  goal: sentence.describe('What the next session is to reach, in one sentence.'),
  decisions: z
    .array(z.object({ decision: sentence, reason: sentence }))
    .describe('Decisions that still hold, each with its reason.'),
  triedAndFailed: sentences.describe('What was tried and did not work, and why.'),
  blocked: sentence.describe('What blocks the work; empty if nothing does.'),
  nextSteps: sentences.describe('The next steps, first one first.'),
});
export type Extraction = z.infer<typeof Extraction>;

/** The JSON schema of `Extraction`, as a prompt's answer format. */
export function extractionSchema(): Record<string, unknown> {
  const { $schema: _, ...schema } = z.toJSONSchema(Extraction, { io: 'input' });
  return schema;
}

/** The prompt that asks for an `Extraction`; `goal` is what the user wants next, empty if nothing was said. */
export function buildExtractionPrompt(goal: string): string {
  return [
    'Another agent continues this work in a session of its own and knows nothing of this conversation.',
    'Extract what it must know. State only what this conversation says; leave empty what it does not say.',
    'Keep names of files, functions and commands exactly. Do not use any tool to look at files.',
    ...(goal.trim() === ''
      ? []
      : ['', 'What matters is what serves this goal of the next session:', goal.trim()]),
  ].join('\n');
}
