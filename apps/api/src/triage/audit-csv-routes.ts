import type { AuditAction } from '@argus/contract/audit-actions';
import { auditActionLabels, auditFieldName, auditValueName } from '@argus/contract/audit-labels';
import type { Language, Text } from '@argus/contract/language';
import type { FastifyInstance } from 'fastify';
import { audit } from '../audit/audit.ts';
import { type AuditChange, type AuditEvent, exportedAuditEvents } from '../audit/records/audit-events.ts';
import { exportCsv } from '../platform/csv/export-csv.ts';
import { endpoint } from '../platform/http/endpoint.ts';
import type { Services } from '../platform/services.ts';
import { timesIn } from './csv-times.ts';
import { readSpan } from './read-event-filter.ts';

const columns: readonly Text[] = [
  { ja: '日時', en: 'Time' },
  { ja: '操作', en: 'Action' },
  { ja: 'コード', en: 'Code' },
  { ja: '操作した人', en: 'By' },
  { ja: '接続元', en: 'Address' },
  { ja: '対象の種類', en: 'Kind of target' },
  { ja: '対象', en: 'Target' },
  { ja: '変更内容', en: 'Changes' },
  { ja: '回数', en: 'Times' },
];

/** CSV出力 of 監査ログ. */
export async function auditEventCsvRoutes(app: FastifyInstance, { db, now }: Services): Promise<void> {
  endpoint(app, 'GET /api/admin/audit-events/csv', async ({ query, request, reply }) => {
    const { encoding, timeZone, username, target, accountId, action } = query;
    const { language } = request;
    const time = timesIn(timeZone);
    const table = {
      name: language === 'ja' ? '監査ログ' : 'audit-log',
      header: columns.map((header) => header[language]),
      rows: exportedAuditEvents(db, { username, target, accountId, action, ...readSpan(query) }),
      cells: (event: AuditEvent) => cellsOf(event, language, time),
    };
    const mayGoOn = () => request.requireStanding();
    const file = await exportCsv(reply, table, { encoding, timeZone, now: now(), mayGoOn });
    await audit(db, request, 'csv_exported', { kind: 'audit_events', name: table.name });
    return file;
  });
}

function cellsOf(event: AuditEvent, language: Language, time: Intl.DateTimeFormat): string[] {
  const { action, actorUsername, targetKind, targetName, changes, address, count, occurredAt } = event;
  // An action of a later version is shown by its name.
  const label: Text | undefined = auditActionLabels[action as AuditAction];
  return [
    time.format(occurredAt),
    label?.[language] ?? action,
    action,
    actorUsername ?? '',
    address ?? '',
    targetKind ?? '',
    targetName ?? '',
    changes.map((change) => changeText(action, change, language)).join('\n'),
    String(count),
  ];
}

function changeText(action: string, { field, from, to }: AuditChange, language: Language): string {
  const said = (value: string | null) => (value === null ? '' : (auditValueName(field, value, language) ?? value));
  return `${auditFieldName(action, field, language)}: ${said(from)} → ${said(to)}`;
}
