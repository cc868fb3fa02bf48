import { hash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** A serialized list, and its entity tag (RFC 9110, 8.8.3). */
export interface ListBytes {
  readonly body: Buffer;
  readonly etag: string;
}

export function listBytes(text: string): ListBytes {
  const body = Buffer.from(text);
  return { body, etag: `"${hash('sha256', body, 'base64url')}"` };
}

/** Sends a list, or only that it is the one that the browser has (304). */
export function sendList({ headers }: FastifyRequest, reply: FastifyReply, { body, etag }: ListBytes): FastifyReply {
  reply.header('etag', etag);
  if (names(headers['if-none-match'], etag)) return reply.code(304).send();
  return reply.code(200).header('content-type', 'application/json; charset=utf-8').send(body);
}

/** Whether If-None-Match names a tag. A proxy that compresses makes tags weak. */
function names(given: string | undefined, etag: string): boolean {
  if (given === undefined) return false;
  return given === etag || given.split(',').some((each) => each.trim().replace(/^W\//, '') === etag);
}
