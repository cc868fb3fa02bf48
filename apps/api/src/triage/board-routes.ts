import type { QueryOf } from '@argus/contract/endpoint-map';
import type { CatalogueEntry } from '@argus/contract/errors/entry';
import { type ErrorCode, errorCatalogue } from '@argus/contract/errors/error-catalogue';
import type { Language } from '@argus/contract/language';
import type { FastifyInstance } from 'fastify';
import { readErrorEvents } from '../error-log/records/error-events.ts';
import { endpoint } from '../platform/http/endpoint.ts';
import { emptyKeysetPage, keysetPage } from '../platform/http/page-of.ts';
import { AppError } from '../platform/problems/app-error.ts';
import type { Services } from '../platform/services.ts';
import { version } from '../platform/version.ts';
import { causeView } from './cause-view.ts';
import { readConnection, readSilenceRule } from './read-connection.ts';
import { readNotices } from './read-notices.ts';
import { readOverview } from './read-overview.ts';
import { listErrorCauseUsers } from './records/error-cause-users.ts';
import { type CauseFilter, type ErrorCause, isErrorCause, listErrorCauses } from './records/error-causes.ts';
import { listSilentUsers } from './records/silent-users.ts';
import { trendWindow } from './trend-window.ts';

const mostCauses = 100;

/** The triage board of エラーログ, and the notices of the admin menu. Only reads the database. */
export async function triageRoutes(app: FastifyInstance, services: Services): Promise<void> {
  const { db, now } = services;
  endpoint(app, 'GET /api/admin/error-causes', async ({ query, request }) => {
    const window = trendWindow(query.window ?? '24h', now());
    const rule = await readSilenceRule(db, now());
    const [connection, { items, total }] = await Promise.all([
      readConnection(db, rule),
      listErrorCauses(db, window, filterOf(query), mostCauses),
    ]);
    const { lastSuccessAt, authorizedUsers, silent, silentUsers, noSuccessHours } = connection;
    return {
      items: await viewsOf(items, request.language),
      total,
      overall: {
        authorizedUsers,
        lastSuccessAt: lastSuccessAt?.toISOString() ?? null,
        silent,
        silentUsers,
        noSuccessHours,
      },
    };
  });

  endpoint(app, 'GET /api/admin/error-causes/:id', async ({ params, query, request }) => {
    const window = trendWindow(query.window ?? '24h', now());
    const { items } = await listErrorCauses(db, window, { id: params.id }, 1);
    const [view] = await viewsOf(items, request.language);
    if (!view) throw new AppError('not_found');
    return view;
  });

  endpoint(app, 'GET /api/admin/error-causes/:id/users', async ({ params, query }) => {
    if (!(await isErrorCause(db, params.id))) throw new AppError('not_found');
    const page = keysetPage(query);
    const { items, ...reply } = await listErrorCauseUsers(db, params.id, page);
    const views = items.map(
      ({ username, accountId, presentUsername, exists, events, firstAt, lastAt, lastSuccessAt }) => ({
        username,
        accountId,
        presentUsername,
        exists,
        events,
        firstAt: firstAt.toISOString(),
        lastAt: lastAt.toISOString(),
        lastSuccessAt: lastSuccessAt?.toISOString() ?? null,
      }),
    );
    return { items: views, pageSize: page.pageSize, ...reply };
  });

  endpoint(app, 'GET /api/admin/silent-users', async ({ query }) => {
    const page = keysetPage(query);
    const { providerId, cutoff } = await readSilenceRule(db, now());
    if (providerId === null || cutoff === null) return emptyKeysetPage(page.pageSize);
    const { items, ...reply } = await listSilentUsers(db, providerId, { cutoff, tried: query.tried }, page);
    const views = items.map(({ authorizedAt, lastSuccessAt, lastErrorAt, ...user }) => ({
      ...user,
      authorizedAt: authorizedAt.toISOString(),
      lastSuccessAt: lastSuccessAt?.toISOString() ?? null,
      lastErrorAt: lastErrorAt?.toISOString() ?? null,
    }));
    return { items: views, pageSize: page.pageSize, ...reply };
  });

  endpoint(app, 'GET /api/admin/overview', () => readOverview(services));

  endpoint(app, 'GET /api/admin/notices', async () => ({ items: await readNotices(services), version }));

  async function viewsOf(causes: readonly ErrorCause[], language: Language) {
    const events = await readErrorEvents(
      db,
      causes.map(({ lastErrorId }) => lastErrorId),
    );
    const byId = new Map(events.map((event) => [event.id, event]));
    return causes.map((cause) => causeView(cause, byId.get(cause.lastErrorId), language));
  }
}

/** The codes whose entries match. A code that this version does not know is treated as internal_error. */
function filterOf({ area, mender, uncatalogued }: QueryOf<'GET /api/admin/error-causes'>): CauseFilter {
  if (area === undefined && mender === undefined) return { uncatalogued };
  const known = Object.keys(errorCatalogue) as ErrorCode[];
  const codes = known.filter((code) => {
    const entry: CatalogueEntry = errorCatalogue[code];
    const [likeliest] = entry.causes;
    return (
      (area === undefined || entry.purpose === area) && (mender === undefined || likeliest?.menders.includes(mender))
    );
  });
  return { uncatalogued, codes: { codes, unknown: codes.includes('internal_error') ? { known } : undefined } };
}
