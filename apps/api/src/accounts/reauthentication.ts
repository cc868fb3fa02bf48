import type { FastifyRequest } from 'fastify';
import { AppError } from '../platform/problems/app-error.ts';

declare module 'fastify' {
  interface Session {
    /** When the signed-in user last proved the password in this session, beyond signing in. ISO 8601. */
    reauthenticatedAt?: string;
  }
}

/** How long a password proof is valid. Milliseconds. */
const reauthenticationLifeMs = 10 * 60_000;

/** Until when the password need not be asked for; null where it must be asked for now. */
export function reauthenticatedUntil(request: FastifyRequest, now: Date): Date | null {
  const at = Date.parse(request.session.reauthenticatedAt ?? '');
  const until = at + reauthenticationLifeMs;
  return at <= now.getTime() && now.getTime() < until ? new Date(until) : null;
}

/**
 * Requires a recent password proof where an account becomes an active administrator or stops being one: by role,
 * activity, invitation or file. Otherwise a hijacked session could create an administrator with a known password and
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
 * Requires a recent password proof, for actions that a hijacked session alone must not be able to take.
 * @throws AppError reauthentication_needed
 */
export function requireReauthentication(request: FastifyRequest, now: Date): void {
  requireProof(reauthenticatedUntil(request, now) !== null);
}

/**
 * As `requireReauthentication`, for code below the routes.
 * @throws AppError reauthentication_needed
 */
export function requireProof(hasProved: boolean): void {
  if (!hasProved) throw new AppError('reauthentication_needed');
}
