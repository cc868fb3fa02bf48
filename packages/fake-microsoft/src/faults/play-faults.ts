import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { errorParameters, RedirectError, redirectUrl } from '../entra/authorize-request.ts';
import { EntraError, newErrorIds } from '../entra/entra-error.ts';
import type { World } from '../world.ts';
import { alteredJson, cutInHalf, drippingBody, gzipBomb, haltingBody, hugeJson, wrongTypes } from './distort-body.ts';
import type { Fault, FaultTarget } from './fault.ts';
import { statusBody, webServerPage } from './status-body.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The fault that was taken for this call. */
    fault: Fault | null;
  }
}

export interface FaultSite {
  /** The fault targets of a call; empty: no fault affects it. */
  targetsOf(request: FastifyRequest): FaultTarget[];
  /** Object id of the user a call is for, if known. */
  userOf(request: FastifyRequest): string | null;
  /** The error form of this listener. */
  usualBody: 'entra' | 'graph';
}

/**
 * Plays the ordered faults on a listener. Some replace the answer; others let the call happen and then spoil its
 * answer on the wire: a token request has then taken effect, although the client never learns the result.
 */
export function registerFaults(app: FastifyInstance, world: World, site: FaultSite): void {
  app.decorateRequest('fault', null);

  app.addHook('preHandler', async (request, reply) => {
    const targets = site.targetsOf(request);
    if (targets.length === 0) return;
    const oid = site.userOf(request);
    const fault = world.faults.take(targets, (user) => oid !== null && sameUser(world, oid, user));
    if (fault === null) return;
    request.fault = fault;
    return replaceAnswer(world, site, fault, request, reply);
  });

  app.addHook('onSend', async (request, reply, payload: unknown) => {
    const fault = request.fault;
    if (fault === null || (typeof payload !== 'string' && !Buffer.isBuffer(payload))) return payload;
    return spoilAnswer(world, fault, Buffer.from(payload), reply);
  });
}

function sameUser(world: World, oid: string, user: string): boolean {
  const wanted = user.toLowerCase();
  if (oid.toLowerCase() === wanted) return true;
  return world.state.users.some((entry) => entry.oid === oid && entry.userPrincipalName.toLowerCase() === wanted);
}

async function replaceAnswer(
  world: World,
  site: FaultSite,
  fault: Fault,
  request: FastifyRequest,
  reply: FastifyReply,
) {
  switch (fault.kind) {
    case 'delay':
      await pause(world, fault.ms, request);
      return;
    case 'hangBeforeHeaders':
      reply.hijack();
      return reply;
    case 'reset':
      reply.hijack();
      request.raw.socket.resetAndDestroy();
      return reply;
    case 'status': {
      if (fault.ms !== undefined) await pause(world, fault.ms, request);
      const wire = statusBody(world, fault.status, fault.body ?? site.usualBody, request.headers['client-request-id']);
      if (fault.retryAfter !== undefined) reply.header('retry-after', fault.retryAfter);
      reply.code(fault.status).headers(fault.headers ?? {});
      if (wire.contentType !== null) reply.header('content-type', wire.contentType);
      return reply.send(wire.content);
    }
    case 'retryAfter': {
      const status = fault.status ?? 429;
      const wire = statusBody(world, status, site.usualBody, request.headers['client-request-id']);
      reply.code(status).header('retry-after', fault.retryAfter).header('content-type', wire.contentType);
      return reply.send(wire.content);
    }
    case 'redirect':
      return reply.redirect(fault.location, fault.status ?? 302);
    case 'hugeBody':
      return reply.header('content-type', 'application/json; charset=utf-8').send(hugeJson(fault.bytes));
    case 'gzipBomb':
      return reply
        .header('content-type', 'application/json; charset=utf-8')
        .header('content-encoding', 'gzip')
        .send(gzipBomb(fault.bytes ?? 256 * 1024 * 1024));
    case 'html': {
      const status = fault.status ?? 200;
      return reply.code(status).header('content-type', 'text/html; charset=utf-8').send(webServerPage(status));
    }
    case 'redirectError':
      return sendBack(world, fault, request, reply);
    default:
      return;
  }
}

function spoilAnswer(world: World, fault: Fault, body: Buffer, reply: FastifyReply): unknown {
  switch (fault.kind) {
    case 'hangInBody':
      reply.header('content-length', body.length);
      return haltingBody(cutInHalf(body));
    case 'slowDrip':
      reply.header('content-length', body.length);
      return drippingBody(body, fault.bytesPerSecond, world.closing);
    case 'truncated': {
      reply.header('content-length', body.length + 1000);
      const stream = haltingBody(body);
      // Closes the connection after the bytes are sent, so that the client sees them and then the end.
      setTimeout(() => reply.raw.destroy(), 50).unref();
      return stream;
    }
    case 'malformedJson': {
      const broken = cutInHalf(body);
      reply.header('content-length', broken.length);
      return broken;
    }
    case 'wrongTypes': {
      if (!String(reply.getHeader('content-type')).startsWith('application/json')) return body;
      const text = JSON.stringify(wrongTypes(JSON.parse(body.toString('utf8'))));
      reply.header('content-length', Buffer.byteLength(text));
      return text;
    }
    case 'altered': {
      const text = `${fault.before ?? ''}${alteredJson(body, fault.fields ?? {})}`;
      reply.header('content-length', Buffer.byteLength(text));
      if (fault.contentType !== undefined) reply.header('content-type', fault.contentType);
      return Buffer.from(text);
    }
    default:
      return body;
  }
}

function sendBack(
  world: World,
  fault: Extract<Fault, { kind: 'redirectError' }>,
  request: FastifyRequest,
  reply: FastifyReply,
) {
  const query = request.query as Record<string, string | undefined>;
  if (query.redirect_uri === undefined) return;
  const error = new RedirectError(
    { redirectUri: query.redirect_uri, responseMode: 'query', state: query.state },
    new EntraError(fault.error, fault.errorCodes ?? [], fault.errorDescription ?? 'An error ordered by a test.'),
    fault.errorSubcode,
  );
  const parameters = errorParameters(error, newErrorIds(world, request.headers['client-request-id']));
  return reply.redirect(redirectUrl(error.to, parameters), 302);
}

async function pause(world: World, ms: number, request: FastifyRequest): Promise<void> {
  const wait = new AbortController();
  const end = () => wait.abort();
  request.raw.socket.once('close', end);
  world.delayed.add(wait);
  try {
    await sleep(ms, undefined, { signal: AbortSignal.any([world.closing, wait.signal]) });
  } catch {
    // The client disconnected, the fake closes, or the answer is wanted now.
  } finally {
    request.raw.socket.off('close', end);
    world.delayed.delete(wait);
  }
}
