import type { GuideRow } from './entry.ts';
import type { Known } from './known.ts';

/**
 * The reasons for an error, by what was known when it occurred: those that it refutes are left out, those that it makes
 * unlikely come last. The one rule for this, for every error and every reader.
 * @param known undefined where nobody looked: the reasons stay as they are
 */
export function likeliestFirst(reasons: readonly GuideRow[], known: readonly Known[] | undefined): readonly GuideRow[] {
  if (known === undefined) return reasons;
  const holds = (facts: readonly Known[] = []) => facts.some((fact) => known.includes(fact));
  const possible = reasons.filter(({ refutedBy }) => !holds(refutedBy));
  // Something is the reason, even if everything seems to be right.
  const left = possible.length > 0 ? possible : reasons;
  const isUnlikely = ({ unlikelyWith }: GuideRow) => holds(unlikelyWith);
  return [...left.filter((reason) => !isUnlikely(reason)), ...left.filter(isUnlikely)];
}
