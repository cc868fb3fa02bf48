-- A user of an incident is an account, whatever its username was; a username may go to another account. Rows that were kept by the
-- username get the id of their account as key, and those of one account under several names become one. What the former version still
-- adds by the username joins them with the account's next error.
WITH named AS (DELETE FROM "ErrorCauseUser" WHERE "accountId" IS NOT NULL RETURNING *)
INSERT INTO "ErrorCauseUser" ("causeId", "usernameKey", username, "accountId", "firstAt", "lastAt", events)
SELECT "causeId", "accountId"::text, (array_agg(username ORDER BY "lastAt" DESC))[1], "accountId", min("firstAt"), max("lastAt"), sum(events)
FROM named GROUP BY "causeId", "accountId";
