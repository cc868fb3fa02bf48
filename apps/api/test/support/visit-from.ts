import { present } from '@argus/fields/present';
import { type Browser, openBrowser, type Reply, type TestArgus, testPassword } from './build-app.ts';

/** A browser at an address. */
export interface Visitor {
  readonly browser: Browser;
  /** Sends a request from this address, with the current CSRF token. */
  send(method: string, path: string, body?: unknown): Promise<Reply>;
  /** Tries a password; returns the status. */
  tries(username: string, password: string): Promise<number>;
  /** Signs in, and expects success. */
  signsIn(username: string, password?: string): Promise<void>;
}

/** A browser without cookies at this address, on this Argus or on another instance at `url`. */
export function visitFrom(argus: TestArgus, address: string, url = argus.url): Visitor {
  const browser = openBrowser(url);
  const headers = { 'x-forwarded-for': address, origin: argus.url };
  async function send(method: string, path: string, body?: unknown): Promise<Reply> {
    const session = await browser.send('GET', '/api/session', { headers });
    const { csrfToken } = session.body as { csrfToken: string };
    return browser.send(method, path, {
      headers: { ...headers, 'x-csrf-token': csrfToken },
      ...present({ body }),
    });
  }
  const visitor: Visitor = {
    browser,
    send,
    tries: async (username, password) => (await send('POST', '/api/session', { username, password })).status,
    async signsIn(username, password = testPassword) {
      const status = await visitor.tries(username, password);
      if (status !== 200) throw new Error(`signing in as ${username} answered ${status}`);
    },
  };
  return visitor;
}
