import { randomBytes } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { addressBlock } from '../platform/http/address-block.ts';
import type { Services } from '../platform/services.ts';
import { hashToken } from '../platform/vault/hash-token.ts';
import { isKnownBrowser, type Place, placeLifeMs, saveKnownPlaces } from './records/known-places.ts';
import { sessionCookie } from './sessions.ts';

export const deviceCookieName = '__Host-argus-device';
const deviceToken = /^[\w-]{43}$/;

/** Where a request comes from. */
export interface SignInOrigin {
  /** Undefined for a browser without a device cookie. */
  readonly browser: Place | undefined;
  readonly address: Place;
}

export function signInOrigin(request: FastifyRequest): SignInOrigin {
  const token = readDeviceToken(request);
  return {
    browser: token === undefined ? undefined : browserPlace(token),
    address: { kind: 'address', key: addressBlock(request.ip) },
  };
}

function browserPlace(token: string): Place {
  return { kind: 'browser', key: hashToken(token) };
}

/**
 * Stores that the account signs in from this browser and address. A random cookie identifies the browser and proves
 * nothing else: without the password it grants no access.
 */
export async function rememberOrigin(
  { config, db, now }: Services,
  request: FastifyRequest,
  reply: FastifyReply,
  account: { readonly id: string; readonly passwordHash: string | null },
): Promise<void> {
  const at = now();
  const sent = readDeviceToken(request);
  // A cookie that is not in the database is forged, or was forgotten because it may have been stolen.
  const keepsCookie = sent !== undefined && (await isKnownBrowser(db, browserPlace(sent).key, at));
  const token = keepsCookie ? sent : randomBytes(32).toString('base64url');
  await saveKnownPlaces(db, account, [browserPlace(token), signInOrigin(request).address], at);
  reply.setCookie(deviceCookieName, token, { ...sessionCookie(config), maxAge: placeLifeMs / 1000 });
}

function readDeviceToken(request: FastifyRequest): string | undefined {
  const token = request.cookies[deviceCookieName];
  return token !== undefined && deviceToken.test(token) ? token : undefined;
}
