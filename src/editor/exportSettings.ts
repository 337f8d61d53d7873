import * as z from 'zod';
import { workspace } from 'vscode';
import { folderOf } from './workspaceFolders.ts';

const section = 'opencodeSessions.export';

const Reasoning = z.enum(['omit', 'fold', 'include']).catch('omit');
const ToolCalls = z.enum(['omit', 'cut', 'whole']).catch('cut');

/** The settings of exports as they stand at the moment of asking. */
export const exportSettings = {
  options: () => ({
    redact: read('redact') !== false,
    reasoning: Reasoning.parse(read('reasoning')),
    calls: ToolCalls.parse(read('toolCalls')),
    pictures: read('pictures') === true,
  }),
  /** For a session of that folder. */
  template: (directory: string): string | undefined => {
    const text = workspace.getConfiguration(section, folderOf(directory)).get<string>('template');
    return text === undefined || text.trim() === '' ? undefined : text;
  },
};

function read(name: string): unknown {
  return workspace.getConfiguration(section).get(name);
}
