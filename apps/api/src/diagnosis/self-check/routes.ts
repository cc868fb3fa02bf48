import type { SelfCheckView } from '@argus/contract/endpoints/diagnosis';
import { catalogueEntry } from '@argus/contract/errors/error-catalogue';
import { present } from '@argus/fields/present';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { standingErrorIds } from '../../error-log/records/error-events.ts';
import { endpoint } from '../../platform/http/endpoint.ts';
import { viewerOf } from '../../platform/http/viewer.ts';
import { AppError } from '../../platform/problems/app-error.ts';
import { toProblem } from '../../platform/problems/problem-json.ts';
import type { Services } from '../../platform/services.ts';
import type { Doctor } from '../doctor.ts';
import {
  claimReport,
  type DoctorRun,
  findDoctorRun,
  listDoctorRuns,
  reportClaim,
  saveReport,
} from '../records/doctor-runs.ts';
import { errorOfStep, firstFailureOf, shownSteps, stateOf } from '../run-state.ts';
import { selfCheckText } from './text.ts';

/** An earlier repeat gets the last result: each check calls Microsoft, as 再読み込み does. */
const atMostEveryMs = 5_000;

/** 接続診断 of one's own connection. */
export async function selfCheckRoutes(
  app: FastifyInstance,
  { db, now, doctor }: Services & { readonly doctor: Doctor },
): Promise<void> {
  endpoint(app, 'POST /api/authorization/self-checks', async ({ request }) => {
    const viewer = viewerOf(request);
    const [latest] = await listDoctorRuns(db, { accountId: viewer.id }, 1);
    if (latest && (await isFresh(latest, viewer.id))) return selfCheckView(await reported(latest, request), request);
    const { run } = await doctor.start(viewer, viewer.username);
    return selfCheckView(run, request);
  });

  endpoint(app, 'GET /api/authorization/self-checks/:id', async ({ params, request }) => {
    const run = await findDoctorRun(db, params.id);
    if (!run || run.accountId !== viewerOf(request).id) throw new AppError('not_found');
    return selfCheckView(await reported(run, request), request);
  });

  /** Whether a run is too recent to repeat: less than five seconds old, and about the present connection. */
  async function isFresh(run: DoctorRun, accountId: string): Promise<boolean> {
    const { startedAt, endedAt } = run;
    if (endedAt === null || now().getTime() - startedAt.getTime() >= atMostEveryMs) return false;
    return doctor.describesPresent(run, accountId);
  }

  /** Logs the first failure in the error log once, however often the result is read. */
  async function reported(run: DoctorRun, request: FastifyRequest): Promise<DoctorRun> {
    const failure = firstFailureOf(run);
    if (run.endedAt === null || !failure || run.errorId !== null) return run;
    const error = errorOfStep(failure);
    if (!catalogueEntry(error.code).logged) return run;
    if (!(await claimReport(db, run.id))) return { ...run, errorId: reportClaim };
    const { errorId = null } = await request.reportProblem(error);
    await saveReport(db, run.id, errorId);
    return { ...run, errorId };
  }

  async function selfCheckView(run: DoctorRun, { language }: FastifyRequest): Promise<SelfCheckView> {
    const at = now();
    // Another process is writing the error ID that the text must name; if that process died, the lease limits the
    // wait.
    const isReporting = run.errorId === reportClaim && run.leaseUntil > at;
    const state = isReporting ? 'running' : stateOf(run, at);
    const failure = firstFailureOf(run);
    const { endedAt } = run;
    const [errorId] = await standingErrorIds(db, [run.errorId]);
    const problem =
      state === 'ended' && failure && endedAt
        ? toProblem(
            {
              ...errorOfStep(failure),
              errorId,
              occurredAt: endedAt,
            },
            language,
            false,
          )
        : undefined;
    return {
      id: run.id,
      state,
      startedAt: run.startedAt.toISOString(),
      endedAt: state === 'ended' ? (endedAt?.toISOString() ?? null) : null,
      steps: shownSteps(run, at).map((step) => ({ id: step.id, state: step.state })),
      ...present({ problem }),
      helpDeskText: state === 'ended' && endedAt ? selfCheckText(run.steps, endedAt, problem, language) : null,
    };
  }
}
