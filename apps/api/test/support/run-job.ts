import { randomUUID } from 'node:crypto';
import { createTokenVault, type TokenVault } from '../../src/connection/grant-tokens.ts';
import { createTokenEndpoints } from '../../src/connection/oauth/token-client.ts';
import type { Job } from '../../src/platform/jobs/job.ts';
import type { TestArgus } from './build-app.ts';

/**
 * Runs a job once, as a scheduler in its own process would: it shares nothing in memory with the app. Returns the id
 * of the run.
 *
 * @param laterMs how far the job's clock is ahead; weeks of `advance` would end every session
 */
export async function runJob(
  argus: TestArgus,
  given: Job | ((tokens: TokenVault) => Job),
  { laterMs = 0, signal = new AbortController().signal }: { laterMs?: number; signal?: AbortSignal } = {},
): Promise<string> {
  const { app } = argus;
  const services = { ...argus.services, now: () => new Date(argus.services.now().getTime() + laterMs) };
  const runId = randomUUID();
  const tokens = createTokenVault(services, createTokenEndpoints(services, { leastRefreshMs: 1_000 }));
  const job = typeof given === 'function' ? given(tokens) : given;
  await job.run({ services, log: app.log.child({ job: job.name, reqId: runId }), runId, signal });
  return runId;
}
