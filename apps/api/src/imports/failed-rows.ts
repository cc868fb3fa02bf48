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
 * The failed rows as a file that can be corrected and imported again: its columns, each row's line, and the reasons.
 */
export function failedRows(
  db: Db,
  found: CsvImport,
  language: Language,
  reply: FastifyReply,
  mayGoOn: () => Promise<void>,
): Readable {
  const name = found.fileName.replace(/\.(?:csv|tsv|txt)$/i, '');
  sendCsv(reply, language === 'ja' ? `${name}_エラー行.csv` : `${name}_errors.csv`);
  return Readable.from(lines(db, found, language, mayGoOn));
}

async function* lines(
  db: Db,
  { id, table }: CsvImport,
  language: Language,
  mayGoOn: () => Promise<void>,
): AsyncGenerator<string> {
  const { layout, cells } = importTables[table];
  const headers = layout.columns.map(({ header }) => header[language]);
  yield byteOrderMark + formatCsvRow([lineColumn[language], ...headers, reasonColumn[language]]);
  for (let after = 0; ; ) {
    await mayGoOn();
    const rows = await listImportRows(db, id, { kind: 'error' }, { after, take: pageSize });
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
