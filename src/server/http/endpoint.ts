/** Where a server listens and how one is let in. */
export interface Endpoint {
  /** Without a slash at its end. */
  readonly url: string;
  readonly username: string;
  /** Empty: the server is asked without a password. */
  readonly password: string;
}

export function isSameEndpoint(a: Endpoint, b: Endpoint): boolean {
  return a.url === b.url && a.username === b.username && a.password === b.password;
}

/** The header that lets a request in; none for a server without a password. */
export function authorizationHeader({ username, password }: Endpoint): Record<string, string> {
  if (password === '') return {};
  return { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` };
}
