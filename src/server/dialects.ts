import type { DialectPorts } from './dialect/dialect.ts';
import type { Dialects } from './dialect/versions.ts';
import { createDialect118 } from './openCode118/dialect118.ts';
import { createDialect2 } from './openCode2/dialect2.ts';

/** All generations of OpenCode that this extension speaks with. */
export function createDialects(ports: DialectPorts): Dialects {
  return [createDialect118(ports), createDialect2(ports)];
}
