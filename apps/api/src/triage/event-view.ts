import type { ErrorEventView } from '@argus/contract/endpoints/triage/log';
import { catalogueEntry } from '@argus/contract/errors/error-catalogue';
import type { Language } from '@argus/contract/language';
import type { ErrorEvent } from '../error-log/records/error-events.ts';
import { toProblem } from '../platform/problems/problem-json.ts';
import { knownCode } from './known-code.ts';

/** What the user saw, rebuilt from the stored values in the current reader's language. */
export function errorEventView(event: ErrorEvent, language: Language): ErrorEventView {
  const { id, params, occurredAt, username, stage, requestId } = event;
  const code = knownCode(event.code);
  return {
    errorId: id,
    code: event.code,
    row: catalogueEntry(code).row ?? null,
    occurredAt: occurredAt.toISOString(),
    username,
    suffix: params.suffix ?? null,
    stage,
    requestId,
    problem: toProblem({ code, params, errorId: id, occurredAt, affected: username }, language, true),
  };
}
