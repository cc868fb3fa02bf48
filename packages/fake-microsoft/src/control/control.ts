import { randomBytes, randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import type { AppRegistration, DirectoryUser } from '../data/demo-company.ts';
import { type MailDraft, type MailItem, makeChangeKey } from '../data/mail-item.ts';
import { type Fault, type FaultOrder, parseFaultOrder } from '../faults/fault.ts';
import { findUser, initialState, initialSwitches, type Switches, type World } from '../world.ts';
import type { DeadEnds } from './dead-ends.ts';
import { deliverMail } from './deliver-mail.ts';
import type { RecordedRequest } from './request-log.ts';
import { type SignInOrder, type SignInResult, signIn } from './sign-in.ts';

export type AppChange = Partial<
  Pick<
    AppRegistration,
    | 'clientId'
    | 'displayName'
    | 'redirectUris'
    | 'multiTenant'
    | 'enabled'
    | 'delegatedPermissions'
    | 'applicationPermissions'
  >
>;
export interface NewUser {
  userPrincipalName: string;
  displayName: string;
  mail?: string | null;
  hasMailbox?: boolean;
  /** Of a personal account: its 16 digits in the form of a GUID, `00000000-0000-0000-48d3-1887ad55a21a`. */
  oid?: string;
}
export type MailOrder = MailDraft & { user: string };

/** The control API was asked for something that does not exist, or that makes no sense. */
export class ControlError extends Error {
  override readonly name = 'ControlError';
  readonly status: 400 | 404 | 409;

  constructor(status: 400 | 404 | 409, message: string) {
    super(message);
    this.status = status;
  }
}

/** What tests and testers can do behind Microsoft's back. `user` is always a UPN or an object id. */
export interface Control {
  injectMail(order: MailOrder): { id: string };
  markRead(order: { user: string; id: string; isRead?: boolean }): void;
  deleteMail(order: { user: string; id: string }): void;
  /** Empties a mailbox. */
  clearMailbox(user: string): void;

  switches(): Switches;
  /** Sets any of the switches; the others stay. */
  setSwitches(change: Partial<Switches>): Switches;
  setSecretState(state: Switches['secretState']): void;
  setTokenLifetime(seconds: number): void;
  setStrictRotation(on: boolean): void;
  setWithholdRefreshToken(on: boolean): void;
  setLegacyMessages(on: boolean): void;
  setIdTokenClaims(claims: Switches['idTokenClaims']): void;
  /** Generates a new secret; the old ones are deleted unless kept for a transition. */
  rotateSecret(options?: { keepOld?: boolean }): { secret: string };
  app(): Omit<AppRegistration, 'secrets'>;
  setApp(change: AppChange): void;

  users(): DirectoryUser[];
  addUser(user: NewUser): DirectoryUser;
  deleteUser(user: string): void;
  setUserEnabled(user: string, enabled: boolean): void;
  /** Changes the UPN; the object id stays. */
  renameUser(user: string, userPrincipalName: string): void;
  setMailbox(user: string, hasMailbox: boolean): void;
  /** Revokes the refresh tokens; with `accessTokens`, Graph also refuses access tokens issued before. */
  revokeSessions(user: string, options?: { accessTokens?: boolean }): void;
  /** As if the user's refresh tokens had been unused for 90 days. */
  expireRefreshTokens(user: string): void;
  /** Forgets what the user (or everybody) consented to. */
  dropConsent(user?: string): void;

  signIn(order: SignInOrder): Promise<SignInResult>;

  requests(): RecordedRequest[];
  clearRequests(): void;

  addFault(order: FaultOrder): Fault;
  faults(): Fault[];
  removeFault(id: string): void;
  clearFaults(): void;
  /** Sends the currently delayed answers at once. */
  answerNow(): void;

  openSilentPort(): Promise<string>;
  closedPortUrl(): Promise<string>;

  /** Back to the state of a first start: directory, mail, grants, switches, faults and recorded requests. */
  reset(): void;
}

export function createControl(world: World, login: FastifyInstance, deadEnds: DeadEnds): Control {
  const user = (idOrUpn: string): DirectoryUser => {
    const found = findUser(world.state, idOrUpn);
    if (found === undefined) throw new ControlError(404, `There is no user ${idOrUpn}.`);
    return found;
  };
  const item = (owner: DirectoryUser, id: string): MailItem => {
    const found = world.state.mailboxes[owner.oid]?.find(
      (entry) => entry.message.id === id || entry.immutableId === id,
    );
    if (found === undefined) throw new ControlError(404, 'There is no such mail.');
    return found;
  };
  const change = (apply: () => void): void => {
    apply();
    world.changed();
  };

  return {
    injectMail: ({ user: owner, ...draft }) => ({ id: deliverMail(world, user(owner), draft) }),
    markRead: ({ user: owner, id, isRead }) =>
      change(() => {
        const found = item(user(owner), id);
        found.message.isRead = isRead ?? true;
        found.message.changeKey = makeChangeKey(`${found.message.changeKey}/${world.now()}`);
      }),
    deleteMail: ({ user: owner, id }) =>
      change(() => {
        const { oid } = user(owner);
        const gone = item(user(owner), id);
        world.state.mailboxes[oid] = (world.state.mailboxes[oid] ?? []).filter((entry) => entry !== gone);
      }),
    clearMailbox: (owner) =>
      change(() => {
        world.state.mailboxes[user(owner).oid] = [];
      }),

    switches: () => ({ ...world.switches }),
    setSwitches: (wanted) => Object.assign(world.switches, wanted),
    setSecretState: (state) => {
      world.switches.secretState = state;
    },
    setTokenLifetime: (seconds) => {
      world.switches.tokenLifetimeSeconds = seconds;
    },
    setStrictRotation: (on) => {
      world.switches.strictRotation = on;
    },
    setWithholdRefreshToken: (on) => {
      world.switches.withholdRefreshToken = on;
    },
    setLegacyMessages: (on) => {
      world.switches.legacyMessages = on;
    },
    setIdTokenClaims: (claims) => {
      world.switches.idTokenClaims = claims;
    },
    rotateSecret: (options = {}) => {
      const secret = `fake~${randomBytes(24).toString('base64url')}`;
      const { app } = world.state;
      change(() => {
        app.secrets = [...(options.keepOld === true ? app.secrets : []), { value: secret, expiresAt: null }];
      });
      return { secret };
    },
    app: () => {
      const { secrets: _, ...rest } = world.state.app;
      return structuredClone(rest);
    },
    setApp: (wanted) => change(() => Object.assign(world.state.app, structuredClone(wanted))),

    users: () => world.state.users.map((entry) => ({ ...entry })),
    addUser: (wanted) => {
      if (findUser(world.state, wanted.userPrincipalName) !== undefined) {
        throw new ControlError(409, `There is a user ${wanted.userPrincipalName} already.`);
      }
      const [surname = '', givenName = ''] = wanted.displayName.split(/\s+/, 2);
      const added: DirectoryUser = {
        oid: wanted.oid ?? randomUUID(),
        userPrincipalName: wanted.userPrincipalName,
        displayName: wanted.displayName,
        givenName,
        surname,
        mail: wanted.mail === undefined ? wanted.userPrincipalName : wanted.mail,
        jobTitle: null,
        department: null,
        accountEnabled: true,
        hasMailbox: wanted.hasMailbox ?? true,
      };
      change(() => {
        world.state.users.push(added);
        world.state.mailboxes[added.oid] = [];
      });
      return { ...added };
    },
    deleteUser: (who) =>
      change(() => {
        const { oid } = user(who);
        world.state.users = world.state.users.filter((entry) => entry.oid !== oid);
      }),
    setUserEnabled: (who, enabled) =>
      change(() => {
        user(who).accountEnabled = enabled;
      }),
    renameUser: (who, userPrincipalName) =>
      change(() => {
        const renamed = user(who);
        const holder = findUser(world.state, userPrincipalName);
        if (holder !== undefined && holder !== renamed)
          throw new ControlError(409, `There is a user ${userPrincipalName} already.`);
        if (renamed.mail === renamed.userPrincipalName) renamed.mail = userPrincipalName;
        renamed.userPrincipalName = userPrincipalName;
      }),
    setMailbox: (who, hasMailbox) =>
      change(() => {
        user(who).hasMailbox = hasMailbox;
      }),
    revokeSessions: (who, options = {}) =>
      change(() => {
        const { oid } = user(who);
        world.state.tokensValidFrom[oid] = latest(world, oid);
        if (options.accessTokens === true) world.state.accessTokensValidFrom[oid] = latest(world, oid);
        for (const [session, owner] of Object.entries(world.state.sessions)) {
          if (owner === oid) delete world.state.sessions[session];
        }
      }),
    expireRefreshTokens: (who) =>
      change(() => {
        const { oid } = user(who);
        for (const token of world.state.refreshTokens.values()) {
          if (token.oid === oid && token.state === 'valid') token.state = 'inactive';
        }
      }),
    dropConsent: (who) =>
      change(() => {
        if (who === undefined) world.state.consents = {};
        else delete world.state.consents[user(who).oid];
      }),

    signIn: (order) => signIn(login, world, order),

    requests: () => world.requests.list(),
    clearRequests: () => world.requests.clear(),

    addFault: (order) => world.faults.add(parseFaultOrder(order)),
    faults: () => world.faults.list(),
    removeFault: (id) => {
      if (!world.faults.remove(id)) throw new ControlError(404, `There is no fault ${id}.`);
    },
    clearFaults: () => world.faults.clear(),
    answerNow: () => {
      for (const wait of world.delayed) wait.abort();
    },

    openSilentPort: () => deadEnds.openSilentPort(),
    closedPortUrl: () => deadEnds.closedPortUrl(),

    reset: () =>
      change(() => {
        world.state = initialState(world.now());
        Object.assign(world.switches, initialSwitches());
        world.codes.clear();
        world.faults.clear();
        world.requests.clear();
      }),
  };
}

// Tokens issued in this millisecond may carry a slightly later time (see issue-tokens); they are revoked as well.
function latest(world: World, oid: string): number {
  const issued = [...world.state.refreshTokens.values()]
    .filter((token) => token.oid === oid)
    .map((token) => token.issuedAt);
  return Math.max(world.now(), ...issued);
}
