import { catalogueEntry, isErrorCode } from '@argus/contract/errors/error-catalogue';
import type { ErrorParams } from '../../platform/problems/app-error.ts';

/** What groups errors of many users into one incident. */
export interface CauseKey {
  /** All of it as one text, short enough for an index. */
  readonly key: string;
  readonly code: string;
  readonly suffix: string | null;
  readonly origin: string | null;
  readonly signature: string | null;
  readonly uncatalogued: boolean;
}

/** Nothing else limits values from a URL that somebody typed, or from a hostile server. */
const longestPart = 200;

/**
 * The incident of an error: its code, where it occurred and, for an answer missing from the catalogue, which answer.
 */
export function causeOf(code: string, params: ErrorParams): CauseKey {
  const uncatalogued = params.uncatalogued === true;
  // If it were part of the key, made-up links could create any number of incidents.
  const isMadeUp = isErrorCode(code) && catalogueEntry(code).suffixFromAddress;
  const suffix = isMadeUp ? null : limited(params.suffix);
  const origin = limited(params.origin);
  const signature = uncatalogued ? limited(signatureOf(params)) : null;
  return keyed({ code, suffix, origin, signature, uncatalogued });
}

/** The incident of all uncatalogued answers under a code, once they are too many to separate. */
export function withoutSignature(cause: CauseKey): CauseKey {
  return keyed({ ...cause, signature: null });
}

function keyed(parts: Omit<CauseKey, 'key'>): CauseKey {
  const { code, suffix, origin, signature, uncatalogued } = parts;
  return { ...parts, key: JSON.stringify([code, suffix, origin, signature, uncatalogued]) };
}

/** Microsoft's answer by its most specific number or word (AADSTS50999, ErrorNew, HTTP 418). */
function signatureOf({ upstream, status }: ErrorParams): string | undefined {
  const aadsts = upstream?.aadstsCodes?.at(-1);
  if (aadsts !== undefined) return `AADSTS${aadsts}`;
  const named = upstream?.graphCodes?.[0] ?? upstream?.oauthError ?? upstream?.networkCode;
  if (named !== undefined) return named;
  const answered = upstream?.status ?? status;
  return answered === undefined ? undefined : `HTTP ${answered}`;
}

function limited(text: string | undefined): string | null {
  return text === undefined ? null : Array.from(storableText(text)).slice(0, longestPart).join('');
}

/** A text without characters that PostgreSQL cannot store. */
export function storableText(text: string): string {
  return text.toWellFormed().replaceAll('\0', '');
}
