import type { FastifyRequest } from 'fastify';
import type { FaultTarget } from '../faults/fault.ts';
import { findUser, type World } from '../world.ts';
import { readForm } from './token-routes.ts';

/** The fault targets of a call to the sign-in host. */
export function loginTargets(request: FastifyRequest): FaultTarget[] {
  const path = (request.url.split('?', 1)[0] ?? '').toLowerCase();
  if (path.endsWith('/token')) return ['token', 'login'];
  if (path.endsWith('/authorize')) return ['authorize', 'login'];
  if (path.endsWith('/openid-configuration') || path.endsWith('/keys')) return ['discovery', 'login'];
  return ['login'];
}

/** Object id of the user a call is for: the owner of the code or refresh token, or the picked or hinted account. */
export function userOfLogin(world: World, request: FastifyRequest): string | null {
  const form = readForm(request.body);
  if (form.code !== undefined) return world.codes.get(form.code)?.oid ?? null;
  if (form.refresh_token !== undefined) return world.state.refreshTokens.get(form.refresh_token)?.oid ?? null;
  const name = form.account ?? form.login_hint ?? readForm(request.query).login_hint;
  return name === undefined ? null : (findUser(world.state, name)?.oid ?? null);
}
