import type { Memento } from 'vscode';
import * as z from 'zod';
import { CompactionTrace, type CompactionTraces } from '../../core/turns/compactionTrace.ts';

const key = 'compactions';
const Stored = z.array(CompactionTrace).catch([]);

/** The traces of compactions in the memory of the workspace, so that they outlive the window. */
export function createCompactionTraces(memento: Memento): CompactionTraces {
  const all = (): CompactionTrace[] => Stored.parse(memento.get(key));
  const others = (sessionId: string): CompactionTrace[] =>
    all().filter((trace) => trace.sessionId !== sessionId);
  return {
    all,
    keep: async (trace) => memento.update(key, [...others(trace.sessionId), trace]),
    forget: async (sessionId) => memento.update(key, others(sessionId)),
  };
}
