/** What stands around the lines of a file or a folder, for the model (1.18). */
const readFrame = /^<path>[^\n]*<\/path>\n<type>[^\n]*<\/type>\n<(content|entries)>\n([\s\S]*?)\n?<\/\1>/;
/** What stands around the last words of a subagent, where it came to its end (1.18). */
const taskFrame = /^<task [^\n]*>\n<task_result>\n([\s\S]*?)\n?<\/task_result>\n<\/task>\s*$/;

/** What a call gave back as people read it: without the marks that OpenCode puts around it for the model. */
export function readableOutput(tool: string, output: string): string {
  switch (tool) {
    case 'read':
      return output.replace(readFrame, '$2');
    case 'task':
      return taskFrame.exec(output)?.[1] ?? output;
    default:
      return output;
  }
}
