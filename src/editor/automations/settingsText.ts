import type { Node } from 'jsonc-parser';
import type {
  AutomationEntry,
  AutomationFault,
  AutomationOrigin,
} from '../../core/automations/automation.ts';
import { automationsKey, entriesOf } from './automationSettings.ts';

/** A stretch of a text, in characters. */
export interface Stretch {
  readonly offset: number;
  readonly length: number;
}

/** An entry in the text of a settings file, and where what is said of it stands there. */
export interface WrittenEntry {
  readonly entry: AutomationEntry;
  /** The place of a fault: of the key that it is about, else of the nearest thing around it that stands there. */
  readonly placeOf: (path: AutomationFault['path']) => Stretch;
}

/** Where the setting may stand in a settings file, and in a workspace file. */
const keys = [[automationsKey], automationsKey.split('.')];
const roots = [[], ['settings']];

/** The entries that stand in a settings file, also one that is being written: what of it cannot be read is passed over. */
export async function readWritten(text: string, origin: AutomationOrigin): Promise<readonly WrittenEntry[]> {
  const { parseTree, findNodeAtLocation, getNodeValue } = await import('jsonc-parser');
  const tree = parseTree(text, [], { allowTrailingComma: true });
  if (tree === undefined) return [];
  const root = roots
    .flatMap((start) => keys.map((key) => [...start, ...key]))
    .map((path) => findNodeAtLocation(tree, path))
    .find((node) => node !== undefined);
  if (root === undefined) return [];
  return entriesOf(origin, getNodeValue(root)).map((entry) => ({
    entry,
    placeOf: (path) => {
      for (let length = path.length; length >= 0; length -= 1) {
        const node = findNodeAtLocation(root, [entry.name, ...path.slice(0, length)]);
        if (node !== undefined) return stretchOf(node, length === path.length);
      }
      return stretchOf(root, false);
    },
  }));
}

/** Of a value, all of it where that is short; else its key, so that no half of a file is underlined. */
function stretchOf(node: Node, isExact: boolean): Stretch {
  const isShort = node.type !== 'object' && node.type !== 'array';
  const key = node.parent?.type === 'property' ? node.parent.children?.[0] : undefined;
  if (isExact && isShort) return { offset: node.offset, length: node.length };
  return key === undefined ? { offset: node.offset, length: Math.min(node.length, 1) } : key;
}

/** What is being written at a place of a settings file, where that is a name in an automation. */
export interface NamePlace {
  readonly what: 'task' | 'command' | 'agent';
  /** The text that stands there, quotes included. */
  readonly written: Stretch | undefined;
}

export async function findNamePlace(text: string, offset: number): Promise<NamePlace | undefined> {
  const { getLocation } = await import('jsonc-parser');
  const { path, isAtPropertyKey, previousNode } = getLocation(text, offset);
  if (isAtPropertyKey) return undefined;
  const inSetting = path[0] === 'settings' ? path.slice(1) : path;
  if (inSetting[0] !== automationsKey) return undefined;
  const [, , ...inEntry] = inSetting;
  const what = nameAt(inEntry);
  if (what === undefined) return undefined;
  const isOn =
    previousNode?.type === 'string' &&
    previousNode.offset <= offset &&
    offset <= previousNode.offset + previousNode.length;
  return { what, written: isOn ? { offset: previousNode.offset, length: previousNode.length } : undefined };
}

function nameAt([first, second, third, fourth]: readonly (string | number)[]): NamePlace['what'] | undefined {
  if (first === 'if') return second === 'agent' ? 'agent' : undefined;
  if (first !== 'do') return undefined;
  if (third === 'task' && fourth === undefined) return 'task';
  if (third === 'command') return fourth === undefined || fourth === 'id' ? 'command' : undefined;
  return fourth === 'agent' ? 'agent' : undefined;
}
