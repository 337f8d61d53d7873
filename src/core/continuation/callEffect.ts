import type { PartOf } from '../../protocol/records.ts';
import type { CallResult, Given, Patch } from '../tools/tool.ts';
import { countPatchLines } from '../tools/patchLines.ts';
import { toolOf } from '../tools/toolOf.ts';

/** What a tool call did to the work: files that it changed, or something that is not only a look. */
export interface CallEffect {
  readonly changes: readonly ChangedLines[];
  readonly acted: boolean;
}

export interface ChangedLines {
  /** As the tool names it. */
  readonly file: string;
  /** Lines that came and lines that went; undefined where nothing tells. */
  readonly lines: { readonly added: number; readonly removed: number } | undefined;
}

/** Programs that only look, by the beginning of a command. */
const lookingCommand =
  /^\s*(?:cd \S+ && )?(?:ls|cat|head|tail|wc|pwd|which|echo|grep|rg|find|fd|tree|stat|file|du|ps|env|date|git (?:status|log|diff|show|branch|blame|ls-files|rev-parse))\b[^;&>]*$/;

/** A subagent that OpenCode gives no tools that change anything. */
const lookingAgent = 'explore';

/** Reads what a call did. */
export function readCallEffect({ tool: name, state }: PartOf<'tool'>): CallEffect {
  if (state.status !== 'completed') return { changes: [], acted: false };
  const { input, metadata } = state;
  const tool = toolOf(name);
  const { patches, counted } = tool.result({ input, metadata });
  const changes = patches.flatMap(toChange);
  if (changes.length > 0) return { changes, acted: true };
  const given = tool.given(input);
  return {
    changes: unseenChange(tool.kind, given, counted),
    acted: tool.looks !== true && !isLook(tool.kind, given),
  };
}

function isLook(kind: string, { subject = '', agent }: Given): boolean {
  if (kind === 'command') return lookingCommand.test(subject);
  return kind === 'startSubagent' && agent === lookingAgent;
}

/** Of a file that was there, nothing may tell how much of it is as it was. */
function unseenChange(
  kind: string,
  { path = '' }: Given,
  counted: CallResult['counted'],
): readonly ChangedLines[] {
  const isChange = kind === 'editFile' || kind === 'writeFile';
  return isChange && path !== '' ? [{ file: path, lines: counted && toLines(counted) }] : [];
}

function toChange({ file, patch, additions, deletions }: Patch): readonly ChangedLines[] {
  if (file === '') return [];
  if (additions !== undefined && deletions !== undefined) {
    return [{ file, lines: toLines({ additions, deletions }) }];
  }
  return [{ file, lines: patch === '' ? undefined : toLines(countPatchLines(patch)) }];
}

function toLines({ additions, deletions }: NonNullable<CallResult['counted']>): ChangedLines['lines'] {
  return { added: additions, removed: deletions };
}
