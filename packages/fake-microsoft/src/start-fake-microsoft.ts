import type { AddressInfo } from 'node:net';
import formbody from '@fastify/formbody';
import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import { type Control, createControl } from './control/control.ts';
import { isControlPath, pathOf, registerControlRoutes } from './control/control-routes.ts';
import { createDeadEnds } from './control/dead-ends.ts';
import { startLiveMail } from './control/deliver-mail.ts';
import { createRequestLog, registerRecording } from './control/request-log.ts';
import { registerAdminConsentRoutes } from './entra/admin-consent-routes.ts';
import { registerAuthorizeRoutes } from './entra/authorize-routes.ts';
import { registerDiscoveryRoutes } from './entra/discovery-routes.ts';
import { loginTargets, userOfLogin } from './entra/login-calls.ts';
import { openSigningKeys } from './entra/signing-keys.ts';
import { registerTokenRoutes } from './entra/token-routes.ts';
import { createFaultRegister } from './faults/fault-register.ts';
import { registerFaults } from './faults/play-faults.ts';
import { webServerPage } from './faults/status-body.ts';
import { callerOid, graphTargets, registerGraphCaller, registerGraphRoutes } from './graph/graph-routes.ts';
import { loadState, openStateWriter, type StateWriter } from './state-file.ts';
import { findUser, initialState, initialSwitches, type World } from './world.ts';

export interface FakeMicrosoftOptions {
  /** Port of the sign-in host (default 0: any free port). */
  loginPort?: number;
  /** Port of Graph (default 0: any free port). */
  graphPort?: number;
  /** Address to listen on; default loopback. */
  host?: string;
  /** Stores keys, grants, directory and mail across restarts. */
  stateFile?: string;
  /** Keeps adding mail to every mailbox; off by default. */
  liveMail?: false | { everySeconds: number };
  /** The clock, in milliseconds since the epoch. */
  now?: () => number;
  /** Called when a damaged state file is replaced, or when the file cannot be written. */
  warn?: (message: string) => void;
}

export interface FakeMicrosoft {
  /** `http://localhost:PORT`, instead of https://login.microsoftonline.com */
  loginUrl: string;
  /** `http://localhost:PORT`, instead of https://graph.microsoft.com */
  graphUrl: string;
  /** `{loginUrl}/_control` */
  controlUrl: string;
  control: Control;
  close(): Promise<void>;
}

/** The port is already in use. */
export class PortTaken extends Error {
  override readonly name = 'PortTaken';
  readonly code = 'EADDRINUSE';
  readonly port: number;

  constructor(port: number, cause: unknown) {
    super(`Port ${port}, wanted by the fake Microsoft 365, is in use.`, { cause });
    this.port = port;
  }
}

/**
 * Starts the fake Microsoft 365: a sign-in host and Graph, two origins as in reality.
 * @throws PortTaken where a requested port is in use (`code` is 'EADDRINUSE', `port` says which)
 */
export async function startFakeMicrosoft(options: FakeMicrosoftOptions = {}): Promise<FakeMicrosoft> {
  const host = options.host ?? '127.0.0.1';
  const now = options.now ?? Date.now;
  const warn = options.warn ?? ((message: string) => process.emitWarning(message, 'FakeMicrosoft'));
  const stored = await restore(options.stateFile, warn);
  const closing = new AbortController();
  let writer: StateWriter | null = null;

  const world: World = {
    state: stored?.state ?? initialState(now()),
    switches: initialSwitches(),
    codes: new Map(),
    faults: createFaultRegister(),
    requests: createRequestLog(),
    keys: stored?.keys ?? (await openSigningKeys(null)),
    loginUrl: '',
    graphUrl: '',
    now,
    changed: () => writer?.schedule(),
    closing: closing.signal,
    delayed: new Set(),
  };
  const deadEnds = createDeadEnds(host);
  const login = createListener();
  const graph = createListener();
  const control = createControl(world, login, deadEnds);
  buildGraph(graph, world);
  await listen(graph, options.graphPort ?? 0, host);
  world.graphUrl = originOf(graph);
  try {
    await buildLogin(login, world, control, host);
    await listen(login, options.loginPort ?? 0, host);
  } catch (error) {
    await graph.close();
    throw error;
  }
  world.loginUrl = originOf(login);
  // Only the process that holds the ports writes the file: a second start that fails must not touch the first one's
  // state.
  if (options.stateFile !== undefined) {
    writer = openStateWriter(
      options.stateFile,
      () => ({ signingKey: world.keys.privateJwk, state: world.state }),
      warn,
    );
    writer.schedule();
  }
  const stopLiveMail = options.liveMail ? startLiveMail(world, options.liveMail.everySeconds) : () => {};

  return {
    loginUrl: world.loginUrl,
    graphUrl: world.graphUrl,
    controlUrl: `${world.loginUrl}/_control`,
    control,
    async close() {
      stopLiveMail();
      closing.abort();
      await Promise.all([login.close(), graph.close(), deadEnds.close()]);
      writer?.flush();
    },
  };
}

/** The state of an earlier run; null where there is none that can be used. */
async function restore(file: string | undefined, warn: (message: string) => void) {
  if (file === undefined) return null;
  const loaded = loadState(file, warn);
  if (loaded === null) return null;
  try {
    return { state: loaded.state, keys: await openSigningKeys(loaded.signingKey) };
  } catch {
    warn(`The signing key in ${file} of the fake Microsoft 365 is damaged; it starts fresh.`);
    return null;
  }
}

function createListener(): FastifyInstance {
  return Fastify({
    // Hanging and dripping answers must not delay a close.
    forceCloseConnections: true,
    bodyLimit: 1024 * 1024,
    // A URL that cannot be decoded never reaches a route.
    frameworkErrors: (_error, _request, reply) => {
      reply.hijack();
      reply.raw.writeHead(400, { 'content-type': 'text/html; charset=utf-8' }).end(webServerPage(400));
    },
    routerOptions: { caseSensitive: false, ignoreTrailingSlash: false, maxParamLength: 1000 },
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false, allowUnionTypes: true } },
  });
}

async function buildLogin(app: FastifyInstance, world: World, control: Control, host: string): Promise<void> {
  await app.register(formbody);
  allowEmptyJson(app);
  registerRecording(
    app,
    world.requests,
    { listener: 'login', ignores: isControlPath, userOf: (request) => upnOf(world, userOfLogin(world, request)) },
    world.now,
  );
  registerFaults(app, world, {
    targetsOf: (request) => (isControlPath(pathOf(request)) ? [] : loginTargets(request)),
    userOf: (request) => userOfLogin(world, request),
    usualBody: 'entra',
  });
  app.setNotFoundHandler((_request, reply) =>
    reply.code(404).header('content-type', 'text/html; charset=utf-8').send(webServerPage(404)),
  );
  registerTokenRoutes(app, world);
  registerAuthorizeRoutes(app, world);
  registerAdminConsentRoutes(app, world);
  registerDiscoveryRoutes(app, world);
  registerControlRoutes(app, control, {
    site: () => ({ loginUrl: world.loginUrl, graphUrl: world.graphUrl }),
    hosts: new Set(['localhost', '127.0.0.1', '[::1]', host]),
  });
}

function buildGraph(app: FastifyInstance, world: World): void {
  app.removeAllContentTypeParsers();
  ignoreOtherBodies(app);
  registerRecording(
    app,
    world.requests,
    { listener: 'graph', ignores: () => false, userOf: (request) => upnOf(world, callerOid(request)) },
    world.now,
  );
  registerGraphCaller(app, world);
  registerFaults(app, world, { targetsOf: graphTargets, userOf: callerOid, usualBody: 'graph' });
  registerGraphRoutes(app, world);
}

// A POST without a body is valid for an order without details.
function allowEmptyJson(app: FastifyInstance): void {
  app.removeContentTypeParser(['application/json', 'text/plain']);
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request: FastifyRequest, text, done) => {
    if (text === '') return done(null, {});
    try {
      done(null, JSON.parse(String(text)));
    } catch {
      done(Object.assign(new Error('The body is no JSON.'), { statusCode: 400 }));
    }
  });
  ignoreOtherBodies(app);
}

// A body of an unknown type is treated as empty: the endpoints then miss their parameters, like the real ones.
function ignoreOtherBodies(app: FastifyInstance): void {
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, _body, done) => done(null, {}));
}

async function listen(app: FastifyInstance, port: number, host: string): Promise<void> {
  try {
    await app.listen({ port, host });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') throw new PortTaken(port, error);
    throw error;
  }
}

function originOf(app: FastifyInstance): string {
  return `http://localhost:${(app.server.address() as AddressInfo).port}`;
}

function upnOf(world: World, oid: string | null): string | null {
  return oid === null ? null : (findUser(world.state, oid)?.userPrincipalName ?? null);
}
