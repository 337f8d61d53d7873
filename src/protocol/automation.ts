import * as z from 'zod';

/** What an automation that writes a prompt, or makes a session, leaves of itself there. */
export const StartedBy = z.object({
  name: z.string(),
  /** The event that it followed, by the word of the setting. */
  on: z.string(),
  /** The names of the automations that led to it, first first, its own included: none of them is started by what comes of it. */
  chain: z.array(z.string()),
});
export type StartedBy = z.infer<typeof StartedBy>;
