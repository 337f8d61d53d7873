import { fileURLToPath } from 'node:url';

/** What an `opencode.json` needs for an MCP server of one tool, `till_pay`, that asks before it pays. */
export const tillServer = {
  mcp: {
    till: {
      type: 'local',
      command: [process.execPath, fileURLToPath(import.meta.resolve('./tillProcess.ts'))],
      enabled: true,
    },
  },
  permission: { bash: 'ask', 'till_*': 'ask' },
};
