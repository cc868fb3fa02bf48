import type { DoctorRunView } from '@argus/contract/endpoints/diagnosis';
import type { Affected } from '@argus/contract/errors/mend-path';
import type { Language } from '@argus/contract/language';
import type { FastifyInstance } from 'fastify';
import { findAccount, findAccountByUsername } from '../accounts/records/accounts.ts';
import { audit } from '../audit/audit.ts';
import { endpoint } from '../platform/http/endpoint.ts';
import { viewerOf } from '../platform/http/viewer.ts';
import { AppError } from '../platform/problems/app-error.ts';
import { toProblem } from '../platform/problems/problem-json.ts';
import type { Services } from '../platform/services.ts';
import type { Doctor } from './doctor.ts';
import { type DoctorRun, type DoctorStep, findDoctorRun, listDoctorRuns } from './records/doctor-runs.ts';
import { errorOfStep, firstFailureOf, shownSteps, stateOf } from './run-state.ts';

const latest = 20;

/** 接続診断 */
export async function doctorRoutes(
  app: FastifyInstance,
  { db, now, doctor }: Services & { readonly doctor: Doctor },
): Promise<void> {
  endpoint(app, 'POST /api/admin/doctor-runs', async ({ body, request }) => {
    const { username, accountId } = body;
    const account = accountId
      ? await findAccount(db, accountId)
      : username !== null && (await findAccountByUsername(db, username));
    if (account === null) throw new AppError('not_found');
    const target = account ? { kind: 'account', id: account.id, name: account.username } : {};
    // An administrator who starts a run that is already active joins it, and nothing is recorded.
    const { run } = await doctor.start(account || null, viewerOf(request).username, (tx) =>
      audit(tx, request, 'connection_diagnosed', target),
    );
    return runView(run, account || null, now(), request.language);
  });

  endpoint(app, 'GET /api/admin/diagnosed-accounts/:id', async ({ params }) => {
    const account = await findAccount(db, params.id);
    if (!account) throw new AppError('not_found');
    return { id: account.id, username: account.username };
  });

  endpoint(app, 'GET /api/admin/doctor-runs', async ({ query }) => {
    const { username } = query;
    const account = username === undefined ? null : await findAccountByUsername(db, username);
    if (username !== undefined && !account) return { items: [] };
    const runs = await listDoctorRuns(db, { accountId: account?.id }, latest);
    return {
      items: runs.map((run) => ({
        id: run.id,
        state: stateOf(run, now()),
        username: run.username,
        presentUsername: run.presentUsername,
        startedBy: run.startedBy,
        startedAt: run.startedAt.toISOString(),
        firstFailure: firstFailureOf(run)?.id ?? null,
      })),
    };
  });

  endpoint(app, 'GET /api/admin/doctor-runs/:id', async ({ params, request }) => {
    const run = await findDoctorRun(db, params.id);
    if (!run) throw new AppError('not_found');
    const account = run.accountId === null ? null : await findAccount(db, run.accountId);
    return runView(run, account, now(), request.language);
  });
}

/** The steps as an administrator reads them. @param since when the run began */
export function stepViews(
  steps: readonly DoctorStep[],
  affected: Affected | null,
  since: Date,
  language: Language,
): DoctorRunView['steps'] {
  return steps.map((step) => ({
    id: step.id,
    state: step.state,
    latencyMs: step.latencyMs,
    reason: step.reason,
    facts: step.facts.map((fact) => ({ ...fact })),
    ...(step.state === 'failed'
      ? {
          problem: toProblem(
            { ...errorOfStep(step), occurredAt: new Date(step.failedAt ?? since), affected },
            language,
            true,
          ),
        }
      : {}),
  }));
}

function runView(run: DoctorRun, affected: Affected | null, now: Date, language: Language): DoctorRunView {
  const { id, username, accountId, startedBy, startedAt, endedAt } = run;
  return {
    id,
    state: stateOf(run, now),
    username,
    accountId,
    presentUsername: affected?.username ?? null,
    startedBy,
    startedAt: startedAt.toISOString(),
    endedAt: endedAt?.toISOString() ?? null,
    steps: stepViews(shownSteps(run, now), affected, startedAt, language),
    firstFailure: firstFailureOf(run)?.id ?? null,
  };
}
