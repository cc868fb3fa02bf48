import type { GuideRow } from './entry.ts';

/**
 * What Argus knows of its own settings and past when it meets an error. An answer is matched by it where one answer of
 * Microsoft has several causes, and reasons are ordered by it: no reader is sent to a setting that is right.
 *
 * `mail_path_*`: the path of 「URL」 is one that every mailbox has, or another. `mail_query_*`: 「URL」 has something
 * behind its ?, or nothing. `scopes_standard`: every one of デフォルトの範囲 is a documented name.
 * `scopes_with_mail`, `scopes_without_mail`: whether Argus asks for mail. `worked_before`: this user's mail was fetched
 * with the present settings. `name_unchanged`, `name_differs`: whether another account that signed in has the name of the
 * linked one.
 */
export type Known =
  | 'mail_path_standard'
  | 'mail_path_unusual'
  | 'mail_query_typed'
  | 'mail_query_none'
  | 'scopes_standard'
  | 'scopes_with_mail'
  | 'scopes_without_mail'
  | 'worked_before'
  | 'name_unchanged'
  | 'name_differs';

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
