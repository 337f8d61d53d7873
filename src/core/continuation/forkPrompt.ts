/** The first prompt of a fork. The server copies no todos, so the prompt carries the open ones: `todos` says them. */
export function buildForkPrompt(prompt: string, todos: string): string {
  return [todos, prompt.trim()].filter((section) => section !== '').join('\n\n');
}
