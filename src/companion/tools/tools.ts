import type { AgentTool } from './agentTool.ts';
import { readSessionTool } from './readSession.ts';
import { sessionTool } from './session.ts';
import { sessionHandoffTool } from './sessionHandoff.ts';
import { sessionListTool } from './sessionList.ts';
import { sessionMergeTool } from './sessionMerge.ts';
import { sessionSendTool } from './sessionSend.ts';

/** What agents are given by the companion, whatever generation of OpenCode asks for it. */
export const agentTools: readonly AgentTool[] = [
  sessionTool,
  sessionHandoffTool,
  readSessionTool,
  sessionListTool,
  sessionMergeTool,
  sessionSendTool,
];
