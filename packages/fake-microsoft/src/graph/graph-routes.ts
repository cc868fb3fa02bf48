import { randomUUID } from 'node:crypto';
import { present } from '@argus/fields/present';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { DirectoryUser } from '../data/demo-company.ts';
import type { FaultTarget } from '../faults/fault.ts';
import { webServerPage } from '../faults/status-body.ts';
import { findUser, type World } from '../world.ts';
import { authenticate, type Caller } from './authenticate.ts';
import { accessDenied, GraphError, graphErrorBody, segmentNotFound } from './graph-error.ts';
import {
  findFolder,
  getFolder,
  getMessage,
  listFolders,
  listMessages,
  type MailCall,
  mailAccess,
  requireMailbox,
} from './mailbox.ts';
import { describeUser } from './profile.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The caller of Graph; an error where the token is invalid; null on the login listener. */
    caller: Caller | GraphError | null;
  }
}

/** Reads the bearer token once, early, so that faults and the request log know the user. */
export function registerGraphCaller(app: FastifyInstance, world: World): void {
  app.decorateRequest('caller', null);
  app.addHook('onRequest', async (request) => {
    try {
      request.caller = await authenticate(world, request.headers.authorization);
    } catch (error) {
      if (!(error instanceof GraphError)) throw error;
      request.caller = error;
    }
  });
}

/** Object id of the signed-in user of a Graph call. */
export function callerOid(request: FastifyRequest): string | null {
  return request.caller === null || request.caller instanceof GraphError ? null : request.caller.oid;
}

/** The fault targets of a Graph call. */
export function graphTargets(request: FastifyRequest): FaultTarget[] {
  const segments = readSegments(request.url);
  const last = segments.at(-1)?.toLowerCase() ?? '';
  const inFolder = segments.some((segment) => segment.toLowerCase() === 'mailfolders');
  if (segments.some((segment) => segment.toLowerCase() === 'messages')) return ['messages', 'graph'];
  if (inFolder) return ['folder', 'graph'];
  if (last === 'me' || segments.at(-2)?.toLowerCase() === 'users') return ['me', 'graph'];
  return ['graph'];
}

/** Everything under the Graph origin: Graph checks paths segment by segment, so there is one route. */
export function registerGraphRoutes(app: FastifyInstance, world: World): void {
  app.all('/*', async (request, reply) => {
    const requestId = randomUUID();
    const clientRequestId = headerText(request, 'client-request-id');
    reply
      .header('cache-control', 'private')
      .header('request-id', requestId)
      .header('client-request-id', clientRequestId ?? requestId)
      .header('strict-transport-security', 'max-age=31536000')
      .header(
        'x-ms-ags-diagnostic',
        JSON.stringify({ ServerInfo: { DataCenter: 'Fake', Slice: 'E', ScaleUnit: '000' } }),
      );
    try {
      const preferences = readPreferences(request);
      const answer = answerGraph(world, request, preferences);
      if (answer === null) {
        return reply.code(404).header('content-type', 'text/html; charset=utf-8').send(webServerPage(404));
      }
      if (preferences.applied.length > 0) reply.header('preference-applied', preferences.applied.join(', '));
      return reply
        .header(
          'content-type',
          'application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8',
        )
        .header('odata-version', '4.0')
        .send(JSON.stringify(answer));
    } catch (error) {
      if (!(error instanceof GraphError)) throw error;
      return reply
        .code(error.status)
        .headers(error.headers)
        .header('content-type', 'application/json')
        .send(JSON.stringify(graphErrorBody(world, error, clientRequestId, requestId)));
    }
  });
}

/** @returns null for a path that Graph does not have. */
function answerGraph(world: World, request: FastifyRequest, preferences: Preferences): Record<string, unknown> | null {
  const [version, ...segments] = readSegments(request.url);
  const path = request.url.split('?', 1)[0] ?? '';
  if (path.toLowerCase() === '/oidc/userinfo') return userInfo(world, requireCaller(request));
  if (version !== 'v1.0' && version !== 'beta') {
    if (/^(v?\d.*|me|users)$/i.test(version ?? '')) throw new GraphError(400, 'BadRequest', 'Invalid version.');
    return null;
  }
  const caller = requireCaller(request);
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    throw new GraphError(405, 'Request_BadRequest', 'Specified HTTP method is not allowed for the request target.');
  }
  const query = new URLSearchParams(request.url.split('?')[1] ?? '');
  const [root, ...rest] = segments;
  if (root?.toLowerCase() === 'me') {
    if (caller.oid === null) {
      throw new GraphError(400, 'BadRequest', '/me request is only valid with delegated authentication flow.');
    }
    checkSegments(rest);
    const user = findUser(world.state, caller.oid);
    if (user === undefined) throw resourceMissing(caller.oid);
    return answerUser(world, caller, user, rest, path, query, preferences);
  }
  if (root?.toLowerCase() === 'users' && rest[0] !== undefined) {
    const [key, ...more] = rest;
    const user = findUser(world.state, key);
    const own = user !== undefined && user.oid === caller.oid;
    checkSegments(more);
    if (more.length === 0) {
      if (
        !own &&
        caller.oid !== null &&
        !hasAny(caller, ['User.ReadBasic.All', 'User.Read.All', 'User.ReadWrite.All'])
      ) {
        throw requestDenied();
      }
      if (user === undefined) throw resourceMissing(key);
    }
    if (user === undefined) throw new GraphError(404, 'ErrorInvalidUser', `The requested user '${key}' is invalid.`);
    // Delegated access to another user's mailbox would need a shared folder, and there are none here.
    if (more.length > 0 && !own && caller.oid !== null) throw accessDenied();
    return answerUser(world, caller, user, more, path, query, preferences);
  }
  throw segmentNotFound(root ?? '');
}

function answerUser(
  world: World,
  caller: Caller,
  user: DirectoryUser,
  segments: string[],
  path: string,
  query: URLSearchParams,
  preferences: Preferences,
): Record<string, unknown> {
  const [first, second, third, fourth] = segments;
  if (first === undefined) {
    if (!hasAny(caller, ['User.Read', 'User.ReadWrite', 'User.ReadBasic.All', 'User.Read.All', 'User.ReadWrite.All'])) {
      throw requestDenied();
    }
    return describeUser(world, user, query);
  }
  const { mayReadBody } = mailAccess(caller.permissions);
  requireMailbox(user);
  const call: MailCall = {
    world,
    user,
    owner: user.oid,
    path,
    query,
    mayReadBody,
    immutableIds: preferences.immutableIds,
    textBody: preferences.textBody,
  };
  if (first.toLowerCase() === 'messages')
    return second === undefined ? listMessages(call, null) : getMessage(call, second);
  if (second === undefined) return listFolders(call);
  const folder = findFolder(user, second);
  if (third === undefined) return getFolder(call, folder);
  return fourth === undefined ? listMessages(call, folder) : getMessage(call, fourth);
}

/**
 * Checks the path after the user, before any permissions.
 * @throws GraphError 400
 */
function checkSegments([first, , third, , fifth]: string[]): void {
  if (first === undefined) return;
  const place = first.toLowerCase();
  if (place !== 'mailfolders' && place !== 'messages') throw segmentNotFound(first);
  if (third !== undefined && (place === 'messages' || third.toLowerCase() !== 'messages')) throw segmentNotFound(third);
  if (fifth !== undefined) throw segmentNotFound(fifth);
}

function requireCaller(request: FastifyRequest): Caller {
  if (request.caller === null) throw new TypeError('The caller is read before every Graph call.');
  if (request.caller instanceof GraphError) throw request.caller;
  return request.caller;
}

function userInfo(world: World, caller: Caller): Record<string, unknown> {
  const user = findUser(world.state, caller.oid ?? '');
  if (user === undefined) throw requestDenied();
  return {
    sub: user.oid,
    name: user.displayName,
    family_name: user.surname,
    given_name: user.givenName,
    picture: `${world.graphUrl}/v1.0/me/photo/$value`,
    ...present({ email: user.mail ?? undefined }),
  };
}

function hasAny(caller: Caller, names: string[]): boolean {
  return names.some((name) => caller.permissions.has(name));
}

function requestDenied(): GraphError {
  return new GraphError(403, 'Authorization_RequestDenied', 'Insufficient privileges to complete the operation.');
}

function resourceMissing(id: string): GraphError {
  return new GraphError(
    404,
    'Request_ResourceNotFound',
    `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`,
  );
}

/** Decoded path segments; `users('x')` and `mailFolders('x')` are alternative spellings of `users/x` and so on. */
function readSegments(url: string): string[] {
  const path = url.split('?', 1)[0] ?? '';
  return path
    .split('/')
    .filter((segment) => segment !== '')
    .flatMap((segment) => {
      const text = decodeSegment(segment);
      const key = /^(\w+)\('(.*)'\)$/.exec(text);
      return key === null ? [text] : [key[1] ?? '', (key[2] ?? '').replaceAll("''", "'")];
    });
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

interface Preferences {
  immutableIds: boolean;
  textBody: boolean;
  applied: string[];
}

function readPreferences(request: FastifyRequest): Preferences {
  const words = (headerText(request, 'prefer') ?? '').split(',').map((word) => word.trim());
  const immutableIds = words.some((word) => /^IdType\s*=\s*"ImmutableId"$/i.test(word));
  const body = words
    .map((word) => /^outlook\.body-content-type\s*=\s*"(text|html)"$/i.exec(word)?.[1]?.toLowerCase())
    .find(Boolean);
  return {
    immutableIds,
    textBody: body === 'text',
    applied: [
      ...(immutableIds ? ['IdType="ImmutableId"'] : []),
      ...(body === undefined ? [] : [`outlook.body-content-type="${body}"`]),
    ],
  };
}

function headerText(request: FastifyRequest, name: string): string | null {
  const value = request.headers[name];
  return typeof value === 'string' ? value : Array.isArray(value) ? value.join(', ') : null;
}
