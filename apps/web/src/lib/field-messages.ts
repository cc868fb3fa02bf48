import { ProblemError } from './api-client.ts';

/** The messages of a refused form by field; empty for any other error. */
export function fieldMessages(error: unknown): Readonly<Record<string, string>> {
  if (!(error instanceof ProblemError)) return {};
  return Object.fromEntries((error.problem.fields ?? []).map(({ field, message }) => [field, message]));
}
