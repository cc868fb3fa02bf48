import type { ErrorCauseView } from '@argus/contract/endpoints/triage/board';

type Grouped = Pick<ErrorCauseView, 'users' | 'recoveredUsers' | 'ofPresentProvider'>;

/** open: somebody may still meet it. recovered: all its users have fetched mail since. elsewhere: not at the provider in use. */
export type CauseGroup = 'open' | 'recovered' | 'elsewhere';
export const causeGroups = ['open', 'recovered', 'elsewhere'] as const satisfies readonly CauseGroup[];

export function groupOf({ users, recoveredUsers, ofPresentProvider }: Grouped): CauseGroup {
  if (!ofPresentProvider) return 'elsewhere';
  return users > 0 && recoveredUsers >= users ? 'recovered' : 'open';
}

export const isOpenCause = (cause: Grouped) => groupOf(cause) === 'open';
