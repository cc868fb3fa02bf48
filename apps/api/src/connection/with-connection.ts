import { type Deadline, startDeadline } from '@argus/egress/deadline';
import type { GraphCall } from '@argus/microsoft/graph';
import { AppError } from '../platform/problems/app-error.ts';
import { type Connection, findConnection } from './find-connection.ts';
import { callGraph, type GraphServices } from './graph/call-graph.ts';
import { codeFor, type Purpose } from './purpose.ts';
import { isEntitled } from './records/entitlement.ts';
import { readSettings } from './records/settings.ts';

/** What a purpose has for one look at Microsoft, as it was when the look began. */
export interface Ready {
  readonly connection: Connection;
  /** One for all looks of a request. */
  readonly deadline: Deadline;
  /** Calls Graph for the account, and stores what came of it. */
  readonly callGraph: <T>(use: (call: GraphCall) => Promise<T>) => Promise<T>;
}

/**
 * The way by which a purpose gives a user what is Microsoft's: `use` fetches it, or takes what is kept, and only who is entitled to
 * it at that moment is given it. Where account, grant or link changed meanwhile, what they are now decides: `use` is called
 * again, until the time of the request is over.
 * @throws AppError of the purpose
 */
export async function withConnection<T>(
  services: GraphServices,
  accountId: string,
  purpose: Purpose,
  use: (ready: Ready) => Promise<T>,
): Promise<T> {
  const { db } = services;
  let settings = await readSettings(db);
  const deadline = startDeadline(settings.totalTimeoutSeconds * 1000);
  for (;;) {
    const connection = await findConnection(services, accountId, { purpose, settings, deadline });
    const request = { connection, purpose, deadline };
    const result = await use({ connection, deadline, callGraph: (call) => callGraph(services, request, call) });
    if (await isEntitled(db, connection.entitlement)) return result;
    if (deadline.expired) throw new AppError(codeFor(purpose, 'timeout'), { suffix: connection.suffix });
    settings = await readSettings(db);
  }
}
