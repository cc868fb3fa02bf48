import type { FastifyReply, FastifyRequest } from 'fastify';
import { hashToken } from '../../platform/vault/hash-token.ts';

/** How long a user may take to sign in at Microsoft. Milliseconds. */
export const flowLifeMs = 10 * 60_000;

/** A flow that this browser claims to have started. Anybody can forge one: the stored state decides. */
export interface BegunFlow {
  readonly state: string;
  readonly verifier: string;
}

const prefix = '__Host-argus-flow-';
const attributes = { path: '/', httpOnly: true, secure: true, sameSite: 'lax' } as const;
/** How many flows a browser holds at once; one more replaces the oldest. */
const mostFlows = 5;

/** One cookie per flow, so that two tabs can authorize at once. */
function nameOf(state: string): string {
  return `${prefix}${hashToken(state).slice(0, 16)}`;
}

function flowCookies({ cookies }: FastifyRequest): readonly (readonly [string, string])[] {
  return Object.entries(cookies).flatMap(([name, value]) =>
    name.startsWith(prefix) && value !== undefined ? [[name, value] as const] : [],
  );
}

/** The flows that this browser started, oldest first (RFC 6265, 5.4). */
export function begunFlows(request: FastifyRequest): readonly BegunFlow[] {
  return flowCookies(request)
    .slice(-mostFlows)
    .flatMap(([name, value]) => {
      const [state = '', verifier = ''] = value.split('.');
      return state !== '' && verifier !== '' && name === nameOf(state) ? [{ state, verifier }] : [];
    });
}

/** Gives the browser a cookie that proves that it started a flow. */
export function keepFlow(request: FastifyRequest, reply: FastifyReply, { state, verifier }: BegunFlow): void {
  const present = flowCookies(request);
  for (const [name] of present.slice(0, Math.max(0, present.length - mostFlows + 1)))
    reply.clearCookie(name, attributes);
  reply.setCookie(nameOf(state), `${state}.${verifier}`, { ...attributes, maxAge: flowLifeMs / 1000 });
}

/** A flow that has returned is over, however it ends. */
export function forgetFlow(reply: FastifyReply, state: string): void {
  reply.clearCookie(nameOf(state), attributes);
}
