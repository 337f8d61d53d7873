import * as z from 'zod';

/** A list of which an element that cannot be read takes no other with it. */
function each<Element extends z.ZodType>(element: Element) {
  return z.array(z.unknown()).transform((all) =>
    all.flatMap((one): z.output<Element>[] => {
      const read = element.safeParse(one);
      return read.success ? [read.data] : [];
    }),
  );
}

/**
 * Providers of models that a server knows, whether it can ask them or not, and how it is signed in to them. The server's own
 * records of these hold keys, too: they are not read.
 */

export const KnownProviders = z.object({
  all: each(
    z.object({
      id: z.string(),
      name: z.string(),
      /** The environment variables that stand for a key. */
      env: z.array(z.string()).catch([]),
      models: z.record(z.string(), z.unknown()).catch({}),
    }),
  ),
  connected: each(z.string()).catch([]),
});

/** Something that is asked before, and that only where what was answered before fits. */
export const SignInPrompt = z.object({
  key: z.string(),
  message: z.string(),
  placeholder: z.string().optional().catch(undefined),
  /** Absent: a text is asked for. */
  options: z
    .array(z.object({ label: z.string(), value: z.string(), hint: z.string().optional().catch(undefined) }))
    .optional(),
  when: z
    .object({ key: z.string(), op: z.enum(['eq', 'neq']), value: z.string() })
    .optional()
    .catch(undefined),
});
export type SignInPrompt = z.infer<typeof SignInPrompt>;

const unknownMethod = { type: '', label: '' };

/** A method is known by its place in the list: one that cannot be read keeps it. */
export const SignInMethods = z.record(
  z.string(),
  z
    .array(
      z
        .object({
          type: z.string(),
          label: z.string().catch(''),
          prompts: z.array(SignInPrompt).catch([]).optional(),
        })
        .catch(unknownMethod),
    )
    .catch([]),
);

/** Nothing where the method has nothing to open. */
export const Authorization = z
  .object({ url: z.string(), method: z.enum(['auto', 'code']), instructions: z.string().catch('') })
  .nullish();
