import { env, type Uri } from 'vscode';

/** Opens a page in the browser; false: the person, or the editor, did not let it. */
export async function openWebPage(url: string): Promise<boolean> {
  // A Uri forgets which characters were escaped, and is written anew on its way to the browser. The editor takes a
  // text as well, and hands it on as it is (VS Code 1.139), which its type does not say.
  return env.openExternal(url as unknown as Uri);
}
