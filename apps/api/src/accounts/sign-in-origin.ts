import { randomBytes } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Config } from '../platform/config.ts';
import type { Db } from '../platform/database/db.ts';
import { addressBlock } from '../platform/http/address-block.ts';
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
 * Stores that the account signs in from this browser and address. The browser is recognised by a random cookie that
 * proves nothing else: without the password it opens nothing.
 * @returns the value of that cookie
 */
export async function saveOrigin(
  tx: Db,
  request: FastifyRequest,
  account: { readonly id: string; readonly passwordHash: string | null },
  at: Date,
): Promise<string> {
  const sent = readDeviceToken(request);
  // A cookie that is stored nowhere is made up, or was forgotten because it may have been stolen.
  const keepsCookie = sent !== undefined && (await isKnownBrowser(tx, browserPlace(sent).key, at));
  const token = keepsCookie ? sent : randomBytes(32).toString('base64url');
  await saveKnownPlaces(tx, account, [browserPlace(token), signInOrigin(request).address], at);
  return token;
}

export function setDeviceCookie(config: Config, reply: FastifyReply, token: string): void {
  reply.setCookie(deviceCookieName, token, { ...sessionCookie(config), maxAge: placeLifeMs / 1000 });
}

function readDeviceToken(request: FastifyRequest): string | undefined {
  const token = request.cookies[deviceCookieName];
  return token !== undefined && deviceToken.test(token) ? token : undefined;
}
