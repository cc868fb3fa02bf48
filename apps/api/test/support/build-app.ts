import type { BodyOf, EndpointKey, ReplyOf } from '@argus/contract/endpoint-map';
import type { Problem } from '@argus/contract/errors/problem';
import { createGuardedFetch } from '@argus/egress/guarded-fetch';
import { demoApp, demoTenant } from '@argus/fake-microsoft/data/demo-company';
import { type FakeMicrosoft, startFakeMicrosoft } from '@argus/fake-microsoft/start-fake-microsoft';
import { present } from '@argus/fields/present';
import { hash } from '@node-rs/argon2';
import type { FastifyInstance } from 'fastify';
import { createAccount } from '../../src/accounts/records/accounts.ts';
import { type AppOptions, buildApp } from '../../src/app.ts';
import { readPolicySites } from '../../src/connection/records/remote-sites.ts';
import type { Config } from '../../src/platform/config.ts';
import { createMetrics } from '../../src/platform/metrics.ts';
import type { Services } from '../../src/platform/services.ts';
import { createSurroundings } from '../../src/platform/surroundings.ts';
import { timedEgress } from '../../src/platform/timed-egress.ts';
import { createVault } from '../../src/platform/vault/seal.ts';
import { buildDatabase, type TestDatabase } from './build-database.ts';
import { freePort } from './free-port.ts';

export const testPassword = 'correct horse battery';
export const suffix = 'Microsoft365';

/** Argus, listening, with its own database and a fake Microsoft 365. */
export interface TestArgus {
  readonly url: string;
  readonly app: FastifyInstance;
  readonly services: Services;
  readonly database: TestDatabase;
  readonly fake: FakeMicrosoft;
  /** A browser without cookies. */
  browser(): Browser;
  /**
   * A browser in which this user is signed in; creates the account if it does not exist. An administrator has proved
   * the password again, which some changes require.
   */
  signedIn(username: string, role?: 'user' | 'admin'): Promise<Browser>;
  addAccount(username: string, role?: 'user' | 'admin'): Promise<string>;
  /** Connects Argus to the fake as an administrator would: provider, remote sites, settings. */
  connect(change?: { provider?: Record<string, unknown>; settings?: Record<string, unknown> }): Promise<Browser>;
  /** Moves the clock of Argus (not the fake's) forward. */
  advance(ms: number): void;
  close(): Promise<void>;
}

export interface Reply<T = unknown> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: T;
  readonly text: string;
}

/** Cookies, a CSRF token, and calls by the contract's keys. Redirects are never followed. */
export interface Browser {
  readonly cookies: Map<string, string>;
  /** Calls an endpoint and expects success. */
  call<K extends EndpointKey>(key: K, input?: CallInput<K>): Promise<ReplyOf<K>>;
  /** Calls an endpoint and expects a problem. */
  fails<K extends EndpointKey>(key: K, input?: CallInput<K>): Promise<Problem>;
  send(method: string, path: string, options?: { body?: unknown; headers?: Record<string, string> }): Promise<Reply>;
  signIn(username: string, password?: string): Promise<void>;
  /** Proves the password again, as required for moving an endpoint to another origin. */
  proveSelf(password?: string): Promise<void>;
  /** Runs the code flow: starts, signs in at the fake as `user`, follows the callback. */
  authorize(user: string, accept?: boolean): Promise<Reply>;
  /** Starts the code flow and signs in at the fake; returns the path of the callback, not called yet. */
  consent(user: string, accept?: boolean): Promise<string>;
}

interface CallInput<K extends EndpointKey> {
  readonly params?: Record<string, string>;
  readonly query?: Record<string, string | number | boolean>;
  readonly body?: BodyOf<K>;
}

/** Starts Argus for one test file. */
export async function buildArgus(
  change: {
    config?: Partial<Config>;
    logger?: AppOptions['logger'];
    /** The proxies whose X-Forwarded-For is trusted: a test uses it to come from several addresses. */
    trustedProxies?: string;
    webRoot?: string;
  } & Pick<AppOptions, 'patience' | 'leastRefreshMs' | 'signInRefusalMs'> = {},
): Promise<TestArgus> {
  const [database, fake, port] = await Promise.all([buildDatabase(), startFakeMicrosoft(), freePort()]);
  const url = `http://localhost:${port}`;
  const config: Config = {
    mode: 'production',
    http: {
      host: '127.0.0.1',
      port,
      publicUrl: url,
      trustedProxies: change.trustedProxies === undefined ? [] : [change.trustedProxies],
      drainSeconds: 0,
    },
    dataDir: 'unused',
    database: { kind: 'pglite', dataDir: 'unused' },
    vaultKeys: [{ kid: 'k1', key: Buffer.alloc(32, 7) }],
    egress: { privateNetwork: 'loopback' },
    frameAncestors: [],
    metrics: { token: undefined },
    log: { level: 'silent' },
    demo: undefined,
    ...change.config,
  };
  const db = database.prisma;
  const egress = createGuardedFetch({
    sites: () => readPolicySites(database.reads),
    ...config.egress,
    userAgent: 'Argus test',
  });
  let offsetMs = 0;
  const metrics = createMetrics();
  const services: Services = {
    config,
    db,
    bulk: database.bulk,
    reads: database.reads,
    vault: createVault(config.vaultKeys),
    egress: timedEgress(egress, metrics),
    metrics,
    surroundings: createSurroundings(false),
    now: () => new Date(Date.now() + offsetMs),
  };
  const app = await buildApp(services, {
    readiness: () => database.readiness(),
    webRoot: change.webRoot ?? 'no-web-in-api-tests',
    ...(change.patience ? { patience: change.patience } : {}),
    // Most tests only ask whether a sign-in is refused, often dozens of times.
    signInRefusalMs: change.signInRefusalMs ?? 20,
    ...(change.leastRefreshMs ? { leastRefreshMs: change.leastRefreshMs } : {}),
    ...(change.logger ? { logger: change.logger } : {}),
  });
  const close = async () => {
    await app.close();
    await egress.close();
    await fake.close();
    await database.close();
  };
  try {
    await app.listen({ host: '127.0.0.1', port });
  } catch (error) {
    await close();
    // Another process took the port between finding it free and listening on it.
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return buildArgus(change);
    throw error;
  }

  const argus: TestArgus = {
    url,
    app,
    services,
    database,
    fake,
    browser: () => openBrowser(url, fake),
    async addAccount(username, role = 'user') {
      const account = await createAccount(db, {
        username,
        displayName: username.split('@')[0] ?? username,
        role,
        salesforceId: null,
        passwordHash: await passwordHash(),
      });
      return account.id;
    },
    async signedIn(username, role = 'user') {
      const known = await db.account.findFirst({ where: { usernameKey: username.toLowerCase() } });
      if (!known) await argus.addAccount(username, role);
      const browser = argus.browser();
      await browser.signIn(username);
      if (role === 'admin') await browser.proveSelf();
      return browser;
    },
    async connect({ provider = {}, settings = {} } = {}) {
      const admin = await argus.signedIn('admin@argus.example', 'admin');
      const site = { disableProtocolSecurity: true, active: true, description: '' };
      await admin.call('POST /api/admin/remote-sites', { body: { name: 'login', url: fake.loginUrl, ...site } });
      await admin.call('POST /api/admin/remote-sites', { body: { name: 'graph', url: fake.graphUrl, ...site } });
      await admin.call('POST /api/admin/auth-providers', { body: { ...providerOf(fake), ...provider } });
      const { version } = await admin.call('GET /api/admin/settings');
      await admin.call('PUT /api/admin/settings', { body: { ...settingsOf(fake), ...settings, version } });
      return admin;
    },
    advance(ms) {
      offsetMs += ms;
    },
    close,
  };
  return argus;
}

let hashed: Promise<string> | undefined;
/** Argon2id at its least cost, which a PHC string carries: tests sign in thousands of times. */
function passwordHash(): Promise<string> {
  hashed ??= hash(testPassword, { memoryCost: 8, timeCost: 1, parallelism: 1 });
  return hashed;
}

/** An auth provider for the fake. */
export function providerOf(fake: FakeMicrosoft) {
  return {
    name: 'Microsoft 365',
    urlSuffix: suffix,
    consumerKey: demoApp.clientId,
    consumerSecret: demoApp.secrets[0]?.value ?? '',
    authorizeEndpointUrl: `${fake.loginUrl}/${demoTenant.id}/oauth2/v2.0/authorize`,
    tokenEndpointUrl: `${fake.loginUrl}/${demoTenant.id}/oauth2/v2.0/token`,
    issuer: null,
    defaultScopes: 'openid profile email offline_access User.Read Mail.Read',
    resource: null,
    clientAuthentication: 'body' as 'body' | 'header',
    consumerSecretExpiresOn: null,
  };
}

/** Settings for the fake. */
export function settingsOf(fake: FakeMicrosoft) {
  return {
    mailUrl: `${fake.graphUrl}/v1.0/me/mailFolders/inbox/messages`,
    authProviderUrlSuffix: suffix,
    mailCount: 10,
    unreadOnly: false,
    previewEnabled: true,
    refreshIntervalSeconds: 60,
    connectTimeoutSeconds: 2,
    totalTimeoutSeconds: 5,
    errorRetentionDays: 90,
    noSuccessHours: 72,
  };
}

/** A browser without cookies, on the Argus at `url`. It authorizes at the fake, if there is one. */
export function openBrowser(url: string, fake?: FakeMicrosoft): Browser {
  const cookies = new Map<string, string>();
  let csrfToken: string | undefined;

  async function send(
    method: string,
    path: string,
    options: { body?: unknown; headers?: Record<string, string> } = {},
  ) {
    const headers: Record<string, string> = { 'accept-language': 'ja', ...options.headers };
    if (cookies.size > 0 && headers.cookie === undefined) {
      headers.cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    }
    if (method !== 'GET') headers.origin ??= url;
    if (csrfToken !== undefined) headers['x-csrf-token'] ??= csrfToken;
    let body: string | Uint8Array<ArrayBuffer> | undefined;
    if (options.body instanceof Uint8Array) {
      headers['content-type'] ??= 'application/octet-stream';
      body = Uint8Array.from(options.body);
    } else if (options.body !== undefined) {
      headers['content-type'] ??= 'application/json';
      body = typeof options.body === 'string' ? options.body : JSON.stringify(options.body);
    }
    const response = await fetch(new URL(path, url), {
      method,
      headers,
      redirect: 'manual',
      ...present({ body }),
    });
    for (const line of response.headers.getSetCookie()) {
      const [pair = ''] = line.split(';', 1);
      const name = pair.slice(0, pair.indexOf('='));
      const value = pair.slice(pair.indexOf('=') + 1);
      if (value === '' || /;\s*(max-age=0|expires=thu, 01 jan 1970)/i.test(line)) cookies.delete(name);
      else cookies.set(name, value);
    }
    const text = await response.text();
    const isJson = /json/.test(response.headers.get('content-type') ?? '');
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: isJson && text !== '' ? JSON.parse(text) : undefined,
    };
  }

  async function request<K extends EndpointKey>(key: K, input: CallInput<K> = {}): Promise<Reply> {
    const [method = '', template = ''] = key.split(' ');
    if (method !== 'GET' && csrfToken === undefined) await readSession();
    const path = template.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(input.params?.[name] ?? ''));
    const query = new URLSearchParams(
      Object.entries(input.query ?? {}).map(([name, value]): [string, string] => [name, String(value)]),
    );
    return send(
      method,
      query.size > 0 ? `${path}?${query}` : path,
      input.body === undefined ? {} : { body: input.body },
    );
  }

  async function readSession() {
    const reply = await send('GET', '/api/session');
    csrfToken = (reply.body as { csrfToken: string }).csrfToken;
  }

  const browser: Browser = {
    cookies,
    send,
    async call(key, input) {
      const reply = await request(key, input);
      if (reply.status >= 300) throw new Error(`${key} answered ${reply.status}: ${reply.text.slice(0, 300)}`);
      return reply.body as ReplyOf<typeof key>;
    },
    async fails(key, input) {
      const reply = await request(key, input);
      if (reply.status < 400)
        throw new Error(`${key} was expected to fail and answered ${reply.status}: ${reply.text.slice(0, 300)}`);
      return reply.body as Problem;
    },
    async signIn(username, password = testPassword) {
      await readSession();
      const session = await browser.call('POST /api/session', { body: { username, password } });
      csrfToken = session.csrfToken;
    },
    async proveSelf(password = testPassword) {
      const proved = await browser.call('POST /api/session/reauthentication', { body: { password } });
      csrfToken = proved.csrfToken;
    },
    async consent(user, accept = true) {
      if (!fake) throw new Error('there is no Microsoft 365 beside this Argus');
      const start = await send('GET', `/services/auth/oauth/${suffix}`);
      const authorizeUrl = start.headers.get('location') ?? '';
      if (!authorizeUrl.startsWith('http')) throw new Error(`the flow did not start: ${start.status} ${authorizeUrl}`);
      const { redirectUrl } = await fake.control.signIn({ authorizeUrl, user, accept });
      const { pathname, search } = new URL(redirectUrl);
      return pathname + search;
    },
    async authorize(user, accept = true) {
      return send('GET', await browser.consent(user, accept));
    },
  };
  return browser;
}
