import type { FastifyInstance } from 'fastify';
import { listAuditEvents } from '../audit/records/audit-events.ts';
import { listErrorEvents } from '../error-log/records/error-events.ts';
import { endpoint } from '../platform/http/endpoint.ts';
import { emptyKeysetPage, keysetPage, pageOf } from '../platform/http/page-of.ts';
import type { Services } from '../platform/services.ts';
import { errorEventView } from './event-view.ts';
import { readEventFilter, readSpan } from './read-event-filter.ts';
import { readPresentNames } from './records/present-names.ts';

/** エラーログ and 監査ログ */
export async function logRoutes(app: FastifyInstance, { db }: Services): Promise<void> {
  endpoint(app, 'GET /api/admin/error-events', async ({ query, request }) => {
    const page = keysetPage(query);
    const filter = readEventFilter(query);
    if (filter === undefined) return emptyKeysetPage(page.pageSize);
    const { items, ...reply } = await listErrorEvents(db, filter, page);
    const present = await readPresentNames(db, items);
    const views = items.map((event) => errorEventView(event, present, request.language));
    return { items: views, pageSize: page.pageSize, ...reply };
  });

  endpoint(app, 'GET /api/admin/audit-events', async ({ query }) => {
    const { page, skip, take } = pageOf(query);
    const { username, target, accountId, action } = query;
    const filter = { username, target, accountId, action, ...readSpan(query) };
    const { items, total } = await listAuditEvents(db, filter, { skip, take });
    const views = items.map((event) => ({
      ...event,
      changes: event.changes.map((change) => ({ ...change })),
      occurredAt: event.occurredAt.toISOString(),
    }));
    return { items: views, page, pageSize: take, total };
  });
}
