import { randomUUID } from 'node:crypto';
import Fastify, { type FastifyInstance, type FastifyServerOptions } from 'fastify';
import { access, forgeryProtection } from './accounts/access.ts';
import { sessions } from './accounts/sessions.ts';
import { invitationRoutes } from './accounts/sign-in/invitation-routes.ts';
import { ownAccountRoutes, signInRoutes } from './accounts/sign-in/routes.ts';
import { alertRoutes } from './alerts/routes.ts';
import { authorizationFlowRoutes, authorizationRoutes } from './connection/authorize/routes.ts';
import { createTokenVault } from './connection/grant-tokens.ts';
import { accountLinkCsvRoutes } from './connection/links/csv-routes.ts';
import { accountLinkRoutes } from './connection/links/routes.ts';
import { authorizationRequests } from './connection/oauth/authorization-request.ts';
import { createTokenEndpoints } from './connection/oauth/token-client.ts';
import { setupRoutes } from './connection/setup/routes.ts';
import { createDoctor } from './diagnosis/doctor.ts';
import { doctorRoutes } from './diagnosis/routes.ts';
import { selfCheckRoutes } from './diagnosis/self-check/routes.ts';
import { trialRoutes } from './diagnosis/trial-routes.ts';
import { answerUnroutable, problems } from './error-log/problems.ts';
import { reportFault } from './error-log/report-fault.ts';
import { csvImportRoutes } from './imports/routes.ts';
import { embeddingRoutes } from './mail/embedding-routes.ts';
import { newArrivalsRoutes } from './mail/routes.ts';
import type { JobDatabase } from './platform/database/job-database.ts';
import type { Readiness } from './platform/database/open-database.ts';
import { AccessLog } from './platform/http/access-log.ts';
import { apiDescription, apiDocs } from './platform/http/api-docs.ts';
import { answerUnreadable } from './platform/http/client-error.ts';
import { gracefulClose } from './platform/http/graceful-close.ts';
import { health } from './platform/http/health.ts';
import { metricsRoute } from './platform/http/metrics-route.ts';
import { requests, schemaCompilers } from './platform/http/requests.ts';
import { securityHeaders } from './platform/http/security-headers.ts';
import { readForwarded } from './platform/http/trusted-proxies.ts';
import { webPages } from './platform/http/web-pages.ts';
import { jobs } from './platform/jobs/jobs.ts';
import type { Services } from './platform/services.ts';
import { auditEventCsvRoutes } from './triage/audit-csv-routes.ts';
import { triageRoutes } from './triage/board-routes.ts';
import { catalogueRoutes } from './triage/dictionary/routes.ts';
import { errorEventCsvRoutes } from './triage/event-csv-routes.ts';
import { logRoutes } from './triage/log-routes.ts';
import { recurringJobs } from './upkeep/recurring-jobs.ts';
import { userCsvRoutes } from './users/csv-routes.ts';
import { invitationIssueRoutes } from './users/invitation-routes.ts';
import { userRoutes } from './users/routes.ts';

export interface AppOptions {
  readonly logger?: FastifyServerOptions['logger'];
  /** Whether the database answers and takes writes; for /readyz. */
  readonly readiness: () => Promise<Readiness>;
  /** Folder of the built SPA. */
  readonly webRoot: string;
  /** Where the queue of recurring jobs is stored; without it no job runs. */
  readonly jobs?: JobDatabase;
  /** The least time a token refresh gets, however short the caller's own deadline. Milliseconds. */
  readonly leastRefreshMs?: number;
  /** The step of the times at which a refused sign-in is answered. Milliseconds. */
  readonly signInRefusalMs?: number;
  /** How long a client may take to send its headers, and its whole request. Milliseconds. */
  readonly patience?: { readonly headersMs: number; readonly requestMs: number };
}

/** The largest request body. Forms are small; CSV parts have their own limit. */
const bodyLimitBytes = 256 * 1024;

/** How long a refresh in flight may take to be saved when Argus stops: nearly all that main.ts allows. Milliseconds. */
const refreshGraceMs = 8_000;

/** The app, ready to listen. The contract declares who may call an endpoint; accounts/access.ts enforces it. */
export async function buildApp(services: Services, options: AppOptions): Promise<FastifyInstance> {
  const { trustedProxies } = services.config.http;
  const isDemo = services.config.mode === 'demo';
  const patience = options.patience ?? { headersMs: 10_000, requestMs: 30_000 };
  const tokenEndpoints = createTokenEndpoints(services, { leastRefreshMs: options.leastRefreshMs });
  const tokens = createTokenVault(services, tokenEndpoints);
  const app = Fastify({
    logger: options.logger ?? false,
    logController: new AccessLog(),
    bodyLimit: bodyLimitBytes,
    genReqId: () => randomUUID(),
    trustProxy: trustedProxies.length === 0 ? false : [...trustedProxies],
    rewriteUrl: readForwarded(trustedProxies),
    schemaController: { compilersFactory: schemaCompilers },
    frameworkErrors: answerUnroutable,
    clientErrorHandler: answerUnreadable,
    // Fastify's own 503 is not problem JSON; gracefulClose sends one.
    return503OnClosing: false,
    routerOptions: { maxParamLength: 256 },
    requestTimeout: patience.requestMs,
    http: {
      headersTimeout: patience.headersMs,
      requestTimeout: patience.requestMs,
      connectionsCheckingInterval: 1_000,
    },
  });

  const doctor = createDoctor({ ...services, tokenEndpoints, tokens }, () => app.log);
  // The doctor is aborted at once and ends within the time that requests in flight get anyway. Refreshes outlive
  // their callers: their tokens are saved before the process ends.
  let settled: Promise<void> | undefined;
  app.addHook('preClose', async () => {
    void doctor.close();
    settled = tokens.settle(refreshGraceMs);
  });
  app.addHook('onClose', async () => {
    await doctor.close();
    await settled;
  });
  // First, so that its preClose runs before the one that waits for requests in flight.
  if (options.jobs)
    await app.register(jobs, {
      ...services,
      jobs: recurringJobs(tokens),
      database: options.jobs,
      onFault: reportFault,
    });
  await app.register(gracefulClose);
  await app.register(requests);
  await app.register(problems, services);
  await app.register(securityHeaders, services);
  await app.register(apiDescription);
  // The API docs list every administrator endpoint; the demo has nothing to protect.
  if (isDemo) await app.register(apiDocs);
  await app.register(health, { readiness: options.readiness });
  await app.register(metricsRoute, services);
  await app.register(webPages, { root: options.webRoot, publicUrl: services.config.http.publicUrl });

  await app.register(async (portal) => {
    await portal.register(sessions, services);
    await portal.register(forgeryProtection, services);
    await portal.register(access, services);

    await portal.register(signInRoutes, { ...services, refusalMs: options.signInRefusalMs });
    await portal.register(invitationRoutes, services);
    await portal.register(ownAccountRoutes, services);
    const beginRequest = await authorizationRequests(portal, services.config.http.publicUrl);
    await portal.register(authorizationFlowRoutes, { ...services, tokenEndpoints, beginRequest });
    await portal.register(authorizationRoutes, services);
    await portal.register(setupRoutes, services);
    await portal.register(accountLinkRoutes, services);
    await portal.register(accountLinkCsvRoutes, services);
    await portal.register(newArrivalsRoutes, { ...services, tokens });
    await portal.register(embeddingRoutes, services);
    await portal.register(userRoutes, services);
    await portal.register(userCsvRoutes, services);
    await portal.register(invitationIssueRoutes, services);
    await portal.register(csvImportRoutes, services);
    await portal.register(doctorRoutes, { ...services, doctor });
    await portal.register(trialRoutes, { ...services, doctor });
    await portal.register(selfCheckRoutes, { ...services, doctor });
    await portal.register(triageRoutes, services);
    await portal.register(alertRoutes, services);
    await portal.register(errorEventCsvRoutes, services);
    await portal.register(auditEventCsvRoutes, services);
    await portal.register(catalogueRoutes, services);
    await portal.register(logRoutes, services);
    if (!isDemo) await portal.register(apiDocs);
  });
  return app;
}
