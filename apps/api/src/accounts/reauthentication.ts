import type { FastifyRequest } from 'fastify';
import { AppError } from '../platform/problems/app-error.ts';

declare module 'fastify' {
  interface Session {
    /** When the signed-in user last proved the password in this session, beyond signing in. ISO 8601. */
    reauthenticatedAt?: string;
  }
}

/** How long a proof of the password is valid. Milliseconds. */
const reauthenticationLifeMs = 10 * 60_000;

/** Until when the password need not be asked for; null where it has to be now. */
export function reauthenticatedUntil(request: FastifyRequest, now: Date): Date | null {
  const at = Date.parse(request.session.reauthenticatedAt ?? '');
  const until = at + reauthenticationLifeMs;
  return at <= now.getTime() && now.getTime() < until ? new Date(until) : null;
}

/**
 * Asks for the password where somebody would become an administrator, could sign in as one, or would be none any more: by role,
 * activity, invitation or file. Whoever has taken over a session could otherwise make an administrator of a known password and
 * prove that one, or remove whoever would notice.
 * @throws AppError reauthentication_needed
 */
export function requireMayChangeAdmins(
  request: FastifyRequest,
  now: Date,
  { before, after }: Record<'before' | 'after', { readonly role: string; readonly active: boolean } | null>,
): void {
  const isAdmin = (account: typeof before) => account !== null && account.role === 'admin' && account.active;
  if (isAdmin(after) !== isAdmin(before)) requireReauthentication(request, now);
}

/**
 * Lets pass only who has proved the password lately: for what a session alone, taken over, must not be able to do.
 * @throws AppError reauthentication_needed
 */
export function requireReauthentication(request: FastifyRequest, now: Date): void {
  requireProof(reauthenticatedUntil(request, now) !== null);
}

/** As `requireReauthentication`, for what lies below the routes. @throws AppError reauthentication_needed */
export function requireProof(hasProved: boolean): void {
  if (!hasProved) throw new AppError('reauthentication_needed');
}
