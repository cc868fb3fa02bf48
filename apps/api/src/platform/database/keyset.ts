import { invalidFields } from '../problems/app-error.ts';

/**
 * The type of a row's sort value. In a cursor all three are texts: a timestamp as ISO 8601 in UTC, with milliseconds.
 */
export type KeyType = 'text' | 'uuid' | 'timestamp';

/** One value per key of the row's segment. */
export type KeyValues = readonly string[];

/** A row's position: the segment of its order, and its sort values. It outlives the row. */
export interface Position {
  /** Names the order, such as `username.asc`. */
  readonly order: string;
  /** Rows of segment 0 come before those of segment 1, in either direction of the keys. */
  readonly segment: number;
  readonly values: KeyValues;
}

/** Which rows are requested: those after or before a cursor of an earlier reply, or the first ones. */
export interface KeysetPage {
  readonly pageSize: number;
  readonly after?: string | undefined;
  readonly before?: string | undefined;
}

export interface KeysetRow {
  readonly id: string;
  readonly position: Position;
}

/** A page of ids, and the cursors of the pages on either side; null where there are no more rows. */
export interface KeysetReply {
  readonly ids: readonly string[];
  readonly next: string | null;
  readonly previous: string | null;
}

/**
 * Reads at most `limit` rows of one segment, nearest to `from` first (undefined: from the end at which the direction
 * starts). Undefined where it gave up.
 */
export type ReadSegment = (
  segment: number,
  from: KeyValues | undefined,
  backwards: boolean,
  limit: number,
) => Promise<readonly KeysetRow[] | undefined>;

/**
 * Reads one page through all segments of an order. If no row is left after the cursor, it returns the last page; if a
 * page before the cursor would not be full, the first one: rows deleted meanwhile cause no dead end. Undefined where
 * `read` gave up.
 */
export async function readKeysetPage(
  read: ReadSegment,
  segments: number,
  page: { readonly pageSize: number; readonly from: Position | undefined; readonly backwards: boolean },
): Promise<KeysetReply | undefined> {
  const { pageSize, from, backwards } = page;
  const rows: KeysetRow[] = [];
  const step = backwards ? -1 : 1;
  const end = backwards ? 0 : segments - 1;
  for (let segment = from?.segment ?? (backwards ? end + segments - 1 : 0); ; segment += step) {
    const values = from?.segment === segment ? from.values : undefined;
    const found = await read(segment, values, backwards, pageSize + 1 - rows.length);
    if (found === undefined) return undefined;
    rows.push(...found);
    if (rows.length > pageSize || segment === end) break;
  }
  if (from && backwards && rows.length < pageSize) {
    return readKeysetPage(read, segments, { pageSize, from: undefined, backwards: false });
  }
  if (from && !backwards && rows.length === 0) {
    return readKeysetPage(read, segments, { pageSize, from: undefined, backwards: true });
  }
  const more = rows.length > pageSize;
  const shown = rows.slice(0, pageSize);
  if (backwards) shown.reverse();
  const cursorOf = (row: KeysetRow | undefined) => (row ? encodeCursor(row.position) : null);
  const [hasPrevious, hasNext] = backwards ? [more, from !== undefined] : [from !== undefined, more];
  return {
    ids: shown.map(({ id }) => id),
    previous: hasPrevious ? cursorOf(shown[0]) : null,
    next: hasNext ? cursorOf(shown.at(-1)) : null,
  };
}

function encodeCursor({ order, segment, values }: Position): string {
  return Buffer.from(JSON.stringify([order, segment, ...values])).toString('base64url');
}

/** The keys of the segments of each order that a cursor may belong to. */
export type Orders = Readonly<Record<string, readonly (readonly KeyType[])[]>>;

/**
 * The position in the query, if any, and whether the rows before it are requested.
 *
 * @throws request_invalid at `after` or `before` where that is not a cursor of one of these orders, or where both are
 * given
 */
export function readCursor(
  { after, before }: Pick<KeysetPage, 'after' | 'before'>,
  orders: Orders,
): { from: Position | undefined; backwards: boolean } {
  const cursor = before ?? after;
  if (cursor === undefined) return { from: undefined, backwards: false };
  const backwards = before !== undefined;
  const from = after !== undefined && backwards ? undefined : decodeCursor(cursor, orders);
  if (!from) throw invalidFields([{ field: backwards ? 'before' : 'after', code: 'type_wrong' }]);
  return { from, backwards };
}

function decodeCursor(cursor: string, orders: Orders): Position | undefined {
  const parsed = parseJson(Buffer.from(cursor, 'base64url').toString());
  if (!Array.isArray(parsed)) return undefined;
  const [order, segment, ...values] = parsed as unknown[];
  if (typeof order !== 'string' || !Number.isInteger(segment)) return undefined;
  const types = orders[order]?.[segment as number];
  if (types?.length !== values.length) return undefined;
  const valid = types.every((type, index) => isKeyValue(type, values[index]));
  return valid ? { order, segment: segment as number, values: values as string[] } : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const uuid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;
const isoTimestamp = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

function readBack(timestamp: string): string | undefined {
  const time = new Date(timestamp);
  return Number.isNaN(time.getTime()) ? undefined : time.toISOString();
}

function isKeyValue(type: KeyType, value: unknown): boolean {
  if (typeof value !== 'string') return false;
  if (type === 'uuid') return uuid.test(value);
  // PostgreSQL has no year 0, and no 31st of February, which JavaScript turns into a day in March.
  if (type === 'timestamp') return isoTimestamp.test(value) && value >= '0001' && value === readBack(value);
  return value.isWellFormed() && !value.includes('\0');
}
