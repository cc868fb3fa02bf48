import type { ErrorCauseView } from '@argus/contract/endpoints/triage/board';

/** What tells causes with the same code and title apart. */
export type Distinction = 'suffix' | 'origin';
const distinctions: readonly Distinction[] = ['suffix', 'origin'];

/** By the id of a cause: what another cause that looks the same has otherwise. A cause without a look-alike is not there. */
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
