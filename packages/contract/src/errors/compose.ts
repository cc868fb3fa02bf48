import { present } from '@argus/fields/present';
import type { Lines } from '../language.ts';
import type { connectionCauses } from './causes/connection.ts';
import type { graphCauses } from './causes/graph.ts';
import type { CatalogueEntry, Cause, Causes, GuideRow, Help, MicrosoftCall, Words } from './entry.ts';
import type { Purpose, Stage } from './labels.ts';
import { failedWith, linesOf, told } from './messages.ts';
import { type CodeOf, codeOf } from './public-code.ts';

/** The causes that the API names itself, before or besides a call to Graph, for whatever purpose uses a grant. */
export type ConnectionCause =
  | keyof typeof connectionCauses
  | keyof Pick<typeof graphCauses, 'throttled' | 'timeout' | 'upstream_error'>;

interface Errors<N extends Purpose, C extends Causes> {
  readonly purpose: N;
  /** The calls that it makes to Microsoft, in order. */
  readonly calls: readonly MicrosoftCall[];
  readonly causes: C;
}

/** A purpose that needs no grant, or in which the user is giving the grant right now. */
interface ErrorsWithoutGrant<N extends Purpose, C extends Causes> extends Errors<N, C> {
  readonly usesGrant: false;
  /** Absent where no call is made and every message is written out. */
  readonly words?: Words;
}

/** A purpose that works with an existing grant. */
interface ErrorsWithGrant<N extends Purpose, C extends Causes> extends Errors<N, C> {
  readonly usesGrant: true;
  readonly words: Words;
  readonly causes: C & Readonly<Record<ConnectionCause, Cause>>;
}

/** What can fail for one purpose: its causes, under the names used in their public codes. */
export type PurposeErrors<N extends Purpose = Purpose, C extends Causes = Causes> =
  | ErrorsWithoutGrant<N, C>
  | ErrorsWithGrant<N, C>;

/** Causes in one row of the customer's table. */
export function inRow<T extends Causes>(row: string, causes: T): { readonly [K in keyof T]: Cause } {
  const entries = Object.entries(causes).map(([name, cause]) => [name, { ...cause, row }]);
  return Object.fromEntries(entries);
}

/**
 * A cause in the customer's table, with the rows of its guide; each guide row gets the same row, unless others are
 * named.
 */
export function inTable(row: string, cause: Cause, guideRows: readonly string[] = [row]): Cause {
  const named = (guide: readonly GuideRow[]) => guide.map((each, place) => withRow(each, guideRows[place]));
  const { guide } = cause;
  return { ...cause, row, guide: typeof guide === 'function' ? (words) => named(guide(words)) : named(guide) };
}

/** The entries of a purpose by their codes. */
export function entriesOf<N extends Purpose, C extends Causes>(
  errors: PurposeErrors<N, C>,
): { readonly [K in keyof C & string as CodeOf<N, K>]: CatalogueEntry } {
  const entries = Object.entries(errors.causes).map(([name, cause]) => [
    codeOf(errors.purpose, name),
    entryOf(errors, cause),
  ]);
  return Object.fromEntries(entries);
}

function entryOf(errors: PurposeErrors, cause: Cause): CatalogueEntry {
  const { purpose, calls, usesGrant } = errors;
  const { retryAfterSeconds, says, message, guide, tableGuide, logged, endsGrant, endsTokens, ...rest } = cause;
  const match = cause.match?.filter((rule) => calls.includes(rule.call));
  const catchesAll = cause.catchesAll?.filter((call) => calls.includes(call));
  const call = cause.call ?? mainCallOf([...(match ?? []).map((rule) => rule.call), ...(catchesAll ?? [])]);
  const rows = typeof guide === 'function' ? guide(wordsOf(errors)) : guide;
  return {
    ...rest,
    purpose,
    ...present({ call, match, catchesAll }),
    // There is no grant to end while it is being given.
    ...(endsGrant && usesGrant ? { endsGrant } : {}),
    ...(endsTokens && usesGrant ? { endsTokens } : {}),
    ...answerOf(cause, usesGrant),
    ...(cause.retry === 'later' ? { retryAfterSeconds: retryAfterSeconds ?? 30 } : {}),
    message: messageOf(cause, errors),
    causes: tableGuide ? [...rows, withRow(tableGuide, cause.row)] : rows,
    logged: logged ?? true,
  };
}

/** The purpose's main call (`graph`) if the cause can occur there; otherwise its first call. */
function mainCallOf(calls: readonly MicrosoftCall[]): MicrosoftCall | undefined {
  return calls.find((call) => call === 'graph') ?? calls[0];
}

function withRow(guide: Omit<GuideRow, 'row'>, row: string | undefined): GuideRow {
  return row === undefined ? guide : { row, ...guide };
}

const helpWithGrant = {
  reconnect: { status: 409, retry: 'after_reconnect' },
  mend_and_reconnect: { status: 409, retry: 'after_reconnect' },
} as const;
const helpWithoutGrant = {
  reconnect: { status: 502, retry: 'now' },
  mend_and_reconnect: { status: 502, retry: 'no' },
} as const;
const helpAlways = {
  no: { status: 502, retry: 'no' },
  now: { status: 502, retry: 'now' },
  later: { status: 503, retry: 'later' },
} as const;

/** Status and `retry` of the problem: without a grant in use, authorizing again is simply another try. */
function answerOf({ status, retry }: Cause, usesGrant: boolean): Pick<CatalogueEntry, 'status' | 'retry'> {
  const ordinary: Readonly<Record<Help, Pick<CatalogueEntry, 'status' | 'retry'>>> = {
    ...helpAlways,
    ...(usesGrant ? helpWithGrant : helpWithoutGrant),
  };
  return { ...ordinary[retry], ...present({ status }) };
}

function messageOf({ message, says, retry }: Cause, errors: PurposeErrors): Lines {
  if (message && typeof message !== 'function') return message;
  const words = wordsOf(errors);
  if (message) return message(words);
  if (!says) throw new Error(`a cause of ${errors.purpose} says nothing`);
  const what = told(typeof says === 'function' ? says(words) : says);
  if (retry === 'later') return linesOf(words.failed, what, words.later);
  if (retry === 'reconnect') return linesOf(words.failed, what, words.again);
  return failedWith(words, what);
}

function wordsOf({ purpose, words }: PurposeErrors): Words {
  if (!words) throw new Error(`the purpose ${purpose} has no words of its own`);
  return words;
}

/** Combines purpose and call into the one word that the API and the error log use. */
export function stageOf({ purpose, call }: Pick<CatalogueEntry, 'purpose' | 'call'>): Stage {
  if (call === 'settings') return 'configuration';
  if (call === 'authorize') return 'redirect';
  if (call === 'token' || call === 'identity') return call;
  // A purpose's main call has the purpose's name; for authorization that is finding out who signs in.
  return purpose === 'authorization' ? 'identity' : purpose;
}
