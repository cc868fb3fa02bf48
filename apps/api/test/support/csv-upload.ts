import { setTimeout as sleep } from 'node:timers/promises';
import { csvPartBytes } from '@argus/contract/csv-limits';
import type { CsvImportView, CsvRowKind, CsvRowView } from '@argus/contract/endpoints/imports/csv-imports';
import type { Browser } from './build-app.ts';

export interface UploadOptions {
  readonly table?: CsvImportView['table'];
  readonly mode?: CsvImportView['mode'];
  readonly createAccounts?: boolean;
  readonly dropDisplayOnly?: boolean;
  readonly fileName?: string;
}

const atWork = ['reading', 'applying', 'undoing'];

/** Uploads a file in parts, without reading it. */
export async function sendFile(
  browser: Browser,
  content: string | Uint8Array,
  options: UploadOptions = {},
): Promise<CsvImportView> {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  const created = await browser.call('POST /api/admin/csv-imports', {
    body: {
      table: options.table ?? 'account_links',
      fileName: options.fileName ?? 'links.csv',
      fileBytes: bytes.length,
    },
  });
  for (let index = 0; index * csvPartBytes < bytes.length; index += 1) {
    const body = bytes.subarray(index * csvPartBytes, (index + 1) * csvPartBytes);
    const reply = await browser.send('PUT', `/api/admin/csv-imports/${created.id}/parts/${index}`, { body });
    if (reply.status !== 204) throw new Error(`part ${index} answered ${reply.status}: ${reply.text}`);
  }
  return created;
}

/** Reads a file with these options, and waits for the preview or the refusal. */
export async function readFile(browser: Browser, id: number, options: UploadOptions = {}): Promise<CsvImportView> {
  const { mode = 'merge', createAccounts = false, dropDisplayOnly = false } = options;
  await browser.call('POST /api/admin/csv-imports/:id/read', {
    params: { id: String(id) },
    body: { mode, createAccounts, dropDisplayOnly },
  });
  return settled(browser, id);
}

/** Uploads a file and waits for its preview or refusal. */
export async function upload(
  browser: Browser,
  content: string | Uint8Array,
  options: UploadOptions = {},
): Promise<CsvImportView> {
  const { id } = await sendFile(browser, content, options);
  return readFile(browser, id, options);
}

/** Waits until no process works on an import any more. */
export async function settled(browser: Browser, id: number): Promise<CsvImportView> {
  for (let tries = 0; tries < 3_000; tries += 1) {
    const found = await browser.call('GET /api/admin/csv-imports/:id', { params: { id: String(id) } });
    if (!atWork.includes(found.state)) return found;
    await sleep(10);
  }
  throw new Error(`import ${id} does not end`);
}

/** Applies a previewed import and waits for the end. */
export async function apply(browser: Browser, { id, planVersion, counts }: CsvImportView): Promise<CsvImportView> {
  const removals = counts?.removed ? counts.removed : null;
  await browser.call('POST /api/admin/csv-imports/:id/apply', {
    params: { id: String(id) },
    body: { planVersion, removals },
  });
  return settled(browser, id);
}

export async function undo(browser: Browser, { id }: CsvImportView): Promise<CsvImportView> {
  await browser.call('POST /api/admin/csv-imports/:id/undo', { params: { id: String(id) } });
  return settled(browser, id);
}

/** Undoes the rows that nobody has changed since. */
export async function undoRest(browser: Browser, { id }: CsvImportView): Promise<CsvImportView> {
  await browser.call('POST /api/admin/csv-imports/:id/undo-rest', { params: { id: String(id) } });
  return settled(browser, id);
}

/** All rows of a kind, page by page. */
export async function rowsOf(
  browser: Browser,
  { id }: CsvImportView,
  kind: CsvRowKind,
  pageSize = 200,
): Promise<CsvRowView[]> {
  const rows: CsvRowView[] = [];
  for (let after: number | null = 0; after !== null; ) {
    const page: { items: CsvRowView[]; next: number | null } = await browser.call(
      'GET /api/admin/csv-imports/:id/rows',
      {
        params: { id: String(id) },
        query: { kind, after, pageSize },
      },
    );
    rows.push(...page.items);
    after = page.next;
  }
  return rows;
}
