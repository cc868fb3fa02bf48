import type { ErrorEventView } from '@argus/contract/endpoints/logs';
import { catalogueEntry, isErrorCode } from '@argus/contract/error-catalogue';
import { findErrorId } from '@argus/contract/find-error-id';
import type { Language } from '@argus/contract/language';
import type { FastifyInstance } from 'fastify';
import { type FieldError, invalidFields } from '../../app-error.ts';
import { endpoint } from '../../endpoint.ts';
import { pageOf } from '../../page-of.ts';
import { toProblem } from '../../problem-json.ts';
import { listAuditEvents } from '../../records/audit-events.ts';
import { type ErrorEvent, listErrorEvents } from '../../records/error-events.ts';
import type { Services } from '../../services.ts';

/** エラーログ and 監査ログ */
export async function logRoutes(app: FastifyInstance, { db }: Services): Promise<void> {
  endpoint(app, 'GET /api/admin/error-events', async ({ query, request }) => {
    const { page, skip, take } = pageOf(query);
    const errorId = query.errorId?.trim() ? findErrorId(query.errorId) : undefined;
    // A text without an ID in it finds nothing, rather than everything.
    if (query.errorId?.trim() && errorId === undefined) return { items: [], page, pageSize: take, total: 0 };
    const { username, code } = query;
    const { items, total } = await listErrorEvents(db, { errorId, username, code, ...spanOf(query) }, { skip, take });
    return { items: items.map((event) => errorEventView(event, request.language)), page, pageSize: take, total };
  });

  endpoint(app, 'GET /api/admin/audit-events', async ({ query }) => {
    const { page, skip, take } = pageOf(query);
    const { username, action } = query;
    const { items, total } = await listAuditEvents(db, { username, action, ...spanOf(query) }, { skip, take });
    const views = items.map((event) => ({
      ...event,
      changes: event.changes.map((change) => ({ ...change })),
      occurredAt: event.occurredAt.toISOString(),
    }));
    return { items: views, page, pageSize: take, total };
  });
}

/** The time span of a query. Its texts passed the schema, yet not every such text is a time that a database knows. */
function spanOf(query: { from?: string; to?: string }): { from: Date | undefined; to: Date | undefined } {
  const faults: FieldError[] = [];
  const read = (field: 'from' | 'to') => {
    const text = query[field];
    if (text === undefined) return undefined;
    const time = new Date(text);
    if (Number.isNaN(time.getTime()) || time.getUTCFullYear() < 1) faults.push({ field, code: 'type_wrong' });
    return time;
  };
  const span = { from: read('from'), to: read('to') };
  if (faults.length > 0) throw invalidFields(faults);
  return span;
}

/** What the user saw, rebuilt from what is stored, in the language of whoever reads it now. */
function errorEventView(event: ErrorEvent, language: Language): ErrorEventView {
  const { id, params, occurredAt, username, stage, requestId } = event;
  // A code that this version does not know was written by a later one that shares the database.
  const code = isErrorCode(event.code) ? event.code : 'internal_error';
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
