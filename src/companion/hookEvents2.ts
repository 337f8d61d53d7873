import * as z from 'zod';
import { appendText } from '../server/openCode2/ownMarks.ts';
import type { HookEvent } from './context2.ts';

// What the hooks of 2.x may change of what happens. Fields that are of another form than they are known to have stay as
// they are.

const Prompt = z.object({
  text: z.string(),
  metadata: z.record(z.string(), z.unknown()).optional().catch(undefined),
});

const Named = z.looseObject({ name: z.string() });
type Described = { description?: unknown };

/** Adds a block of text to what is said to the model beside the conversation. */
export function addSystem(event: HookEvent, text: string): void {
  const { system } = event;
  if (Array.isArray(system)) system.push(text);
  else if (typeof system === 'string') event['system'] = `${system}\n\n${text}`;
}

/** Adds a text to what the model reads of a call that has ended. Answers whether there is such a place. */
export function contentOf({ result }: HookEvent): { push(text: string): void } | undefined {
  const content = (result as { content?: unknown } | undefined)?.content;
  if (!Array.isArray(content)) return undefined;
  return { push: (text) => void content.push({ type: 'text', text }) };
}

/** Adds a text to a prompt that is about to be taken, as a part of it that the person did not write. */
export function addToPrompt(event: HookEvent, text: string): void {
  const prompt = Prompt.safeParse(event).data;
  if (prompt === undefined) return;
  Object.assign(event, appendText(prompt, text));
}

/** Adds a remark to the description of a tool as the model is offered it. */
export function describeTool({ tools }: HookEvent, name: string, remark: string): void {
  if (typeof tools !== 'object' || tools === null) return;
  const named = Object.entries(tools).find(
    ([key, tool]) => (Named.safeParse(tool).data?.name ?? key) === name,
  );
  const tool = named?.[1] as Described | undefined;
  if (typeof tool?.description === 'string') tool.description += `\n\n${remark}`;
}
