import { randomBytes } from 'node:crypto';
import { catalogueEntry } from '@argus/contract/errors/error-catalogue';
import type { Problem } from '@argus/contract/errors/problem';
import { startDeadline } from '@argus/egress/deadline';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { untilAvailable } from '../../platform/database/until-available.ts';
import type { AppError } from '../../platform/problems/app-error.ts';
import type { Services } from '../../platform/services.ts';
import { hashToken } from '../../platform/vault/hash-token.ts';
import { saveOutcome } from '../records/authorization-transactions.ts';
import { newOutcomeId, outcomeLifeMs } from './outcome-id.ts';

export const outcomeCookie = '__Host-argus-outcome';
/** How long an unresponsive database may delay the page. Milliseconds. */
const storeWithinMs = 2_000;

/** How a kick-off or callback ended: authorized, or with an error and the problem that the page shows. */
export type FlowEnd =
  | { readonly result: 'authorized'; readonly hint: 'case_differs' | 'upn_renamed' | null }
  | { readonly result: 'failed'; readonly error: AppError; readonly problem: Problem };

/** A kick-off or callback that ends. */
export interface EndingFlow {
  readonly accountId: string | null;
  readonly display: string;
  /** The id under which its outcome is awaited, or pending. */
  readonly outcomeId?: string | undefined;
  /** The secret with which the browser proves itself, if it already has one. */
  readonly secret?: string | undefined;
}

/**
 * Ends a kick-off or callback on a named outcome page with a clean URL. The outcome is only for the browser that took
 * part, which proves itself by a cookie, or for its signed-in user.
 *
 * Where the protocol requires a refusal (400), the reply has that status and its page leads on to the outcome by
 * itself; otherwise it is a 303, so that code and state leave the address bar. An outcome that cannot be stored is
 * shown directly in this reply, as what happened is true regardless.
 */
export async function sendOutcome(
  { db, now }: Services,
  request: FastifyRequest,
  reply: FastifyReply,
  { accountId, display, outcomeId: id = newOutcomeId(), ...flow }: EndingFlow,
  end: FlowEnd,
): Promise<FastifyReply> {
  const secret = flow.secret ?? randomBytes(24).toString('base64url');
  const outcome = {
    id,
    accountId,
    display,
    browserHash: hashToken(secret),
    result: end.result,
    failure: end.result === 'failed' ? { code: end.error.code, params: end.error.params } : null,
    errorId: end.result === 'failed' ? (end.problem.errorId ?? null) : null,
    hint: end.result === 'authorized' ? end.hint : null,
    createdAt: now(),
    expiresAt: new Date(now().getTime() + outcomeLifeMs),
  };
  try {
    await untilAvailable(startDeadline(storeWithinMs), () => saveOutcome(db, outcome));
  } catch (error) {
    request.log.error({ err: error, result: end.result }, 'cannot store the outcome of an authorization');
    return sendEnd(request, reply, end);
  }
  keepSecret(reply, secret);
  const target = `/authorization/outcome/${id}`;
  if (end.result === 'authorized' || end.problem.status !== 400) return reply.redirect(target, 303);
  const onwards = `<meta http-equiv="refresh" content="0;url=${target}">`;
  return sendPage(reply, 400, end.problem.lines, target, onwards);
}

/** Leads a callback that was loaded again to the outcome of the first load, or to the state where that is gone. */
export function sendEarlierEnd(
  reply: FastifyReply,
  { id, secret }: { readonly id: string | null; readonly secret: string | undefined },
): FastifyReply {
  if (secret !== undefined) keepSecret(reply, secret);
  reply.header('cache-control', 'no-store');
  return reply.redirect(id === null ? '/authorization' : `/authorization/outcome/${id}`, 303);
}

function keepSecret(reply: FastifyReply, secret: string): void {
  const attributes = { path: '/', httpOnly: true, secure: true, sameSite: 'lax' } as const;
  reply
    .setCookie(outcomeCookie, secret, { ...attributes, maxAge: outcomeLifeMs / 1000 })
    .header('cache-control', 'no-store');
}

const authorizedLines = {
  ja: ['Microsoft 365 との認証が完了しました。', 'この画面を閉じて、元の画面に戻ってください。'],
  en: ['Your Microsoft 365 account is connected.', 'Close this page and go back to the previous screen.'],
};
const errorIdLabel = { ja: 'エラーID', en: 'Error ID' };

/** Shows what happened, without an outcome page. */
export function sendEnd(request: FastifyRequest, reply: FastifyReply, end: FlowEnd): FastifyReply {
  const { language } = request;
  if (end.result === 'authorized') return sendPage(reply, 200, authorizedLines[language], '/authorization', '');
  const { lines, errorId, status } = end.problem;
  const shown = errorId === undefined ? lines : [...lines, `${errorIdLabel[language]}: ${errorId}`];
  return sendPage(reply, status, shown, '/authorization', '');
}

/** Refuses a callback that belongs to no flow of this browser, and stores nothing of it. */
export function sendRefusal(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { message } = catalogueEntry('authorization_state_invalid');
  return sendPage(reply, 400, message[request.language], '/authorization', '');
}

function sendPage(
  reply: FastifyReply,
  status: number,
  lines: readonly string[],
  target: string,
  head: string,
): FastifyReply {
  const text = lines.map((line) => `<p>${escapeHtml(line)}</p>`).join('');
  return reply
    .code(status)
    .header('cache-control', 'no-store')
    .type('text/html; charset=utf-8')
    .send(
      `<!doctype html><html><head><meta charset="utf-8">${head}<title>Argus</title></head><body>${text}<p><a href="${target}">Argus</a></p></body></html>`,
    );
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
