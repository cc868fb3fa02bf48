import { csvFileLimitBytes, csvPartBytes } from '@argus/contract/csv-limits';
import type { CsvImportView } from '@argus/contract/endpoints/imports/csv-imports';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { reauthenticatedUntil, requireReauthentication } from '../accounts/reauthentication.ts';
import { type Access, accessOf, changeAs } from '../accounts/standing-access.ts';
import { audit, auditEventOf } from '../audit/audit.ts';
import { standingErrorIds } from '../error-log/records/error-events.ts';
import { endpoint } from '../platform/http/endpoint.ts';
import { viewerOf } from '../platform/http/viewer.ts';
import { AppError, invalidFields } from '../platform/problems/app-error.ts';
import type { Services } from '../platform/services.ts';
import { failedRows } from './failed-rows.ts';
import { createImportRunner, leaseMs, type ProvedAccess, rowsToWrite } from './import-runner.ts';
import { importView, rowView, sharedFaultView } from './import-view.ts';
import { linksMailboxOfAnother } from './links/records/mailbox-of-another.ts';
import { cancelImport } from './records/csv-import-data.ts';
import { settleInterrupted } from './records/csv-import-failure.ts';
import { saveImportPart } from './records/csv-import-parts.ts';
import { changesAdmins, listImportRows, listSharedFaults } from './records/csv-import-rows.ts';
import {
  beginReading,
  beginWriting,
  type CsvImport,
  createImport,
  findImport,
  importsWithFile,
  listImports,
  listLeftImports,
  measureParts,
} from './records/csv-imports.ts';

const latest = 10;
const mostSharedFaults = 10;
/** How many files per account may wait to be applied; the next upload replaces the oldest. */
const keptFiles = 5;
const limitMegabytes = Math.floor(csvFileLimitBytes / 1024 / 1024);
const tooLarge = () => new AppError('csv_file_too_large', { limitMegabytes });

/** CSV取込: uploading a file, previewing its changes, applying them, and undoing them. */
export async function csvImportRoutes(app: FastifyInstance, services: Services): Promise<void> {
  const { db, bulk, now } = services;
  const runner = createImportRunner(services, app.log);
  app.addHook('onClose', () => runner.close());
  app.addContentTypeParser(
    'application/octet-stream',
    { parseAs: 'buffer', bodyLimit: csvPartBytes },
    (_request, body, done) => done(null, body),
  );

  const leaseUntil = () => new Date(now().getTime() + leaseMs);
  /** Several imports as views, with one look-up for all. */
  const views = async (found: readonly CsvImport[], request: FastifyRequest) => {
    const withFile = await importsWithFile(
      db,
      found.map(({ id }) => id),
    );
    const standing = await standingErrorIds(
      db,
      found.map(({ refusal }) => refusal?.errorId),
    );
    return found.map((each) =>
      importView(each, {
        language: request.language,
        viewerId: viewerOf(request).id,
        hasFile: withFile.has(each.id),
        rowsDone: runner.progressOf(each.id)?.rowsDone,
        standing,
      }),
    );
  };
  const view = async (found: CsvImport, request: FastifyRequest) => {
    const [only] = await views([found], request);
    if (!only) throw new AppError('not_found');
    return only;
  };
  const require = async (id: number): Promise<CsvImport> => {
    await settleInterrupted(db, now());
    const found = await findImport(db, id);
    if (!found) throw new AppError('not_found');
    return found;
  };
  /**
   * An import that the viewer has begun: the audit log names only that account for what is in the file, so nobody else sends its parts or has
   * it read. To apply, undo or cancel it is an event of its own, of any administrator.
   */
  const requireOwn = async (id: number, request: FastifyRequest): Promise<CsvImport> => {
    const found = await require(id);
    if (found.actorId !== viewerOf(request).id) throw new AppError('access_denied');
    return found;
  };

  endpoint(app, 'POST /api/admin/csv-imports', async ({ body, request }) => {
    const viewer = viewerOf(request);
    const fileName = printable(body.fileName);
    if (body.fileBytes > csvFileLimitBytes) throw tooLarge();
    const { table, fileBytes } = body;
    const actor = { actorId: viewer.id, actorUsername: viewer.username };
    const begun = await changeAs(db, accessOf(request), async (tx) => {
      const created = await createImport(tx, { table, fileName, fileBytes, ...actor, createdAt: now() });
      const changes = [{ field: 'fileBytes', from: null, to: String(fileBytes) }];
      await audit(tx, request, 'csv_import_begun', { ...targetOf(created), changes });
      return created;
    });
    for (const left of await listLeftImports(db, viewer.id, keptFiles)) {
      await cancelImport(db, left.id, now(), auditEventOf(request, 'csv_import_cancelled', targetOf(left)));
    }
    return view(begun, request);
  });

  endpoint(app, 'PUT /api/admin/csv-imports/:id/parts/:index', async ({ params, request }) => {
    const found = await requireOwn(params.id, request);
    if (found.state !== 'receiving') throw new AppError('csv_import_not_possible');
    const bytes = request.body;
    if (!Buffer.isBuffer(bytes) || bytes.length === 0) throw new AppError('request_invalid');
    if (params.index * csvPartBytes + bytes.length > found.fileBytes) {
      // More than announced: the file changed during the upload, or somebody is probing the limit.
      const refused = found.fileBytes >= csvFileLimitBytes ? tooLarge() : new AppError('csv_part_unexpected');
      const changes = [{ field: 'errorCode', from: null, to: refused.code }];
      await cancelImport(
        db,
        found.id,
        now(),
        auditEventOf(request, 'csv_import_cancelled', { ...targetOf(found), changes }),
      );
      throw refused;
    }
    const saved = await bulk.session((session) => saveImportPart(session, found.id, params.index, bytes));
    if (!saved) throw new AppError('csv_import_not_possible');
    return null;
  });

  endpoint(app, 'POST /api/admin/csv-imports/:id/read', async ({ params, body, request }) => {
    const found = await requireOwn(params.id, request);
    if (found.table !== 'account_links' && (body.mode !== 'merge' || body.createAccounts)) {
      throw invalidFields([{ field: 'mode', code: 'choice_invalid' }]);
    }
    const { matchUsers = false, ...options } = body;
    const mayMatch = found.table === 'account_links' && body.mode === 'merge' && !body.createAccounts;
    if (matchUsers && !mayMatch) throw invalidFields([{ field: 'matchUsers', code: 'choice_invalid' }]);
    const { bytes, parts } = await measureParts(db, found.id);
    if (bytes !== found.fileBytes || parts !== Math.ceil(found.fileBytes / csvPartBytes)) {
      throw new AppError('csv_part_unexpected');
    }
    const working = await beginReading(db, found.id, { ...options, matchUsers }, leaseUntil());
    if (!working) throw new AppError('csv_import_not_possible');
    runner.read(working, auditEventOf(request, 'csv_import_failed'));
    return view(working, request);
  });

  endpoint(app, 'GET /api/admin/csv-imports', async ({ query, request }) => {
    await settleInterrupted(db, now());
    return { items: await views(await listImports(db, query.table, latest), request) };
  });

  endpoint(app, 'GET /api/admin/csv-imports/:id', async ({ params, request }) =>
    view(await require(params.id), request),
  );

  endpoint(app, 'GET /api/admin/csv-imports/:id/rows', async ({ params, query, request }) => {
    const found = await require(params.id);
    const { kind, disconnects, after = 0, pageSize = 50 } = query;
    const rows = await listImportRows(db, found.id, { kind, disconnects }, { after, take: pageSize + 1 });
    const items = rows.slice(0, pageSize);
    return {
      items: items.map((row) => rowView(found.table, row, request.language)),
      next: rows.length > pageSize ? (items.at(-1)?.seq ?? null) : null,
    };
  });

  endpoint(app, 'GET /api/admin/csv-imports/:id/shared-faults', async ({ params, request }) => {
    const found = await require(params.id);
    const shared = await listSharedFaults(db, found.id, mostSharedFaults);
    return { items: shared.map((each) => sharedFaultView(found.table, each, request.language)) };
  });

  endpoint(app, 'GET /api/admin/csv-imports/:id/failed-rows', async ({ params, request, reply }) => {
    const found = await require(params.id);
    return failedRows(db, found, request.language, reply, () => request.requireStanding());
  });

  endpoint(app, 'POST /api/admin/csv-imports/:id/apply', async ({ params, body, request }) => {
    const found = await require(params.id);
    if (found.state !== 'ready' || !found.counts) throw new AppError('csv_import_not_possible');
    if (found.planVersion !== body.planVersion) throw new AppError('csv_import_outdated');
    if (found.counts.error > 0) throw new AppError('csv_import_has_errors');
    const { removed } = found.counts;
    if (removed !== (body.removals ?? 0)) {
      throw invalidFields([{ field: 'removals', code: 'csv_count_differs', values: { count: removed } }]);
    }
    await requireMayWrite(found, request, 'apply');
    const access = accessOf(request);
    const working = await begin(found, 'applying', rowsToWrite(found.counts), access);
    // Before it starts: on PGlite, every query waits for its end.
    const begun = await view(working, request);
    runner.apply(working, auditEventOf(request, 'csv_import_applied', describe(found)), proved(request));
    return begun;
  });

  endpoint(app, 'POST /api/admin/csv-imports/:id/undo', ({ params, request }) => undo(params.id, request, 'undo'));

  endpoint(app, 'POST /api/admin/csv-imports/:id/undo-rest', ({ params, request }) =>
    undo(params.id, request, 'undoRest'),
  );

  async function undo(id: number, request: FastifyRequest, what: 'undo' | 'undoRest'): Promise<CsvImportView> {
    const found = await require(id);
    if (found.state !== 'applied') throw new AppError('csv_import_not_possible');
    await requireMayWrite(found, request, 'undo');
    const access = accessOf(request);
    const working = await begin(found, 'undoing', rowsToWrite(found.counts), access);
    const begun = await view(working, request);
    runner[what](working, auditEventOf(request, 'csv_import_undone', describe(found)), proved(request));
    return begun;
  }

  endpoint(app, 'POST /api/admin/csv-imports/:id/cancel', async ({ params, request }) => {
    const found = await require(params.id);
    const event = auditEventOf(request, 'csv_import_cancelled', targetOf(found));
    if (!(await cancelImport(db, found.id, now(), event))) throw new AppError('csv_import_not_possible');
    return view(await require(found.id), request);
  });

  function proved(request: FastifyRequest): ProvedAccess {
    return { ...accessOf(request), hasProved: reauthenticatedUntil(request, now()) !== null };
  }

  /**
   * Requires a password proof wherever the forms do.
   * @throws AppError reauthentication_needed
   */
  async function requireMayWrite(found: CsvImport, request: FastifyRequest, what: 'apply' | 'undo'): Promise<void> {
    // As deleting a user does.
    const { accountsCreated = 0, added = 0 } = found.counts ?? {};
    const deletes = what === 'undo' && (accountsCreated > 0 || (found.table === 'users' && added > 0));
    const givesAway = () => bulk.session((session) => linksMailboxOfAnother(session, found, what));
    if (deletes || (await changesAdmins(db, found)) || (await givesAway())) requireReauthentication(request, now());
  }

  /** @throws AppError csv_import_running, which names who is importing; csv_import_not_possible */
  async function begin(
    found: CsvImport,
    next: 'applying' | 'undoing',
    rows: number,
    access: Access,
  ): Promise<CsvImport> {
    const times = { now: now(), leaseUntil: leaseUntil() };
    const begun = await beginWriting(db, found, next, rows, { ...times, access });
    if (begun === null) throw new AppError('csv_import_not_possible');
    if ('running' in begun) throw new AppError('csv_import_running', { username: begun.running.actorUsername });
    return begun.begun;
  }
}

/** A displayable file name: without control characters and bidirectional marks. */
function printable(fileName: string): string {
  return fileName.replaceAll(/[\p{C}\u2028\u2029]/gu, '').trim() || 'file.csv';
}

/** An import as the target of an audit event. */
function targetOf({ table, id, fileName }: CsvImport) {
  return { kind: table, id: String(id), name: fileName };
}

/** An import in the audit log: its file, and the number of rows per kind. */
function describe(found: CsvImport) {
  const { counts } = found;
  const kinds = counts ? Object.entries(counts).filter(([, rows]) => rows > 0) : [];
  return {
    ...targetOf(found),
    changes: kinds.map(([field, rows]) => ({ field, from: null, to: String(rows) })),
  };
}
