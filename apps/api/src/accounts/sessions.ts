import { hkdfSync, randomBytes } from 'node:crypto';
import { fromAcceptLanguage } from '@argus/contract/language';
import cookie from '@fastify/cookie';
import session from '@fastify/session';
import type { FastifyRequest, Session } from 'fastify';
import fp from 'fastify-plugin';
import type { Config } from '../platform/config.ts';
import type { Viewer } from '../platform/http/viewer.ts';
import type { Services } from '../platform/services.ts';
import { hashToken } from '../platform/vault/hash-token.ts';
import type { Account } from './records/accounts.ts';
import { deleteSession, type FoundSession, findSession, type SignedIn } from './records/sessions.ts';

declare module 'fastify' {
  interface Session {
    accountId?: string;
    /** Shared by a session and all its renewals. */
    family?: string;
    /** Role at sign-in: a session does not outlive a change of it. */
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
export function viewerFrom(account: SignedIn): Viewer {
  const { id, username, displayName, role } = account;
  const language = account.language === 'ja' || account.language === 'en' ? account.language : null;
  return { id, username, displayName, role, language };
}

/** What a session holds while somebody is signed in. */
export type SessionData = Required<Pick<Session, 'accountId' | 'role' | 'passwordDigest' | 'family'>> & {
  /** When its user last proved the password, beyond signing in. ISO 8601. */
  readonly reauthenticatedAt?: string;
};

/** Ids of the stored sessions that requests are about to go on with. */
const nextIds = new WeakMap<FastifyRequest, string>();
/** Ids of the sessions that they leave behind, whose rows are gone already. */
const leftIds = new Set<string>();

export function newSessionId(): string {
  return randomBytes(24).toString('base64url');
}

/** Makes a stored session the one of the request; its cookie is sent with the reply. */
export async function goOnWith(request: FastifyRequest, sessionId: string, data: SessionData): Promise<void> {
  const left = request.session.sessionId;
  nextIds.set(request, sessionId);
  leftIds.add(left);
  try {
    await request.session.regenerate();
  } finally {
    leftIds.delete(left);
  }
  Object.assign(request.session, data);
}

/**
 * Server-side sessions in the database, and who is signed in. The plugin stores none: whatever begins or renews a
 * session stores it in the transaction of its change, so that a reply reports what is stored, and never fails for lack
 * of a session. A session that nobody has signed in to is stored nowhere.
 */
export const sessions = fp<Services>(async (app, { config, db, reads, vault, now }) => {
  // Who is about to ask the store, which @fastify/session does not tell. Its hook follows the one below at once, and asks at once.
  let asking: FastifyRequest | undefined;
  const found = new WeakMap<FastifyRequest, FoundSession>();
  // @fastify/session sends no Secure cookie when request.protocol is http, as it is behind every proxy that
  // terminates TLS. The public address is https, or loopback, which browsers treat as secure, so no header needs to
  // be trusted.
  app.addHook('onRequest', async (request) => {
    Object.defineProperty(request, 'protocol', { value: 'https', configurable: true });
  });
  await app.register(cookie, { secret: signingSecrets(vault, 'cookies') });
  app.addHook('onRequest', (request, _reply, done) => {
    asking = request;
    try {
      done();
    } finally {
      asking = undefined;
    }
  });
  await app.register(session, {
    secret: signingSecrets(vault, 'sessions'),
    cookieName: sessionCookieName,
    cookie: { ...sessionCookie(config), maxAge: sessionLifeMs },
    rolling: false,
    saveUninitialized: false,
    idGenerator: (request) => nextIds.get(request as FastifyRequest) ?? newSessionId(),
    store: {
      get(sessionId, callback) {
        const request = asking;
        findSession(reads, sessionId, { now: now(), along: request?.routeOptions.config.alongside }).then(
          (session) => {
            if (session && request) found.set(request, session);
            callback(null, (session?.data ?? null) as never);
          },
          (error) => callback(error),
        );
      },
      set: (_sessionId, _value, callback) => callback(null),
      destroy(sessionId, callback) {
        if (leftIds.has(sessionId)) return callback(null);
        deleteSession(db, sessionId).then(
          () => callback(null),
          (error) => callback(error),
        );
      },
    },
  });

  app.addHook('onRequest', async ({ session: current, cookies }) => {
    const isSignedBefore = cookies[sessionCookieName] !== current.encryptedSessionId;
    // The cookie was signed by another key than the first. The plugin would remove it, unless the session counts as saved.
    if (current.accountId !== undefined && isSignedBefore) await current.save();
    // An id that Argus does not know is as none. The plugin would remove the cookie, by which time the browser may have that
    // of the session that replaced this one: a proof of the password gives it another id while other requests are under way.
    if (current.accountId === undefined) delete cookies[sessionCookieName];
  });
  app.addHook('onRequest', async (request) => {
    request.viewer = viewerBy(request);
    request.language = request.viewer?.language ?? fromAcceptLanguage(request.headers['accept-language']);
  });

  function viewerBy(request: FastifyRequest): Viewer | null {
    const { accountId, role, passwordDigest } = request.session;
    const session = found.get(request);
    if (accountId === undefined || session?.account.id !== accountId) return null;
    if (!isBegunBy(session.account, { role, passwordDigest })) return null;
    request.along = session.along;
    return viewerFrom(session.account);
  }
});

/**
 * Whether a session still belongs to the account as it is now: active, with the role and password it had at sign-in.
 */
function isBegunBy(
  account: SignedIn,
  { role, passwordDigest }: { role?: string | undefined; passwordDigest?: string | undefined },
): boolean {
  return account.active && account.role === role && passwordDigestOf(account) === passwordDigest;
}

/**
 * The signing secrets of a purpose, the same in every instance: one derived from each key of the vault (RFC 5869). The
 * first one signs, all of them verify, so that another first key signs nobody out.
 */
export function signingSecrets(vault: Services['vault'], purpose: string): string[] {
  return vault.deriveFrom.map((material) =>
    Buffer.from(hkdfSync('sha256', material, 'argus', purpose, 48)).toString('base64url'),
  );
}
