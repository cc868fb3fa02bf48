import { catalogueEntry, isErrorCode } from '@argus/contract/errors/error-catalogue';
import type { ErrorParams } from '../../platform/problems/app-error.ts';

/** What makes errors of many users one cause. */
export interface CauseKey {
  /** All of it as one text, short enough for an index. */
  readonly key: string;
  readonly code: string;
  readonly suffix: string | null;
  readonly origin: string | null;
  readonly signature: string | null;
  readonly uncatalogued: boolean;
}

/** Where they come from a URL that somebody typed, or from a hostile server, they have no other limit. */
const longestPart = 200;

/** The cause of an error: its code, where it happened and, for an answer that the catalogue does not know, what that was. */
export function causeOf(code: string, params: ErrorParams): CauseKey {
  const uncatalogued = params.uncatalogued === true;
  // If it were part of the cause, made-up links could create any number of causes.
  const isMadeUp = isErrorCode(code) && catalogueEntry(code).suffixFromAddress;
  const suffix = isMadeUp ? null : limited(params.suffix);
  const origin = limited(params.origin);
  const signature = uncatalogued ? limited(signatureOf(params)) : null;
  return keyed({ code, suffix, origin, signature, uncatalogued });
}

/** The cause of all answers to a code that the catalogue does not know, once there are too many to tell them apart. */
export function withoutSignature(cause: CauseKey): CauseKey {
  return keyed({ ...cause, signature: null });
}

function keyed(parts: Omit<CauseKey, 'key'>): CauseKey {
  const { code, suffix, origin, signature, uncatalogued } = parts;
  return { ...parts, key: JSON.stringify([code, suffix, origin, signature, uncatalogued]) };
}

/** What Microsoft answered, by its most telling number or word (AADSTS50999, ErrorNew, HTTP 418). */
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

/** A text without what PostgreSQL cannot store. */
export function storableText(text: string): string {
  return text.toWellFormed().replaceAll('\0', '');
}
