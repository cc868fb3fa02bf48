-- The id of the grant or mismatch that a flow stored: a retry after a lost COMMIT stores nothing a second time.
ALTER TABLE "AuthorizationTransaction" ADD COLUMN "storedEndId" UUID;

-- The audit log outlives the events of the error log: an ID of one that is gone leads nowhere. The import has the ID.
UPDATE "AuditEvent" SET details = jsonb_set(details, '{changes}', coalesce(
  (SELECT jsonb_agg(change) FROM jsonb_array_elements(details -> 'changes') AS change WHERE change ->> 'field' <> 'errorId'), '[]'))
WHERE action = 'csv_import_failed' AND jsonb_typeof(details -> 'changes') = 'array';
