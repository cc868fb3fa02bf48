import type { FastifyRequest } from 'fastify';
import type { Actor } from '../audit/audit.ts';
import { reauthenticatedUntil } from './reauthentication.ts';
import { type Access, accessOf } from './standing-access.ts';

/** A signed-in user who changes something, for code below the routes, which has no request. */
export interface Acting extends Actor {
  readonly access: Access;
  /** Whether the user proved the password recently. */
  readonly hasProved: boolean;
}

export function actingBy(request: FastifyRequest, now: Date): Acting {
  const { viewer, ip, id } = request;
  return { viewer, ip, id, access: accessOf(request), hasProved: reauthenticatedUntil(request, now) !== null };
}
