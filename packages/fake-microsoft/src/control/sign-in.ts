import type { FastifyInstance, LightMyRequestResponse } from 'fastify';
import { findUser, type World } from '../world.ts';

export interface SignInOrder {
  /** The URL that the client would send the browser to. */
  authorizeUrl: string;
  /** UPN or object id of the account to pick. */
  user: string;
  /** False: the user presses キャンセル. */
  accept?: boolean;
}

export interface SignInResult {
  /** Where the browser would be sent, with `code` and `state`, or `error`. */
  redirectUrl: string;
}

/** The sign-in pages did not return to the client; `status` and `page` are what the user would see. */
export class SignInStopped extends Error {
  override readonly name = 'SignInStopped';
  readonly status: number;
  readonly page: string;

  constructor(status: number, page: string) {
    super(`The sign-in ended on a page (HTTP ${status}) instead of going back to the app.`);
    this.status = status;
    this.page = page;
  }
}

const timeLimit = 10_000;

/**
 * Walks through the sign-in pages as a browser without cookies would: authorize, pick the account, consent.
 * @throws SignInStopped where the user would be left on a page, as with an unregistered redirect URI
 */
export async function signIn(login: FastifyInstance, world: World, order: SignInOrder): Promise<SignInResult> {
  const { pathname, search } = new URL(order.authorizeUrl);
  const request = `${pathname}${search}`;
  const first = await bounded(login.inject({ method: 'GET', url: request }));
  const early = leadsBack(first);
  if (early !== null) return early;
  if (first.statusCode !== 200 || !first.body.includes('value="account"'))
    throw new SignInStopped(first.statusCode, first.body);

  const accept = order.accept ?? true;
  const user = findUser(world.state, order.user);
  if (user === undefined) throw new SignInStopped(404, `There is no user ${order.user}.`);
  if (!accept) return result(await step(login, { request, step: 'consent', account: user.oid, decision: 'cancel' }));
  const picked = await step(login, { request, step: 'account', account: user.oid });
  if (!picked.body.includes('name="decision"')) return result(picked);
  return result(await step(login, { request, step: 'consent', account: user.oid, decision: 'accept' }));
}

function step(login: FastifyInstance, form: Record<string, string>): Promise<LightMyRequestResponse> {
  return bounded(
    login.inject({
      method: 'POST',
      url: '/login',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      payload: new URLSearchParams(form).toString(),
    }),
  );
}

function result(response: LightMyRequestResponse): SignInResult {
  const back = leadsBack(response);
  if (back === null) throw new SignInStopped(response.statusCode, response.body);
  return back;
}

function leadsBack(response: LightMyRequestResponse): SignInResult | null {
  const { location } = response.headers;
  return response.statusCode === 302 && typeof location === 'string' ? { redirectUrl: location } : null;
}

// A fault may prevent a page from ever answering.
async function bounded<T>(work: PromiseLike<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new SignInStopped(504, 'The sign-in page did not answer.')), timeLimit);
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}
