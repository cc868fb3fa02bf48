import type { QueryOf } from '@argus/contract/endpoint-map';
import type { Language } from '@argus/contract/language';
import type { FastifyInstance } from 'fastify';
import { audit } from '../../audit/audit.ts';
import { linkLayout } from '../../platform/csv/csv-tables.ts';
import { checkCsv, type Exported, exportCsv } from '../../platform/csv/export-csv.ts';
import { endpoint } from '../../platform/http/endpoint.ts';
import type { Services } from '../../platform/services.ts';
import { currentProviderId } from '../records/connector.ts';
import { type ExportedLink, exportedLinks } from '../records/exported-links.ts';

/** CSV出力 of アカウント情報. */
export async function accountLinkCsvRoutes(app: FastifyInstance, { db, now }: Services): Promise<void> {
  endpoint(app, 'GET /api/admin/account-links/csv', async ({ query, request, reply }) => {
    const table = await exported(query, request.language);
    const mayGoOn = () => request.requireStanding();
    const { encoding, timeZone } = query;
    const file = await exportCsv(reply, table, { encoding, timeZone, now: now(), mayGoOn });
    await audit(db, request, 'csv_exported', { kind: 'account_links', name: table.name });
    return file;
  });

  endpoint(app, 'GET /api/admin/account-links/csv-check', async ({ query, request }) =>
    checkCsv(await exported(query, request.language), query),
  );

  async function exported(
    { form, q, state }: Pick<QueryOf<'GET /api/admin/account-links/csv'>, 'form' | 'q' | 'state'>,
    language: Language,
  ): Promise<Exported<ExportedLink>> {
    const full = form === 'full';
    const columns = [...(full && linkLayout.displayOnly ? [linkLayout.displayOnly] : []), ...linkLayout.columns];
    const name = language === 'ja' ? 'アカウント情報' : 'account-links';
    const forImport = language === 'ja' ? '_取込用' : '_for-import';
    return {
      name: full ? name : name + forImport,
      header: columns.map(({ header }) => header[language]),
      rows: exportedLinks(db, await currentProviderId(db), { q, state }),
      cells: ({ displayName, username, microsoftAccount }) =>
        full ? [displayName, username, microsoftAccount] : [username, microsoftAccount],
    };
  }
}
