import { isDriverAdapterError } from '@prisma/driver-adapter-utils';

/** Why the database could not serve a statement that was in order. */
export type UnavailableReason = 'unreachable' | 'busy' | 'timeout' | 'full';

/**
 * The database is down, frozen, exhausted or full: the same request may succeed later (HTTP 503).
 * Thrown by the adapters below Prisma, which lets it through as it is; `cause` is what the driver said.
 */
export class DatabaseUnavailable extends Error {
  // No `code`: Prisma makes an error of its own from one that has a code, and loses the rest.
  readonly reason: UnavailableReason;

  constructor(reason: UnavailableReason, cause: unknown) {
    super(`The database cannot serve the statement: ${reason}.`, { cause });
    this.name = 'DatabaseUnavailable';
    this.reason = reason;
  }
}

/** Kinds of Prisma's driver adapters that say nothing about the statement. */
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

/** SQLSTATE of PostgreSQL (appendix A): 08 connection, 53 resources, 57 operator intervention, 58 system error. */
function reasonOfSqlState(sqlState: string): UnavailableReason | undefined {
  if (sqlState === '53100' || sqlState === '58030') return 'full';
  if (sqlState === '57014' || sqlState === '55P03' || sqlState === '25P03') return 'timeout';
  if (sqlState.startsWith('53')) return 'busy';
  if (sqlState.startsWith('08') || sqlState.startsWith('57P')) return 'unreachable';
  return undefined;
}

/** What the adapters throw instead of a driver's error: a DatabaseUnavailable, or the error as it is. */
export function fromDriver(error: unknown): unknown {
  if (error instanceof DatabaseUnavailable) return error;
  if (isDriverAdapterError(error)) {
    const { kind, originalCode } = error.cause;
    const reason = reasonByKind[kind] ?? reasonOfSqlState(originalCode ?? '');
    return reason ? new DatabaseUnavailable(reason, error) : error;
  }
  // A broken call, not a broken database.
  if (error instanceof TypeError || error instanceof RangeError) return error;
  // node-postgres gives a plain Error without a code for an exhausted pool, a read timeout and a lost connection.
  if (error instanceof Error) return new DatabaseUnavailable('timeout', error);
  return error;
}

/**
 * What bulk sessions throw, which speak to the driver without Prisma's adapters: a DatabaseUnavailable, or the server's
 * error with its SQLSTATE as `code`.
 */
export function fromSqlError(error: unknown): unknown {
  const sqlState = error instanceof Error && 'code' in error ? error.code : undefined;
  if (typeof sqlState !== 'string' || !/^[0-9A-Z]{5}$/.test(sqlState)) return fromDriver(error);
  const reason = reasonOfSqlState(sqlState);
  return reason ? new DatabaseUnavailable(reason, error) : error;
}

/** Runs a call into a driver so that it fails with what {@link fromDriver} makes of the error. */
export async function translated<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw fromDriver(error);
  }
}

/** Whether an error says that the database could not serve a statement or, as Prisma says it (P2028), a transaction. */
export function isDatabaseUnavailable(error: unknown): boolean {
  if (error instanceof DatabaseUnavailable) return true;
  return error instanceof Error && 'code' in error && error.code === 'P2028';
}
