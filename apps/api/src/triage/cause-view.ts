import type { ErrorCauseView } from '@argus/contract/endpoints/triage/board';
import type { CatalogueEntry } from '@argus/contract/errors/entry';
import { catalogueEntry } from '@argus/contract/errors/error-catalogue';
import { likeliestFirst } from '@argus/contract/errors/likeliest-first';
import { mendPath } from '@argus/contract/errors/mend-path';
import type { Language } from '@argus/contract/language';
import type { ErrorEvent } from '../error-log/records/error-events.ts';
import type { ErrorParams } from '../platform/problems/app-error.ts';
import { toProblem } from '../platform/problems/problem-json.ts';
import { knownCode } from './known-code.ts';
import type { ErrorCause } from './records/error-causes.ts';

/** An incident in the catalogue's words. `last`: its last event, whose values fill the texts. */
export function causeView(cause: ErrorCause, last: ErrorEvent | undefined, language: Language): ErrorCauseView {
  const {
    id,
    suffix,
    origin,
    signature,
    uncatalogued,
    events,
    users,
    recoveredUsers,
    trend,
    lastErrorId,
    ofPresentProvider,
  } = cause;
  const code = knownCode(cause.code);
  const entry: CatalogueEntry = catalogueEntry(code);
  const reasons = likeliestFirst(entry.causes, last?.params.known);
  const [likeliest] = reasons;
  return {
    id,
    code: cause.code,
    row: entry.row ?? null,
    title: titleOf(cause, last?.params ?? {}, language),
    condition: likeliest?.condition[language] ?? null,
    otherCauses: Math.max(0, reasons.length - 1),
    place: likeliest?.place?.[language] ?? null,
    remedy: likeliest?.remedy[language] ?? null,
    mendAt: likeliest?.mendAt ? mendPath(likeliest.mendAt, { suffix, origin }) : null,
    menders: [...(likeliest?.menders ?? [])],
    suffix,
    origin,
    signature,
    uncatalogued,
    sinceAt: cause.sinceAt.toISOString(),
    firstAt: cause.firstAt.toISOString(),
    lastAt: cause.lastAt.toISOString(),
    events,
    users,
    recoveredUsers,
    ofPresentProvider,
    trend: [...trend],
    lastErrorId,
  };
}

/** The first line of the message, plus the last one where the message ends with more than advice (エラー：401 …). */
function titleOf(cause: ErrorCause, params: ErrorParams, language: Language): string {
  const error = { code: knownCode(cause.code), params, occurredAt: cause.lastAt };
  const { lines, title } = toProblem(error, language, false);
  // The second line says whom to ask; a list says what to check.
  const last = lines.length > 2 ? lines.at(-1) : undefined;
  return last === undefined || /^[・-]/.test(last) ? title : `${title} ${last}`;
}
