import type { FastifyRequest } from 'fastify';
import { AppError } from './app-error.ts';

declare module 'fastify' {
  interface Session {
    /** When the signed-in user last proved the password in this session, beyond signing in. ISO 8601. */
    reauthenticatedAt?: string;
  }
}

/** How long a proof of the password stands for what asks for one. */
const reauthenticationLifeMs = 10 * 60_000;

/** Notes that the signed-in user has just proved the password. */
export function noteReauthentication(request: FastifyRequest, now: Date): void {
  request.session.reauthenticatedAt = now.toISOString();
}

/** Until when the password need not be asked for; null where it has to be now. */
export function reauthenticatedUntil(request: FastifyRequest, now: Date): Date | null {
  const at = Date.parse(request.session.reauthenticatedAt ?? '');
  const until = at + reauthenticationLifeMs;
  return at <= now.getTime() && now.getTime() < until ? new Date(until) : null;
}

/**
 * Lets pass only who has proved the password lately: for what a session alone, taken over, must not be able to do.
 * @throws AppError reauthentication_needed
 */
export function requireReauthentication(request: FastifyRequest, now: Date): void {
  if (reauthenticatedUntil(request, now) === null) throw new AppError('reauthentication_needed');
}
