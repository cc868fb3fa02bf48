import type { QueryOf } from '@argus/contract/endpoint-map';
import type { Language } from '@argus/contract/language';
import type { FastifyInstance } from 'fastify';
import { anyReading, type ExportedAccount, exportedAccounts } from '../accounts/records/exported-accounts.ts';
import { audit } from '../audit/audit.ts';
import { activeNames, roleNames, userLayout } from '../platform/csv/csv-tables.ts';
import { checkCsv, type Exported, exportCsv } from '../platform/csv/export-csv.ts';
import { endpoint } from '../platform/http/endpoint.ts';
import type { Services } from '../platform/services.ts';

/** CSV出力 of 利用者; the file can be imported unchanged. */
export async function userCsvRoutes(app: FastifyInstance, { db, now }: Services): Promise<void> {
  endpoint(app, 'GET /api/admin/users/csv', async ({ query, request, reply }) => {
    const table = await exported(query, request.language);
    const mayGoOn = () => request.requireStanding();
    const { encoding, timeZone } = query;
    const file = await exportCsv(reply, table, { encoding, timeZone, now: now(), mayGoOn });
    await audit(db, request, 'csv_exported', { kind: 'users', name: table.name });
    return file;
  });

  endpoint(app, 'GET /api/admin/users/csv-check', async ({ query, request }) =>
    checkCsv(await exported(query, request.language), query),
  );

  async function exported(
    { q, role, active, todo }: Pick<QueryOf<'GET /api/admin/users/csv'>, 'q' | 'role' | 'active' | 'todo'>,
    language: Language,
  ): Promise<Exported<ExportedAccount>> {
    // A company that keeps no readings gets no empty column.
    const hasReadings = await anyReading(db);
    return {
      name: language === 'ja' ? '利用者' : 'users',
      header: userLayout.columns
        .filter(({ required }) => required || hasReadings)
        .map(({ header }) => header[language]),
      rows: exportedAccounts(db, { q, role, active, todo }, now()),
      cells: (account) => [
        account.displayName,
        account.username,
        roleNames[account.role][0] ?? account.role,
        activeNames[account.active ? 'true' : 'false'][0] ?? '',
        ...(hasReadings ? [account.reading] : []),
      ],
    };
  }
}
