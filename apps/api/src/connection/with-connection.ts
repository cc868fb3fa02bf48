import { type Deadline, startDeadline } from '@argus/egress/deadline';
import type { Db } from '../platform/database/db.ts';
import { AppError } from '../platform/problems/app-error.ts';
import { type Connection, findConnection, findStoredConnection } from './find-connection.ts';
import { callGraph, type GraphServices, type GraphUse } from './graph/call-graph.ts';
import { codeFor, type Purpose } from './purpose.ts';
import { isEntitledUnder } from './records/entitlement.ts';
import { readSettings, type Settings } from './records/settings.ts';
import { mayBePinned } from './same-identity.ts';
import { isBoundTo } from './usable-grant.ts';

/** The connection as it was when an attempt started. */
export interface Ready {
  readonly connection: Connection;
  /** Covers all attempts of a request. */
  readonly deadline: Deadline;
  /** Calls Graph for the account, and stores the outcome on the grant. */
  readonly callGraph: <T>(use: GraphUse<T>) => Promise<T>;
}

/**
 * Every purpose reads data of Microsoft for a user through this function. `use` fetches the data, or takes a stored copy.
 * If account, grant or link changed meanwhile, or an endpoint moved to another origin, the result may belong to somebody else; if 基本設定
 * changed, it may be of another mailbox or folder, or show what is not to be shown any more. Then it is dropped, and `use` is called again
 * with the present ones, until the deadline.
 * @throws AppError of the purpose
 */
export async function withConnection<T>(
  services: GraphServices,
  accountId: string,
  purpose: Purpose,
  use: (ready: Ready) => Promise<T>,
): Promise<T> {
  const { db, reads } = services;
  let settings = await readSettings(db);
  const deadline = startDeadline(settings.totalTimeoutSeconds * 1000);
  for (;;) {
    const connection = await findConnection(services, accountId, { purpose, settings, deadline });
    const request = { connection, purpose, deadline };
    try {
      const result = await use({ connection, deadline, callGraph: (call) => callGraph(services, request, call) });
      if (await isEntitledUnder(reads, connection.entitlement, settings)) return result;
    } catch (error) {
      // The failure of a former connection says nothing about the present one.
      if (!(await hasChanged(db, connection)) && (await isUnchanged(db, settings))) throw error;
    }
    if (deadline.expired) throw new AppError(codeFor(purpose, 'timeout'), { suffix: connection.suffix });
    settings = await readSettings(db);
  }
}

async function isUnchanged(db: Db, { version }: Settings): Promise<boolean> {
  return (await readSettings(db)).version === version;
}

/** Whether an account has another link, pin or grant than when the connection was found, or it is not bound to the endpoints any more. */
async function hasChanged(db: Db, former: Connection): Promise<boolean> {
  const { entitlement } = former;
  const { link, grant, provider, settings } = await findStoredConnection(db, entitlement.accountId);
  if (!grant || link?.microsoftAccountKey !== entitlement.linkKey || grant.id !== entitlement.grantId) return true;
  if (!provider || !isBoundTo(grant, { provider, settings })) return true;
  return !mayBePinned(link, grant);
}
