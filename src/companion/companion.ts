import { setup } from './plugin2.ts';
import { server } from './plugin118.ts';

// The program that OpenCode loads as a plugin: one file, with one default export in the form that its generations take.
// Each reads its own half, `server` or `setup`, and passes over the other.

export default { id: 'opencode-sessions', server, setup };
