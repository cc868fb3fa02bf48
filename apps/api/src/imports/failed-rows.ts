import { Readable } from 'node:stream';
import type { Language } from '@argus/contract/language';
import type { FastifyReply } from 'fastify';
import { lineColumn, reasonColumn } from '../platform/csv/csv-tables.ts';
import { byteOrderMark, formatCsvRow } from '../platform/csv/write-csv.ts';
import type { Db } from '../platform/database/db.ts';
import { sendCsv } from '../platform/http/send-csv.ts';
import { importTables } from './import-tables.ts';
import { faultText } from './import-view.ts';
import { listImportRows } from './records/csv-import-rows.ts';
import type { CsvImport } from './records/csv-imports.ts';

const pageSize = 1_000;

/**
 * The rows that are not imported, with an error or not matched, as a file that can be corrected and imported: the columns of its table,
 * each row's line, and the reasons.
 */
export function failedRows(
  db: Db,
  found: CsvImport,
  language: Language,
  reply: FastifyReply,
  mayGoOn: () => Promise<void>,
): Readable {
  const name = found.fileName.replace(/\.(?:csv|tsv|txt)$/i, '');
  const [ja, en] = found.matchUsers ? ['照合できない行', 'unmatched'] : ['エラー行', 'errors'];
  sendCsv(reply, `${name}_${language === 'ja' ? ja : en}.csv`);
  return Readable.from(lines(db, found, language, mayGoOn));
}

async function* lines(
  db: Db,
  { id, table, matchUsers }: CsvImport,
  language: Language,
  mayGoOn: () => Promise<void>,
): AsyncGenerator<string> {
  const { layout, cells } = importTables[table];
  const headers = layout.columns.map(({ header }) => header[language]);
  yield byteOrderMark + formatCsvRow([lineColumn[language], ...headers, reasonColumn[language]]);
  for (let after = 0; ; ) {
    await mayGoOn();
    const rows = await listImportRows(db, id, { kind: matchUsers ? 'unmatched' : 'error' }, { after, take: pageSize });
    if (rows.length === 0) return;
    yield rows
      .map((row) => {
        const reasons = (row.faults ?? []).map((fault) => {
          const header = layout.columns.find(({ name }) => name === fault.column)?.header[language];
          return header === undefined ? faultText(fault, language) : `${header}: ${faultText(fault, language)}`;
        });
        return formatCsvRow([String(row.line ?? ''), ...cells(row).map(({ to }) => to ?? ''), reasons.join(' ')]);
      })
      .join('');
    after = rows.at(-1)?.seq ?? after;
  }
}
