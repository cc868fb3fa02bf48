import type { Language, Text } from '@argus/contract/language';
import type { FastifyInstance } from 'fastify';
import { audit } from '../audit/audit.ts';
import { type ErrorEvent, exportedErrorEvents } from '../error-log/records/error-events.ts';
import { type Exported, exportCsv } from '../platform/csv/export-csv.ts';
import type { ExportRows } from '../platform/csv/export-rows.ts';
import { endpoint } from '../platform/http/endpoint.ts';
import { toProblem } from '../platform/problems/problem-json.ts';
import type { Services } from '../platform/services.ts';
import { timesIn } from './csv-times.ts';
import { knownCode } from './known-code.ts';
import { readEventFilter } from './read-event-filter.ts';

const columns: readonly Text[] = [
  { ja: '発生日時', en: 'Time' },
  { ja: 'エラーID', en: 'Error ID' },
  { ja: 'コード', en: 'Code' },
  { ja: '行', en: 'Row' },
  { ja: 'メッセージ', en: 'Message' },
  { ja: 'Salesforceアカウント', en: 'Salesforce account' },
  { ja: '段階', en: 'Stage' },
  { ja: '接続先', en: 'Origin' },
  { ja: '応答', en: 'Reply' },
  { ja: 'AADSTS', en: 'AADSTS' },
  { ja: 'Graph', en: 'Graph' },
  { ja: 'Trace ID', en: 'Trace ID' },
  { ja: 'Correlation ID', en: 'Correlation ID' },
  // Microsoft's request id, and Argus's own.
  { ja: 'request-id', en: 'request-id' },
  { ja: 'リクエストID', en: 'Request ID of Argus' },
];

/** CSV出力 of エラーログ. */
export async function errorEventCsvRoutes(app: FastifyInstance, { db, now }: Services): Promise<void> {
  endpoint(app, 'GET /api/admin/error-events/csv', async ({ query, request, reply }) => {
    const { encoding, timeZone } = query;
    const filter = readEventFilter(query);
    const rows = filter === undefined ? noRows : exportedErrorEvents(db, filter);
    const table = exported(rows, request.language, timeZone);
    const mayGoOn = () => request.requireStanding();
    const file = await exportCsv(reply, table, { encoding, timeZone, now: now(), mayGoOn });
    await audit(db, request, 'csv_exported', { kind: 'error_events', name: table.name });
    return file;
  });
}

const noRows: ExportRows<ErrorEvent> = { page: async () => [], keyOf: ({ id }) => id, count: async () => 0 };

function exported(
  rows: ExportRows<ErrorEvent>,
  language: Language,
  timeZone: string | undefined,
): Exported<ErrorEvent> {
  const time = timesIn(timeZone);
  return {
    name: language === 'ja' ? 'エラーログ' : 'error-log',
    header: columns.map((header) => header[language]),
    rows,
    cells: (event) => cellsOf(event, language, time),
  };
}

function cellsOf(event: ErrorEvent, language: Language, time: Intl.DateTimeFormat): string[] {
  const { params, occurredAt } = event;
  const { upstream } = params;
  const code = knownCode(event.code);
  const { lines, admin } = toProblem({ code, params, errorId: event.id, occurredAt }, language, true);
  const status = upstream?.status ?? params.status;
  return [
    time.format(occurredAt),
    event.id,
    event.code,
    admin?.row ?? '',
    lines.join('\n'),
    event.username ?? '',
    event.stage,
    params.origin ?? '',
    [status, upstream?.networkCode, upstream?.oauthError].filter((part) => part !== undefined).join(' '),
    (upstream?.aadstsCodes ?? []).join(' '),
    (upstream?.graphCodes ?? []).join(' '),
    upstream?.traceId ?? '',
    upstream?.correlationId ?? '',
    upstream?.requestId ?? '',
    event.requestId,
  ];
}
