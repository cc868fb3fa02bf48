import { randomBytes } from 'node:crypto';
import type { OutcomeView } from '@argus/contract/endpoints/connection/authorize';
import { catalogueEntry, isErrorCode } from '@argus/contract/errors/error-catalogue';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { findAccount, holdAccount } from '../../accounts/records/accounts.ts';
import { accessOf, changeAs, holdAccess } from '../../accounts/standing-access.ts';
import { auditOwn } from '../../audit/audit.ts';
import { standingErrorIds } from '../../error-log/records/error-events.ts';
import { type Db, inTransaction } from '../../platform/database/db.ts';
import { endpoint } from '../../platform/http/endpoint.ts';
import { viewerOf } from '../../platform/http/viewer.ts';
import { AppError } from '../../platform/problems/app-error.ts';
import { toProblem } from '../../platform/problems/problem-json.ts';
import { toAppError } from '../../platform/problems/to-app-error.ts';
import type { Services } from '../../platform/services.ts';
import { hashToken } from '../../platform/vault/hash-token.ts';
import { authorizationState, fitOf } from '../connection-state.ts';
import { findStoredConnection } from '../find-connection.ts';
import { adminConsentPage } from '../oauth/admin-consent.ts';
import { startUrl } from '../oauth/flow-addresses.ts';
import {
  type AuthorizationTicket,
  findOpenEnd,
  findOutcome,
  findTicket,
  saveOutcome,
  saveTicket,
  takeTicket,
} from '../records/authorization-transactions.ts';
import { readConnector } from '../records/connector.ts';
import { revokeGrants } from '../records/revoke-grants.ts';
import {
  beginWhileReady,
  type Callback,
  type CallbackQuery,
  type FlowServices,
  finishAuthorization,
  isInFlow,
  requireReady,
  startAuthorization,
  takeTransaction,
} from './connect.ts';
import { findEarlierEnd } from './earlier-end.ts';
import { begunFlows, forgetFlow, keepFlow } from './flow-cookies.ts';
import { newOutcomeId, outcomeLifeMs, outcomeSecretOf } from './outcome-id.ts';
import {
  type EndingFlow,
  type FlowEnd,
  outcomeCookie,
  sendEarlierEnd,
  sendEnd,
  sendOutcome,
  sendRefusal,
} from './outcome-page.ts';

const ticketLifeMs = 60_000;

interface SuffixRoute {
  Params: { suffix: string };
  Querystring: CallbackQuery;
}

/**
 * The browser's side of the code flow, under Salesforce's paths. A pop-up of an embedded portlet has no session, so
 * these routes authorize by themselves: ticket, state and cookie decide who may start and finish.
 */
export async function authorizationFlowRoutes(app: FastifyInstance, services: FlowServices): Promise<void> {
  const { db, now } = services;
  // Only a navigation by its user starts or ends a flow: HEAD would redeem a code, a prefetch would start a flow.
  const config = { access: 'public' } as const;
  const route = { config, schema: { hide: true }, exposeHeadRoute: false, onRequest: refuseSpeculation };

  app.get<SuffixRoute>('/services/auth/oauth/:suffix', route, async (request, reply) => {
    const { suffix } = request.params;
    const token = typeof request.query.ticket === 'string' ? request.query.ticket : undefined;
    const ticket = token === undefined ? null : await findTicket(db, hashToken(token), now());
    // Anybody can send a link with a ticket. Unless its own user is signed in, a page names that user and asks first.
    if (token !== undefined && ticket?.urlSuffix === suffix && ticket.account.id !== request.viewer?.id) {
      return reply.header('cache-control', 'no-store').redirect(`/authorization/confirm#${token}`, 303);
    }
    const isTaken = ticket?.urlSuffix === suffix && (await takeTicket(db, ticket));
    const accountId = request.viewer?.id;
    // Sign-in comes first; the page asks for it and starts again from there.
    if (accountId === undefined) return reply.redirect('/authorization', 303);
    const flow = isTaken
      ? ({ accountId, display: 'popup', outcomeId: ticket.outcomeId } as const)
      : ({ accountId, display: 'page' } as const);
    const hold = (tx: Db) => holdAccess(tx, accessOf(request));
    try {
      const begun = await startAuthorization(services, { suffix, ...flow, hold });
      keepFlow(request, reply, begun);
      return reply.header('cache-control', 'no-store').redirect(begun.url, 303);
    } catch (error) {
      return sendFailure(request, reply, error, flow);
    }
  });

  app.get<SuffixRoute>('/services/authcallback/:suffix', route, async (request, reply) => {
    const { suffix } = request.params;
    const begun = begunFlows(request);
    const { query, viewer } = request;
    // No flow, and no error: an administrator of Entra has decided for everybody. Nothing is stored.
    const consent = adminConsentPage(query, begun);
    if (consent !== null) return reply.header('cache-control', 'no-store').redirect(consent, 303);
    const callback = { suffix, query, begun, viewerId: viewer?.id };
    // Neither signed in nor in a flow: the request is not logged, or anybody could fill the error log.
    if (!viewer && !(await isInFlow(services, begun))) {
      const earlier = await earlierEnd(request, callback);
      if (!earlier) return sendRefusal(request, reply);
      forgetFlow(reply, String(query.state));
      return sendEarlierEnd(reply, earlier);
    }
    let flow: EndingFlow = { accountId: viewer?.id ?? null, display: 'page' };
    let end: FlowEnd;
    try {
      const taken = await takeTransaction(services, callback);
      const { accountId, display, outcomeId } = taken.transaction;
      flow = { accountId, display, outcomeId, secret: outcomeSecretOf(taken.verifier) };
      forgetFlow(reply, String(query.state));
      const { hint } = await finishAuthorization(services, request, { ...taken, query });
      end = { result: 'authorized', hint };
    } catch (error) {
      const earlier = flow.outcomeId === undefined ? await earlierEnd(request, callback) : null;
      if (!earlier) return sendFailure(request, reply, error, flow);
      forgetFlow(reply, String(query.state));
      return sendEarlierEnd(reply, earlier);
    }
    return sendOutcome(services, request, reply, flow, end);
  });

  /** The end of a callback that has been loaded before; while the database is unavailable, the first error counts. */
  function earlierEnd(request: FastifyRequest, callback: Callback): ReturnType<typeof findEarlierEnd> {
    return findEarlierEnd(services, callback, request.cookies[outcomeCookie]).catch(() => null);
  }

  /**
   * Every failed flow is logged, even with a code that is not logged elsewhere, because the user has to start again.
   */
  async function sendFailure(request: FastifyRequest, reply: FastifyReply, thrown: unknown, flow: EndingFlow) {
    const error = toAppError(thrown);
    // While the database is unavailable the account is unknown: better to store the event without a name than to lose
    // it.
    const account = flow.accountId === null ? null : await findAccount(db, flow.accountId).catch(() => null);
    const problem = await request.reportProblem(error, { account: account ?? undefined, always: true });
    const end = { result: 'failed', error, problem } as const;
    // Nothing is stored for an unknown user: anybody with a flow cookie could fill the table.
    return flow.accountId === null ? sendEnd(request, reply, end) : sendOutcome(services, request, reply, flow, end);
  }

  endpoint(app, 'POST /api/authorization/tickets/read', async ({ body }) => {
    const { username, displayName } = (await requireTicket(body.ticket)).account;
    return { username, displayName };
  });

  endpoint(app, 'POST /api/authorization/tickets/take', async ({ body, request, reply }) => {
    const ticket = await requireTicket(body.ticket);
    const { account, urlSuffix: suffix } = ticket;
    // Taken in the transaction that starts the flow: whatever ends the user's access ends either the ticket or the
    // flow.
    const hold = async (tx: Db) => {
      const isActive = (await holdAccount(tx, account.id))?.active === true;
      if (!isActive || !(await takeTicket(tx, ticket))) throw new AppError('authorization_ticket_invalid');
    };
    const { outcomeId } = ticket;
    const flow = { suffix, accountId: account.id, display: 'popup', outcomeId, hold } as const;
    const begun = await startAuthorization(services, flow).catch(async (error: unknown) => {
      await endTicket(ticket, toAppError(error)).catch((err) => request.log.error({ err }, 'cannot end a ticket'));
      throw error;
    });
    keepFlow(request, reply, begun);
    return { authorizeUrl: begun.url };
  });

  /** A ticket whose flow cannot start has its outcome now: the embedding page waits for it. */
  async function endTicket(ticket: AuthorizationTicket, error: AppError): Promise<void> {
    const at = now();
    await inTransaction(db, async (tx) => {
      await holdAccount(tx, ticket.account.id);
      if (!(await takeTicket(tx, ticket))) return;
      await saveOutcome(tx, {
        id: ticket.outcomeId,
        accountId: ticket.account.id,
        // No browser: only its user, from the embedding page.
        browserHash: hashToken(newOutcomeId()),
        display: 'popup',
        result: 'failed',
        failure: { code: error.code, params: error.params },
        errorId: null,
        hint: null,
        createdAt: at,
        expiresAt: new Date(at.getTime() + outcomeLifeMs),
      });
    });
  }

  async function requireTicket(token: string): Promise<AuthorizationTicket> {
    const ticket = await findTicket(db, hashToken(token), now());
    if (!ticket) throw new AppError('authorization_ticket_invalid');
    return ticket;
  }

  endpoint(app, 'GET /api/authorization/outcomes/:id', async ({ params, request }): Promise<OutcomeView> => {
    const secret = request.cookies[outcomeCookie];
    const viewerId = request.viewer?.id;
    const isOwn = ({ accountId }: OutcomeReader) => accountId !== null && accountId === viewerId;
    const isOfBrowser = ({ browserHash }: OutcomeReader) => secret !== undefined && hashToken(secret) === browserHash;
    // A page belongs to the signed-in user. A pop-up of an embedded portlet may see another session than the portlet,
    // or none.
    const mayRead = (of: OutcomeReader) =>
      isOwn(of) || (isOfBrowser(of) && (of.display === 'popup' || of.accountId === null || viewerId === undefined));
    // Open flows are read first: one may end between the two reads.
    const open = await findOpenEnd(db, params.id, now());
    const outcome = await findOutcome(db, params.id, now());
    if (!outcome && open && mayRead(open)) return pending(open.display);
    if (!outcome || !mayRead(outcome)) throw new AppError('outcome_expired');
    const { accountId, createdAt, failure } = outcome;
    const [errorId] = await standingErrorIds(db, [outcome.errorId]);
    const account = accountId === null ? null : await findAccount(db, accountId);
    const { suffix } = await readConnector(db);
    const { link, grant } = account?.active ? await findStoredConnection(db, account.id) : { link: null, grant: null };
    const code = failure && isErrorCode(failure.code) ? failure.code : 'internal_error';
    // A signed-in user sees their own accounts. If nobody is signed in, anybody may be using the browser, except right
    // after a flow in a pop-up.
    const mayName = isOwn(outcome) || (outcome.display === 'popup' && viewerId === undefined);
    const { linkedAccount, authorizedAccount } = failure?.params ?? {};
    if (!mayName && (linkedAccount ?? authorizedAccount) !== undefined) throw new AppError('outcome_expired');
    return {
      result: outcome.result,
      display: outcome.display === 'popup' ? 'popup' : 'page',
      linkedAccount: mayName ? (link?.microsoftAccount ?? null) : null,
      authorizedAccount: mayName ? (grant?.microsoftAccount ?? null) : null,
      hint: outcome.hint === 'case_differs' || outcome.hint === 'upn_renamed' ? outcome.hint : null,
      startUrl: outcome.display === 'popup' ? null : startUrlOf(services, suffix),
      ...(outcome.result === 'failed'
        ? {
            problem: toProblem(
              { code, params: failure?.params ?? {}, errorId, occurredAt: createdAt },
              request.language,
              request.viewer?.role === 'admin',
            ),
          }
        : {}),
    };
  });
}

/**
 * Refuses a browser's speculative requests (prefetch, prerender); it asks again once the user goes there. @see
 * https://wicg.github.io/nav-speculation/prefetch.html
 */
async function refuseSpeculation(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> {
  const { headers } = request;
  const purposes = [headers['sec-purpose'], headers.purpose, headers['x-purpose'], headers['x-moz']].flat();
  if (!purposes.some((purpose) => /prefetch|prerender|preview/i.test(purpose ?? ''))) return undefined;
  return reply.code(503).header('cache-control', 'no-store').send();
}

/** What a signed-in user can do with their own authorization. */
export async function authorizationRoutes(app: FastifyInstance, services: Services): Promise<void> {
  const { db, now, config } = services;

  endpoint(app, 'GET /api/authorization', async ({ request }) => {
    const viewer = viewerOf(request);
    const { suffix, link, grant } = await findStoredConnection(db, viewer.id);
    const lastError = grant?.lastErrorCode;
    return {
      state: authorizationState(link, grant),
      confirmed: !link || !grant || fitOf(link, grant) !== 'unproven',
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
    await changeAs(db, accessOf(request), async (tx) => {
      // Anybody can ask for it without limit, so revoking nothing is not logged.
      if (!(await revokeGrants(tx, viewer.id))) return;
      const target = { kind: 'account', id: viewer.id, name: viewer.username };
      await auditOwn(tx, request, 'authorization_revoked', target, now());
    });
    return null;
  });

  endpoint(app, 'POST /api/authorization/tickets', async ({ request }) => {
    const viewer = viewerOf(request);
    const { suffix } = await readConnector(db);
    const ready = await requireReady(services, suffix, viewer.id);
    // Where no other site may embed the portlet, a pop-up shares the session. It needs no ticket, so none can be
    // misused.
    if (config.frameAncestors.length === 0) {
      return {
        startUrl: startUrl(config.http.publicUrl, suffix),
        outcomeId: null,
        expiresAt: new Date(now().getTime() + ticketLifeMs).toISOString(),
      };
    }
    const ticket = randomBytes(24).toString('base64url');
    const outcomeId = newOutcomeId();
    const createdAt = now();
    const expiresAt = new Date(createdAt.getTime() + ticketLifeMs);
    const row = {
      tokenHash: hashToken(ticket),
      accountId: viewer.id,
      urlSuffix: suffix,
      outcomeId,
      createdAt,
      expiresAt,
    };
    const hold = (tx: Db) => holdAccess(tx, accessOf(request));
    await beginWhileReady(services, ready, hold, (tx) => saveTicket(tx, row));
    return {
      startUrl: `${startUrl(config.http.publicUrl, suffix)}?ticket=${ticket}`,
      outcomeId,
      expiresAt: expiresAt.toISOString(),
    };
  });
}

/** What decides who may read an outcome. */
interface OutcomeReader {
  readonly accountId: string | null;
  readonly browserHash: string | null;
  readonly display: string;
}

/** The outcome of a flow that has not ended yet. */
function pending(display: string): OutcomeView {
  return {
    result: 'pending',
    display: display === 'popup' ? 'popup' : 'page',
    linkedAccount: null,
    authorizedAccount: null,
    hint: null,
    startUrl: null,
  };
}

function startUrlOf({ config }: Services, suffix: string): string | null {
  return suffix === '' ? null : startUrl(config.http.publicUrl, suffix);
}
