import { randomBytes } from 'node:crypto';
import type { OutcomeView } from '@argus/contract/endpoints/authorization';
import { catalogueEntry, isErrorCode } from '@argus/contract/error-catalogue';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../../app-error.ts';
import { audit } from '../../audit.ts';
import { authorizationState } from '../../authorization-state.ts';
import { endpoint, viewerOf } from '../../endpoint.ts';
import { hashToken } from '../../hash-token.ts';
import { toAppError } from '../../plugins/problems.ts';
import { toProblem } from '../../problem-json.ts';
import { startUrl } from '../../provider-clients.ts';
import { findLinkOf } from '../../records/account-links.ts';
import { findAccount } from '../../records/accounts.ts';
import { findAuthProviderBySuffix } from '../../records/auth-providers.ts';
import { findOutcome, saveTicket, takeTicket } from '../../records/authorization-transactions.ts';
import { inTransaction } from '../../records/db.ts';
import { findErrorEvent } from '../../records/error-events.ts';
import { deleteGrantsOf, findGrant } from '../../records/grants.ts';
import { deleteKeptMail } from '../../records/mail-cache.ts';
import { readSettings } from '../../records/settings.ts';
import type { Services } from '../../services.ts';
import {
  type CallbackQuery,
  type FlowServices,
  finishAuthorization,
  isInFlow,
  requireReady,
  startAuthorization,
  takeTransaction,
} from './connect.ts';
import { outcomeCookie, sendOutcome, sendRefusal } from './outcome-page.ts';

const ticketLifeMs = 60_000;

interface SuffixRoute {
  Params: { suffix: string };
  Querystring: CallbackQuery;
}

/**
 * The browser's side of the code flow, under the paths that Salesforce gives it. A pop-up of an embedded portlet has no
 * session, so these pages look after themselves: who may start and finish is decided by ticket, state and cookie.
 */
export async function authorizationFlowRoutes(app: FastifyInstance, services: FlowServices): Promise<void> {
  const { db, now } = services;

  app.get<SuffixRoute>('/services/auth/oauth/:suffix', { schema: { hide: true } }, async (request, reply) => {
    const { suffix } = request.params;
    const { ticket } = request.query;
    const taken = typeof ticket === 'string' ? await takeTicket(db, hashToken(ticket), now()) : null;
    const accountId = taken?.urlSuffix === suffix ? taken.accountId : request.viewer?.id;
    // Sign-in comes first; the page asks for it and starts anew from there.
    if (accountId === undefined) return reply.redirect('/authorization', 303);
    const display = taken ? 'popup' : 'page';
    try {
      const url = await startAuthorization(services, request, reply, { suffix, accountId, display });
      return reply.header('cache-control', 'no-store').redirect(url, 303);
    } catch (error) {
      return sendFailure(request, reply, error, accountId, display);
    }
  });

  app.get<SuffixRoute>('/services/authcallback/:suffix', { schema: { hide: true } }, async (request, reply) => {
    const { suffix } = request.params;
    // Neither signed in nor in the middle of a flow: nothing is kept of such a request, or anybody could fill the log.
    if (!request.viewer && !(await isInFlow(services, request))) return sendRefusal(request, reply);
    let accountId: string | null = request.viewer?.id ?? null;
    let display = 'page';
    try {
      const { transaction, provider } = await takeTransaction(services, request, suffix, request.query);
      accountId = transaction.accountId;
      display = transaction.display;
      const { hint } = await finishAuthorization(services, request, reply, {
        transaction,
        provider,
        query: request.query,
      });
      return await sendOutcome(services, reply, { accountId, display, problem: null, hint });
    } catch (error) {
      return sendFailure(request, reply, error, accountId, display);
    }
  });

  async function sendFailure(
    request: FastifyRequest,
    reply: FastifyReply,
    error: unknown,
    accountId: string | null,
    display: string,
  ) {
    const account = accountId === null ? null : await findAccount(db, accountId);
    const problem = await request.reportProblem(toAppError(error), account ?? undefined);
    return sendOutcome(services, reply, { accountId, display, problem, hint: null });
  }

  endpoint(app, 'GET /api/authorization/outcomes/:id', async ({ params, request }): Promise<OutcomeView> => {
    const outcome = await findOutcome(db, params.id, now());
    const secret = request.cookies[outcomeCookie];
    const mayRead =
      outcome !== null &&
      ((secret !== undefined && hashToken(secret) === outcome.browserHash) ||
        (outcome.accountId !== null && outcome.accountId === request.viewer?.id));
    if (!mayRead) throw new AppError('outcome_expired');
    const settings = await readSettings(db);
    const provider = await findAuthProviderBySuffix(db, settings.authProviderUrlSuffix);
    const { accountId } = outcome;
    const link = accountId === null ? null : await findLinkOf(db, accountId);
    const grant = accountId === null || !provider ? null : await findGrant(db, accountId, provider.id);
    const event = outcome.errorId === null ? null : await findErrorEvent(db, outcome.errorId);
    return {
      result: outcome.errorId === null ? 'authorized' : 'failed',
      display: outcome.display === 'popup' ? 'popup' : 'page',
      linkedAccount: link?.microsoftAccount ?? null,
      authorizedAccount: grant?.microsoftAccount ?? null,
      hint: outcome.hint === 'case_differs' || outcome.hint === 'upn_renamed' ? outcome.hint : null,
      startUrl: outcome.display === 'popup' ? null : startUrlOf(services, settings.authProviderUrlSuffix),
      ...(event && isErrorCode(event.code)
        ? {
            problem: toProblem(
              { code: event.code, params: event.params, errorId: event.id, occurredAt: event.occurredAt },
              request.language,
              request.viewer?.role === 'admin',
            ),
          }
        : {}),
    };
  });
}

/** What a signed-in user can do with the own authorization. */
export async function authorizationRoutes(app: FastifyInstance, services: Services): Promise<void> {
  const { db, now, config } = services;

  endpoint(app, 'GET /api/authorization', async ({ request }) => {
    const viewer = viewerOf(request);
    const settings = await readSettings(db);
    const suffix = settings.authProviderUrlSuffix;
    const provider = await findAuthProviderBySuffix(db, suffix);
    const link = await findLinkOf(db, viewer.id);
    const grant = provider ? await findGrant(db, viewer.id, provider.id) : null;
    const lastError = grant?.lastErrorCode;
    return {
      state: authorizationState(link, grant),
      linkedAccount: link?.microsoftAccount ?? null,
      authorizedAccount: grant?.microsoftAccount ?? null,
      authorizedAt: grant && grant.status !== 'mismatch' ? grant.authorizedAt.toISOString() : null,
      lastSuccessAt: grant?.lastSuccessAt?.toISOString() ?? null,
      lastError:
        lastError && isErrorCode(lastError) && grant.lastErrorAt
          ? {
              message: catalogueEntry(lastError).message[request.language][0] ?? lastError,
              at: grant.lastErrorAt.toISOString(),
            }
          : null,
      startUrl: startUrlOf(services, suffix),
      ...(suffix === ''
        ? {
            problem: toProblem(
              { code: 'authorization_provider_not_found', params: {}, occurredAt: now() },
              request.language,
              viewer.role === 'admin',
            ),
          }
        : {}),
    };
  });

  endpoint(app, 'DELETE /api/authorization', async ({ request }) => {
    const viewer = viewerOf(request);
    await inTransaction(db, async (tx) => {
      await deleteGrantsOf(tx, viewer.id);
      await deleteKeptMail(tx, viewer.id);
      await audit(tx, request, 'authorization_revoked', { kind: 'account', id: viewer.id, name: viewer.username });
    });
    return null;
  });

  endpoint(app, 'POST /api/authorization/tickets', async ({ request }) => {
    const viewer = viewerOf(request);
    const { authProviderUrlSuffix: suffix } = await readSettings(db);
    await requireReady(services, suffix, viewer.id);
    // Where no other site may embed the portlet, a pop-up shares the session: it needs no ticket, and none can be misused.
    if (config.frameAncestors.length === 0) {
      return {
        startUrl: startUrl(config.http.publicUrl, suffix),
        expiresAt: new Date(now().getTime() + ticketLifeMs).toISOString(),
      };
    }
    const ticket = randomBytes(24).toString('base64url');
    const expiresAt = new Date(now().getTime() + ticketLifeMs);
    await saveTicket(db, { tokenHash: hashToken(ticket), accountId: viewer.id, urlSuffix: suffix, expiresAt });
    return {
      startUrl: `${startUrl(config.http.publicUrl, suffix)}?ticket=${ticket}`,
      expiresAt: expiresAt.toISOString(),
    };
  });
}

function startUrlOf({ config }: Services, suffix: string): string | null {
  return suffix === '' ? null : startUrl(config.http.publicUrl, suffix);
}
