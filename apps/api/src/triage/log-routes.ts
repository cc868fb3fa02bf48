import type { ErrorEventView } from '@argus/contract/endpoints/triage/log';
import { catalogueEntry } from '@argus/contract/errors/error-catalogue';
import type { Language } from '@argus/contract/language';
import type { FastifyInstance } from 'fastify';
import { listAuditEvents } from '../audit/records/audit-events.ts';
import { type ErrorEvent, listErrorEvents } from '../error-log/records/error-events.ts';
import { endpoint } from '../platform/http/endpoint.ts';
import { emptyKeysetPage, keysetPage, pageOf } from '../platform/http/page-of.ts';
import { toProblem } from '../platform/problems/problem-json.ts';
import type { Services } from '../platform/services.ts';
import { knownCode } from './known-code.ts';
import { readEventFilter, readSpan } from './read-event-filter.ts';

/** エラーログ and 監査ログ */
export async function logRoutes(app: FastifyInstance, { db }: Services): Promise<void> {
  endpoint(app, 'GET /api/admin/error-events', async ({ query, request }) => {
    const page = keysetPage(query);
    const filter = readEventFilter(query);
    if (filter === undefined) return emptyKeysetPage(page.pageSize);
    const { items, ...reply } = await listErrorEvents(db, filter, page);
    const views = items.map((event) => errorEventView(event, request.language));
    return { items: views, pageSize: page.pageSize, sorted: true, ...reply };
  });

  endpoint(app, 'GET /api/admin/audit-events', async ({ query }) => {
    const { page, skip, take } = pageOf(query);
    const { username, action } = query;
    const { items, total } = await listAuditEvents(db, { username, action, ...readSpan(query) }, { skip, take });
    const views = items.map((event) => ({
      ...event,
      changes: event.changes.map((change) => ({ ...change })),
      occurredAt: event.occurredAt.toISOString(),
    }));
    return { items: views, page, pageSize: take, total };
  });
}

/** What the user saw, rebuilt from the stored values in the current reader's language. */
function errorEventView(event: ErrorEvent, language: Language): ErrorEventView {
  const { id, params, occurredAt, username, stage, requestId } = event;
  const code = knownCode(event.code);
  return {
    errorId: id,
    code: event.code,
    row: catalogueEntry(code).row ?? null,
    occurredAt: occurredAt.toISOString(),
    username,
    stage,
    requestId,
    problem: toProblem({ code, params, errorId: id, occurredAt }, language, true),
  };
}
