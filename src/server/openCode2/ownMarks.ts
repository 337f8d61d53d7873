import * as z from 'zod';
import type { Prompt, PromptPart } from '../../core/ports/openCode.ts';
import { withoutUndefined } from '../../core/withoutUndefined.ts';
import { metadataKey } from '../../protocol/ours.ts';
import { ModelReference, type PartOf } from '../../protocol/records.ts';

// A prompt of 2.x is one text and names neither agent nor model. What our prompts say beside that goes along in the
// metadata of their message, which the server keeps: where each text ends, who was asked, and what was only told.

const Marks = z.object({
  agent: z.string().catch(''),
  model: ModelReference.optional().catch(undefined),
  texts: z
    .array(
      z.object({
        length: z.number(),
        synthetic: z.literal(true).optional(),
        metadata: z.record(z.string(), z.unknown()).optional(),
      }),
    )
    .catch([]),
  told: z.literal(true).optional().catch(undefined),
  structured: z.literal(true).optional().catch(undefined),
});
export type Marks = z.infer<typeof Marks>;

const between = '\n\n';

type Text = Pick<PartOf<'text'>, 'text' | 'synthetic' | 'metadata'>;
type TextPart = Extract<PromptPart, { type: 'text' }>;

function isText(part: PromptPart): part is TextPart {
  return part.type === 'text';
}

/** The one text of a prompt, and the metadata by which `readTexts` finds those that it was made of. */
export function joinTexts(
  { agent, model, parts }: Pick<Prompt, 'agent' | 'model' | 'parts'>,
  way: Pick<Marks, 'told' | 'structured'> = {},
): { readonly text: string; readonly metadata: Record<string, unknown> } {
  const texts = parts.filter(isText);
  const marks: Marks = {
    agent,
    model,
    texts: texts.map(({ text, synthetic, metadata }) => ({
      length: text.length,
      ...withoutUndefined({ synthetic: synthetic === true ? (true as const) : undefined, metadata }),
    })),
    ...way,
  };
  return { text: texts.map(({ text }) => text).join(between), metadata: { [metadataKey]: marks } };
}

/**
 * The prompt with a text behind it that nobody wrote who sent it. Of a prompt of others it is a part of the text: marks would
 * say that it is one of ours.
 */
export function appendText(
  { text, metadata }: { readonly text: string; readonly metadata?: Record<string, unknown> | undefined },
  added: string,
): { readonly text: string; readonly metadata?: Record<string, unknown> } {
  const marks = readMarks(metadata);
  const whole = `${text}${between}${added}`;
  if (marks === undefined) return { text: whole };
  const texts = [...marks.texts, { length: added.length, synthetic: true as const }];
  return { text: whole, metadata: { ...metadata, [metadataKey]: { ...marks, texts } } };
}

export function readMarks(metadata: Record<string, unknown> | undefined): Marks | undefined {
  const kept = metadata?.[metadataKey];
  return kept === undefined ? undefined : Marks.safeParse(kept).data;
}

/** The texts that a text was made of; the whole of it where it is another one by now. */
export function readTexts(text: string, marks: Marks | undefined): readonly Text[] {
  const texts = marks?.texts ?? [];
  const whole = texts.reduce(
    (sum, { length }) => sum + length,
    Math.max(0, texts.length - 1) * between.length,
  );
  if (texts.length === 0 || whole !== text.length) return [{ text }];
  let start = 0;
  return texts.map(({ length, ...rest }) => {
    const own = text.slice(start, start + length);
    start += length + between.length;
    return { text: own, ...withoutUndefined(rest) };
  });
}
