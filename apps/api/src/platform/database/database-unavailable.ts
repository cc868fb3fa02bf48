import { isDriverAdapterError } from '@prisma/driver-adapter-utils';

/** Why the database could not serve a valid statement. */
export type UnavailableReason = 'unreachable' | 'busy' | 'timeout' | 'full' | 'read_only';

/**
 * The database is down, frozen, exhausted or full: the same request may succeed later (HTTP 503). Thrown by the
 * adapters below Prisma, which passes it on unchanged; `cause` is the driver's error.
 */
export class DatabaseUnavailable extends Error {
  // No `code`: Prisma replaces an error that has a code with one of its own, and loses the rest.
  readonly reason: UnavailableReason;

  constructor(reason: UnavailableReason, cause: unknown) {
    super(`The database cannot serve the statement: ${reason}.`, { cause });
    this.name = 'DatabaseUnavailable';
    this.reason = reason;
  }
}

/** Error kinds of Prisma's driver adapters that are unrelated to the statement. */
const reasonByKind: Record<string, UnavailableReason> = {
  DatabaseNotReachable: 'unreachable',
  DatabaseAccessDenied: 'unreachable',
  DatabaseDoesNotExist: 'unreachable',
  AuthenticationFailed: 'unreachable',
  ConnectionClosed: 'unreachable',
  TlsConnectionError: 'unreachable',
  SocketTimeout: 'timeout',
  TooManyConnections: 'busy',
};

/**
 * SQLSTATE of PostgreSQL (appendix A): 08 connection, 53 resources, 57 operator intervention, 58 system error. The server refuses to open a
 * session with 28 (a password that was rotated), 3D000, 42501 and 55000: whoever runs the database mends it, and no statement of Argus
 * is at fault.
 */
const refusedSessions: ReadonlySet<string> = new Set(['3D000', '42501', '55000']);

function reasonOfSqlState(sqlState: string): UnavailableReason | undefined {
  if (sqlState === '53100' || sqlState === '58030') return 'full';
  // A standby, or a former primary after a failover.
  if (sqlState === '25006') return 'read_only';
  if (sqlState === '57014' || sqlState === '55P03' || sqlState === '25P03') return 'timeout';
  if (sqlState.startsWith('53')) return 'busy';
  if (/^(08|28|57P)/.test(sqlState) || refusedSessions.has(sqlState)) return 'unreachable';
  return undefined;
}

/** The adapters' translation of a driver's error: a DatabaseUnavailable, or the error unchanged. */
export function fromDriver(error: unknown): unknown {
  if (error instanceof DatabaseUnavailable) return error;
  if (isDriverAdapterError(error)) {
    const { kind, originalCode } = error.cause;
    const reason = reasonByKind[kind] ?? reasonOfSqlState(originalCode ?? '');
    return reason ? new DatabaseUnavailable(reason, error) : error;
  }
  // A wrong call, not a broken database.
  if (error instanceof TypeError || error instanceof RangeError) return error;
  // node-postgres throws a plain Error without a code for an exhausted pool, a read timeout and a lost connection.
  if (error instanceof Error) return new DatabaseUnavailable('timeout', error);
  return error;
}

/**
 * As `fromDriver`, for bulk sessions, which use the driver without Prisma's adapters: a DatabaseUnavailable, or the
 * server's error with its SQLSTATE as `code`.
 */
export function fromSqlError(error: unknown): unknown {
  const sqlState = error instanceof Error && 'code' in error ? error.code : undefined;
  if (typeof sqlState !== 'string' || !/^[0-9A-Z]{5}$/.test(sqlState)) return fromDriver(error);
  const reason = reasonOfSqlState(sqlState);
  return reason ? new DatabaseUnavailable(reason, error) : error;
}

/** Runs a driver call and translates its error by {@link fromDriver}. */
export async function translated<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw fromDriver(error);
  }
}

/** Whether the database could not serve a statement or, in Prisma's terms (P2028), a transaction. */
export function isDatabaseUnavailable(error: unknown): boolean {
  if (error instanceof DatabaseUnavailable) return true;
  return error instanceof Error && 'code' in error && error.code === 'P2028';
}
