import type { ErrorCauseView } from '@argus/contract/endpoints/triage/board';

/** What distinguishes incidents with the same code and title. */
export type Distinction = 'suffix' | 'origin';
const distinctions: readonly Distinction[] = ['suffix', 'origin'];

/** How an incident differs from others that look the same, by its id. An incident without a look-alike is absent. */
export function tellApart(causes: readonly ErrorCauseView[]): ReadonlyMap<number, readonly Distinction[]> {
  const alike = Map.groupBy(causes, ({ code, title, signature }) => JSON.stringify([code, title, signature]));
  return new Map(
    [...alike.values()]
      .filter((group) => group.length > 1)
      .flatMap((group) => {
        const differing = distinctions.filter((name) => new Set(group.map((cause) => cause[name])).size > 1);
        return group.map(({ id }) => [id, differing] as const);
      }),
  );
}
