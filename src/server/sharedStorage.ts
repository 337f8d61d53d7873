import { join } from 'node:path';

/**
 * Where what this user's editors and the companion have in common is kept: apart from the editor's own storage, which a
 * companion in a terminal does not know.
 */
export function sharedStorage(environment: NodeJS.ProcessEnv, home: string): string {
  const state = environment['XDG_STATE_HOME'];
  return join(
    state === undefined || state === '' ? join(home, '.local', 'state') : state,
    'opencode-sessions',
  );
}
