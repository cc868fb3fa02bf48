import { randomBytes } from 'node:crypto';
import { catalogueEntry } from '@argus/contract/error-catalogue';
import type { Problem } from '@argus/contract/problem';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { hashToken } from '../../hash-token.ts';
import { saveOutcome } from '../../records/authorization-transactions.ts';
import type { Services } from '../../services.ts';

export const outcomeCookie = '__Host-argus-outcome';
const outcomeLifeMs = 10 * 60_000;

/**
 * Ends a kick-off or callback on a named outcome page with a clean URL. The outcome is for the browser that took part,
 * which proves itself by a cookie, or for its signed-in user.
 *
 * Where the protocol asks for a refusal (400) the reply says so, and its page leads on to the outcome by itself;
 * otherwise it is a 303, so that code and state leave the address bar.
 */
export async function sendOutcome(
  { db, now }: Services,
  reply: FastifyReply,
  outcome: {
    readonly accountId: string | null;
    readonly display: string;
    readonly problem: Problem | null;
    readonly hint: string | null;
  },
): Promise<FastifyReply> {
  const id = randomBytes(16).toString('base64url');
  const secret = randomBytes(24).toString('base64url');
  await saveOutcome(db, {
    id,
    accountId: outcome.accountId,
    browserHash: hashToken(secret),
    display: outcome.display,
    errorId: outcome.problem?.errorId ?? null,
    hint: outcome.hint,
    expiresAt: new Date(now().getTime() + outcomeLifeMs),
  });
  reply
    .setCookie(outcomeCookie, secret, {
      path: '/',
      httpOnly: true,
      secure: true,
      sameSite: 'lax',
      maxAge: outcomeLifeMs / 1000,
    })
    .header('cache-control', 'no-store');
  const target = `/authorization/outcome/${id}`;
  if (outcome.problem?.status !== 400) return reply.redirect(target, 303);
  const onwards = `<meta http-equiv="refresh" content="0;url=${target}">`;
  return sendPage(reply, outcome.problem.lines, target, onwards);
}

/** Refuses a callback that belongs to no flow of this browser, without keeping anything of it. */
export function sendRefusal(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { message } = catalogueEntry('authorization_state_invalid');
  return sendPage(reply, message[request.language], '/authorization', '');
}

function sendPage(reply: FastifyReply, lines: readonly string[], target: string, head: string): FastifyReply {
  const text = lines.map((line) => `<p>${escapeHtml(line)}</p>`).join('');
  return reply
    .code(400)
    .header('cache-control', 'no-store')
    .type('text/html; charset=utf-8')
    .send(
      `<!doctype html><html><head><meta charset="utf-8">${head}<title>Argus</title></head><body>${text}<p><a href="${target}">Argus</a></p></body></html>`,
    );
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
