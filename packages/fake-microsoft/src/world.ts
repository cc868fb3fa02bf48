import { randomUUID } from 'node:crypto';
import type { RequestLog } from './control/request-log.ts';
import {
  type AppRegistration,
  type DirectoryUser,
  demoApp,
  demoTenant,
  demoUsers,
  type Tenant,
} from './data/demo-company.ts';
import { makeDemoMail } from './data/demo-mail.ts';
import type { MailItem } from './data/mail-item.ts';
import type { SigningKeys } from './entra/signing-keys.ts';
import type { FaultRegister } from './faults/fault-register.ts';

export interface RefreshToken {
  value: string;
  oid: string;
  clientId: string;
  scopes: string[];
  /** The v1 resource; null for v2 grants. */
  resource: string | null;
  issuedAt: number;
  /** Always 'valid', except under strict rotation or after a test expired it. */
  state: 'valid' | 'rotated' | 'inactive';
}

/** An authorization code not redeemed yet. Only in memory, as it lives ten minutes. */
export interface AuthorizationCode {
  value: string;
  oid: string;
  clientId: string;
  redirectUri: string;
  version: 1 | 2;
  scopes: string[];
  resource: string | null;
  nonce: string | null;
  challenge: { value: string; method: 'S256' | 'plain' } | null;
  expiresAt: number;
  redeemed: boolean;
}

/** What survives a restart. */
export interface FakeState {
  tenant: Tenant;
  app: AppRegistration;
  users: DirectoryUser[];
  mailboxes: Record<string, MailItem[]>;
  /** How many items each mailbox has ever had; the next id is derived from it. */
  mailCounters: Record<string, number>;
  liveSequence: number;
  /** Scopes that each user (by oid), or an administrator for everybody (`*`), has consented to. */
  consents: Record<string, string[]>;
  refreshTokens: Map<string, RefreshToken>;
  /** Refresh tokens issued before this time (ms) are revoked (Entra's TokensValidFrom), by oid. */
  tokensValidFrom: Record<string, number>;
  /** Access tokens issued before this time (ms) get a claims challenge (continuous access evaluation), by oid. */
  accessTokensValidFrom: Record<string, number>;
  /** Browser sessions at the sign-in page: session id → oid. */
  sessions: Record<string, string>;
}

/** Switches of the control API. Reset by a restart, so that a forgotten one cannot affect a demo. */
export interface Switches {
  secretState: 'valid' | 'wrong' | 'expired';
  tokenLifetimeSeconds: number;
  strictRotation: boolean;
  withholdRefreshToken: boolean;
  legacyMessages: boolean;
  /**
   * Microsoft's managed policy for the consent of users, which new tenants have: nobody but an administrator may consent
   * to anything of Exchange (`microsoft-user-default-recommended`). Consents that users gave before stay.
   */
  managedConsentPolicy: boolean;
  /** Claims that id_tokens carry instead of the true ones, as if forged on the way. */
  idTokenClaims: Record<string, unknown>;
}

/** Everything the two listeners share. */
export interface World {
  state: FakeState;
  switches: Switches;
  codes: Map<string, AuthorizationCode>;
  faults: FaultRegister;
  requests: RequestLog;
  keys: SigningKeys;
  loginUrl: string;
  graphUrl: string;
  now(): number;
  /** Call it after changing `state`, so that it is written. */
  changed(): void;
  /** Aborted when the fake closes; every artificial wait listens to it. */
  closing: AbortSignal;
  /** Ends the waits of delayed answers. */
  delayed: Set<AbortController>;
}

/** The state of a first start. @param now milliseconds since the epoch */
export function initialState(now: number): FakeState {
  const users: DirectoryUser[] = Object.values(demoUsers).map((user) => ({ ...user }));
  const mailboxes: Record<string, MailItem[]> = {};
  const mailCounters: Record<string, number> = {};
  for (const user of users) {
    const items = user.hasMailbox ? makeDemoMail(user, now) : [];
    mailboxes[user.oid] = items;
    mailCounters[user.oid] = items.length;
  }
  return {
    tenant: { ...demoTenant },
    app: structuredClone(demoApp),
    users,
    mailboxes,
    mailCounters,
    liveSequence: 0,
    consents: {},
    refreshTokens: new Map(),
    tokensValidFrom: {},
    accessTokensValidFrom: {},
    sessions: {},
  };
}

export function initialSwitches(): Switches {
  return {
    secretState: 'valid',
    tokenLifetimeSeconds: 3600,
    strictRotation: false,
    withholdRefreshToken: false,
    legacyMessages: false,
    managedConsentPolicy: false,
    idTokenClaims: {},
  };
}

/** Finds a user by object id or UPN (case-insensitive, as in Entra). */
export function findUser(state: FakeState, idOrUpn: string): DirectoryUser | undefined {
  const wanted = idOrUpn.toLowerCase();
  return state.users.find(
    (user) => user.oid.toLowerCase() === wanted || user.userPrincipalName.toLowerCase() === wanted,
  );
}

/** A new browser session at the sign-in page. */
export function openSession(world: World, oid: string): string {
  const id = randomUUID();
  world.state.sessions[id] = oid;
  world.changed();
  return id;
}
