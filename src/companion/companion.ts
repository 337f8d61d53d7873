import { server } from './plugin118.ts';

// The program that OpenCode loads as a plugin: one file, with one default export in the form that its generations take.

export default { id: 'opencode-sessions', server };
