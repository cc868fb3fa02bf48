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
    /** Shared by a session and all its renewals. */
    family?: string;
    /** The id of the session that this one replaces; not stored. */
    renews?: string;
    /** Role at sign-in: a role change ends the session. */
    role?: string;
    /** Digest of the stored password hash at sign-in: a password change ends the session. */
    passwordDigest?: string;
  }
}

/** Longest life of a session, however active. Twelve hours: one working day, but not the next. */
export const sessionLifeMs = 12 * 3600_000;

export const sessionCookieName = '__Host-argus-session';

/**
 * The attributes of the session cookie; a browser ignores its removal without them. `__Host-`, Secure, HttpOnly and
 * host-only; Lax, or SameSite=None with Partitioned (CHIPS) where another site may embed the portlet, which separates
 * a cookie set inside an iframe from that of the top window.
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

/**
 * The session stores this digest of the stored password hash. It reveals nothing about the password, and changes with
 * it.
 */
export function passwordDigestOf({ passwordHash }: Pick<Account, 'passwordHash'>): string {
  return hashToken(passwordHash ?? '');
}

/** The account as the signed-in user. */
export function viewerFrom(account: Account): Viewer {
  const { id, username, displayName, role } = account;
  const language = account.language === 'ja' || account.language === 'en' ? account.language : null;
  return { id, username, displayName, role, language };
}

/** Ids of sessions being renewed. */
const renewing = new Set<string>();

/**
 * Continues the session under a new id. One transaction deletes the old session and stores the new one. If a sign-out
 * ended the old one first, no new one is stored; a later sign-out ends the whole family.
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

/** Server-side sessions in the database, and who is signed in. An anonymous session is not stored. */
export const sessions = fp<Services>(async (app, { config, db, vault, now }) => {
  // @fastify/session sends no Secure cookie when request.protocol is http, as it is behind every proxy that
  // terminates TLS. The public address is https, or loopback, which browsers treat as secure, so no header needs to
  // be trusted.
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
        // Anybody can send anonymous requests without limit, so they must not fill the database.
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
        // The transaction that stores the replacement deletes it.
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

/**
 * Whether a session still belongs to the account as it is now: active, with the role and password it had at sign-in.
 */
function isBegunBy(
  account: Account,
  { role, passwordDigest }: { role?: string | undefined; passwordDigest?: string | undefined },
): boolean {
  return account.active && account.role === role && passwordDigestOf(account) === passwordDigest;
}

/** A signing secret per purpose, the same in every instance: derived from the vault's first key (RFC 5869). */
export function signingSecret(vault: Services['vault'], purpose: string): string {
  return Buffer.from(hkdfSync('sha256', vault.deriveFrom, 'argus', purpose, 48)).toString('base64url');
}
