import { z } from 'zod';

// Fields of bodies that several routes have.

export const model = z.object({ id: z.string(), providerID: z.string(), variant: z.string().optional() });
export const rules = z.array(
  z.object({ action: z.string(), resource: z.string(), effect: z.enum(['allow', 'deny', 'ask']) }),
);
export const metadata = z.record(z.string(), z.unknown());
export const delivery = z.enum(['steer', 'queue']);
export const files = z.array(
  z.object({ uri: z.string(), name: z.string().optional(), description: z.string().optional() }),
);
