import { catalogueEntry } from '@argus/contract/errors/error-catalogue';
import { reportFault } from '../../error-log/report-fault.ts';
import type { Job, JobRun } from '../../platform/jobs/job.ts';
import { AppError } from '../../platform/problems/app-error.ts';
import { UnsealError } from '../../platform/vault/seal.ts';
import { asksToReconnect } from '../connection-state.ts';
import type { TokenVault } from '../grant-tokens.ts';
import { type PresentEndpoints, readEndpoints } from '../present-endpoints.ts';
import { type AuthProvider, listFinishedProviders } from '../records/auth-providers.ts';
import { recordFailure, recordKeptAlive } from '../records/grants.ts';
import { type IdleGrant, listIdleGrants } from '../records/idle-grants.ts';
import { readSettings, type Settings } from '../records/settings.ts';
import { boundPlace, isMoved, isOfOtherClient } from '../usable-grant.ts';

const dayMs = 24 * 3600_000;
/** Microsoft revokes a refresh token after 90 idle days; half of that leaves weeks to fix a fault in between. */
const idleMs = 45 * dayMs;
/** A grant whose own refresh failed waits most of a day, so that it does not always come before the others. */
const failedAgoMs = 20 * 3600_000;
/** Per run and provider. 4,800 a day reach 100,000 grants well within the remaining 45 days. */
const mostPerRun = 200;
const atOnce = 4;
/** This many uncatalogued failures in a row mean that the connection is faulty, not single grants. */
const mostStrange = 3;

/** Refreshes long-idle grants before Microsoft revokes them. */
export const keepAlive = (tokens: TokenVault): Job => ({
  name: 'keep-alive',
  cron: '17 * * * *',
  async run(run) {
    const { db } = run.services;
    const settings = await readSettings(db);
    for (const provider of await listFinishedProviders(db)) await keepAliveAt({ ...run, tokens }, provider, settings);
  },
});

interface KeepAliveRun extends JobRun {
  readonly tokens: TokenVault;
}

/** The outcome of refreshing one grant. `connection`: every grant of the provider would fail alike. */
type Ended = { readonly kind: 'renewed' | 'gone' } | { readonly kind: 'own' | 'connection'; readonly error: AppError };

async function keepAliveAt(run: KeepAliveRun, provider: AuthProvider, settings: Settings): Promise<void> {
  const { services, log, signal } = run;
  const { db, now } = services;
  const at = now().getTime();
  const pending = await listIdleGrants(db, provider.id, {
    refreshedBefore: new Date(at - idleMs),
    failedBefore: new Date(at - failedAgoMs),
    now: new Date(at),
    take: mostPerRun,
    bound: boundPlace({ provider, settings }),
  });
  let renewed = 0;
  let strange = 0;
  let fault: AppError | undefined;

  async function work(): Promise<void> {
    for (;;) {
      if (signal.aborted || fault !== undefined) return;
      const idle = pending.shift();
      if (!idle) return;
      const ended = await renew(run, idle, { provider, settings });
      if (ended.kind === 'renewed') renewed += 1;
      if (ended.kind === 'own' || ended.kind === 'connection') {
        const isStrange = ended.kind === 'own' && !asksToReconnect(ended.error.code);
        strange = isStrange ? strange + 1 : strange;
        if (ended.kind === 'connection' || strange >= mostStrange) fault ??= ended.error;
      } else {
        strange = 0;
      }
    }
  }
  await Promise.all(Array.from({ length: atOnce }, work));
  // Once for the provider, without a user: the fault stops all of its grants.
  if (fault) await reportFault(run, 'keep-alive', fault);
  if (renewed > 0 || fault)
    log.info({ suffix: provider.urlSuffix, renewed, stopped: fault?.code }, 'grants kept alive');
}

async function renew(run: KeepAliveRun, idle: IdleGrant, start: PresentEndpoints): Promise<Ended> {
  const { services, tokens } = run;
  const { grant, username } = idle;
  const readUnmoved = async () => {
    const endpoints = await readEndpoints(services.db, grant.providerId);
    return endpoints && !isMoved(start, endpoints) ? endpoints : null;
  };
  // The run may take long. After a move the next one lists the grants for the present endpoints.
  const endpoints = await readUnmoved();
  if (!endpoints) return { kind: 'gone' };
  try {
    await recordKeptAlive(services.db, grant.id, services.now());
    // Worded as mail errors, as the mail portlet shows the failure.
    await tokens.renew({ purpose: 'mail', grant, ...endpoints });
    return { kind: 'renewed' };
  } catch (thrown) {
    const error =
      thrown instanceof UnsealError ? new AppError('sealed_value_unreadable', {}, { cause: thrown }) : thrown;
    if (!(error instanceof AppError)) throw error;
    // The user is revoking it, or authorizing again, at this very moment.
    const { isWithoutGrant, ofOneGrant } = catalogueEntry(error.code);
    if (isWithoutGrant) return { kind: 'gone' };
    if (!(await readUnmoved())) return { kind: 'gone' };
    // Argus is stopping: the next run tries it.
    if (error.code === 'shutting_down') return { kind: 'gone' };
    // Another app than theirs refuses all of them.
    const isOfAll = asksToReconnect(error.code) ? isOfOtherClient(grant, endpoints.provider) : !ofOneGrant;
    if (isOfAll) return { kind: 'connection', error };
    // So that the portlet and 認証設定 show why.
    await recordFailure(services.db, grant.id, { code: error.code, at: services.now() });
    await reportFault(run, 'keep-alive', error, { id: grant.accountId, username });
    return { kind: 'own', error };
  }
}
