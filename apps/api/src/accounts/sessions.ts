import { hkdfSync } from 'node:crypto';
import { fromAcceptLanguage } from '@argus/contract/language';
import cookie from '@fastify/cookie';
import session from '@fastify/session';
import type { FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import type { Config } from '../platform/config.ts';
import type { Viewer } from '../platform/http/viewer.ts';
import type { Services } from '../platform/services.ts';
import { hashToken } from '../platform/vault/hash-token.ts';
import { type Account, findAccount } from './records/accounts.ts';
import { deleteSession, readSession, saveSession } from './records/sessions.ts';

declare module 'fastify' {
  interface Session {
    accountId?: string;
    /** The same in every session that a renewal puts in the place of another. */
    family?: string;
    /** The id of the session in whose place this one comes; it is not stored. */
    renews?: string;
    /** Role at sign-in: a session does not outlive a change of it. */
    role?: string;
    /** Digest of the stored password hash at sign-in: a session does not outlive the password that it began with. */
    passwordDigest?: string;
  }
}

/** Longest life of a session, whatever its use. Twelve hours: a working day, and not the next one. */
export const sessionLifeMs = 12 * 3600_000;

export const sessionCookieName = '__Host-argus-session';

/**
 * The attributes of the session cookie, without which a browser does not take its removal either: `__Host-`, Secure,
 * HttpOnly and host-only; Lax, or where the portlet may be embedded by another site, SameSite=None with Partitioned
 * (CHIPS), which keeps a cookie set inside an iframe apart from the one of the top window.
 */
export function sessionCookie(config: Config) {
  const embeddable = config.frameAncestors.length > 0;
  return {
    path: '/',
    httpOnly: true,
    secure: true,
    sameSite: embeddable ? 'none' : 'lax',
    ...(embeddable ? { partitioned: true } : {}),
  } as const;
}

/** The session stores this digest of the stored password hash. It reveals nothing of the password, and changes with it. */
export function passwordDigestOf({ passwordHash }: Pick<Account, 'passwordHash'>): string {
  return hashToken(passwordHash ?? '');
}

/** Who an account is as the signed-in user. */
export function viewerFrom(account: Account): Viewer {
  const { id, username, displayName, role } = account;
  const language = account.language === 'ja' || account.language === 'en' ? account.language : null;
  return { id, username, displayName, role, language };
}

/** Ids of sessions that are being renewed. */
const renewing = new Set<string>();

/**
 * Goes on with the session under a new id. The old one ends in the very transaction that stores the new one: where a sign-out ends
 * it first, there is none; a sign-out that comes later ends the whole family.
 */
export async function renewSession(request: FastifyRequest): Promise<void> {
  const { accountId, role, passwordDigest, family, sessionId } = request.session;
  renewing.add(sessionId);
  try {
    await request.session.regenerate();
  } finally {
    renewing.delete(sessionId);
  }
  Object.assign(request.session, { accountId, role, passwordDigest, family, renews: sessionId });
}

/** Server-side sessions in the database, and who is signed in. A session that nobody has signed in to is not stored. */
export const sessions = fp<Services>(async (app, { config, db, vault, now }) => {
  // @fastify/session sends no Secure cookie where request.protocol is http, which it is behind every proxy that ends TLS.
  // The public address is https, or loopback, which browsers treat as secure; no header has to say so.
  app.addHook('onRequest', async (request) => {
    Object.defineProperty(request, 'protocol', { value: 'https', configurable: true });
  });
  await app.register(cookie, { secret: signingSecret(vault, 'cookies') });
  await app.register(session, {
    secret: signingSecret(vault, 'sessions'),
    cookieName: sessionCookieName,
    cookie: { ...sessionCookie(config), maxAge: sessionLifeMs },
    rolling: false,
    saveUninitialized: false,
    store: {
      get(sessionId, callback) {
        readSession(db, sessionId, now()).then(
          (data) => callback(null, data as never),
          (error) => callback(error),
        );
      },
      set(sessionId, value, callback) {
        const { accountId, renews, ...rest } = value;
        // Anybody can send such requests without end.
        if (accountId === undefined) return callback(null);
        const data = JSON.parse(JSON.stringify({ ...rest, accountId })) as Record<string, unknown> & {
          cookie?: { expires?: string };
        };
        const expires = Date.parse(data.cookie?.expires ?? '');
        const expiresAt = new Date(Number.isNaN(expires) ? now().getTime() + sessionLifeMs : expires);
        const begun = { accountId, data, expiresAt, renews };
        saveSession(db, sessionId, begun, (account) => isBegunBy(account, value)).then(
          () => callback(null),
          (error) => callback(error),
        );
      },
      destroy(sessionId, callback) {
        // It goes in the transaction that stores the one in its place.
        if (renewing.has(sessionId)) return callback(null);
        deleteSession(db, sessionId).then(
          () => callback(null),
          (error) => callback(error),
        );
      },
    },
  });

  app.addHook('onRequest', async (request) => {
    request.viewer = await readViewer(request);
    request.language = request.viewer?.language ?? fromAcceptLanguage(request.headers['accept-language']);
  });

  async function readViewer(request: FastifyRequest): Promise<Viewer | null> {
    const { accountId, role, passwordDigest } = request.session;
    if (accountId === undefined) return null;
    const account = await findAccount(db, accountId);
    return account && isBegunBy(account, { role, passwordDigest }) ? viewerFrom(account) : null;
  }
});

/** Whether a session is one of the account as it is now: active, with the role and the password that the session began with. */
function isBegunBy(
  account: Account,
  { role, passwordDigest }: { role?: string | undefined; passwordDigest?: string | undefined },
): boolean {
  return account.active && account.role === role && passwordDigestOf(account) === passwordDigest;
}

/** A signing secret of its own per purpose, the same in every instance: derived from the vault's first key (RFC 5869). */
export function signingSecret(vault: Services['vault'], purpose: string): string {
  return Buffer.from(hkdfSync('sha256', vault.deriveFrom, 'argus', purpose, 48)).toString('base64url');
}
