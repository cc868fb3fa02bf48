import type { ErrorEventView } from '@argus/contract/endpoints/triage/log';
import { catalogueEntry } from '@argus/contract/errors/error-catalogue';
import type { Affected } from '@argus/contract/errors/mend-path';
import type { Language } from '@argus/contract/language';
import type { ErrorEvent } from '../error-log/records/error-events.ts';
import { toProblem } from '../platform/problems/problem-json.ts';
import { knownCode } from './known-code.ts';
import type { PresentNames } from './records/present-names.ts';

/** Whose error it is, under the name that the account has now; null where it is gone. */
export function affectedBy({ accountId }: ErrorEvent, present: PresentNames): Affected | null {
  const username = accountId === null ? undefined : present.get(accountId);
  return accountId === null || username === undefined ? null : { id: accountId, username };
}

/** What the user saw, rebuilt from the stored values in the current reader's language. */
export function errorEventView(event: ErrorEvent, present: PresentNames, language: Language): ErrorEventView {
  const { id, params, occurredAt, username, accountId, stage, requestId } = event;
  const affected = affectedBy(event, present);
  const code = knownCode(event.code);
  return {
    errorId: id,
    code: event.code,
    row: catalogueEntry(code).row ?? null,
    occurredAt: occurredAt.toISOString(),
    username,
    accountId,
    presentUsername: affected?.username ?? null,
    suffix: params.suffix ?? null,
    stage,
    requestId,
    problem: toProblem({ code, params, errorId: id, occurredAt, affected }, language, true),
  };
}
