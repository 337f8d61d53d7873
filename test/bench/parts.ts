import type { Bed } from './bed.ts';
import type { Figure } from './figure.ts';
import { measureActivation } from './parts/activation.ts';
import { measureAutomations } from './parts/automations.ts';
import { measureBlocks } from './parts/blocks.ts';
import { measureCompanion } from './parts/companion.ts';
import { measureExports } from './parts/export.ts';
import { measureDocument } from './parts/document.ts';
import { measureHost } from './parts/host.ts';
import { measureMemory } from './parts/memory.ts';
import { measureOpen } from './parts/open.ts';
import { measureScroll } from './parts/scroll.ts';
import { measureSize } from './parts/size.ts';
import { measureStream } from './parts/stream.ts';
import { measureWindow } from './parts/window.ts';

/** What the benchmark measures, in the order in which it does. */
export const parts: Readonly<Record<string, (bed: Bed) => Promise<Figure[]>>> = {
  open: measureOpen,
  stream: measureStream,
  blocks: measureBlocks,
  scroll: measureScroll,
  memory: measureMemory,
  export: measureExports,
  document: measureDocument,
  host: measureHost,
  window: measureWindow,
  activation: measureActivation,
  companion: measureCompanion,
  automations: measureAutomations,
  size: measureSize,
};

export const partNames: readonly string[] = Object.keys(parts);
