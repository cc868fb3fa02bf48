import type { Call, CatalogueEntry, MatchRule } from '@argus/contract/errors/entry';
import { type ErrorCode, errorCatalogue } from '@argus/contract/errors/error-catalogue';
import type { UpstreamFact } from '@argus/microsoft/fact';

/** On which occasion Microsoft was called: it decides which of the customer's rows a fact becomes. */
export type Occasion = 'authorization' | 'mail';

/** What the catalogue makes of a fact. */
interface Matched {
  readonly code: ErrorCode;
  /** Microsoft answered something that no entry names: the code is that of its class. */
  readonly uncatalogued: boolean;
}

type Rule = readonly [rule: MatchRule, code: ErrorCode];

const entries = Object.entries(errorCatalogue) as [ErrorCode, CatalogueEntry][];

function rulesOf(occasion: Occasion, call: Call): readonly Rule[] {
  return entries
    .filter(([, entry]) => entry.area === occasion)
    .flatMap(([code, entry]) => (entry.match ?? []).map((rule): Rule => [rule, code]))
    .filter(([rule]) => rule.call === call);
}

function classOf(occasion: Occasion, call: Call): ErrorCode {
  const found = entries.find(([, entry]) => entry.area === occasion && entry.catchesAll?.includes(call));
  if (!found) throw new Error(`the catalogue has no class for ${occasion} at ${call}`);
  return found[0];
}

const calls: Readonly<Record<Occasion, readonly Call[]>> = {
  authorization: ['authorize', 'token', 'identity'],
  mail: ['token', 'mail'],
};
const tables = new Map(
  Object.entries(calls).flatMap(([occasion, ofOccasion]) =>
    ofOccasion.map((call) => [
      `${occasion} ${call}`,
      { rules: rulesOf(occasion as Occasion, call), otherwise: classOf(occasion as Occasion, call) },
    ]),
  ),
);

const allRules = entries.flatMap(([, entry]) => entry.match ?? []);
const knownNumbers = new Set(allRules.flatMap((rule) => rule.aadsts ?? []));
const knownGraphCodes = new Set(allRules.flatMap((rule) => rule.graph ?? []));

/** The call of a catalogue rule that a fact belongs to. While mail is fetched, `/me` is one of the calls to Graph. */
function callOf(fact: UpstreamFact, occasion: Occasion): Call {
  if (fact.stage === 'token') return 'token';
  return occasion === 'mail' ? 'mail' : 'identity';
}

/** The entry of the catalogue for what Microsoft, or the way there, answered. Pure; by codes and structure alone. */
export function matchFact(fact: UpstreamFact, occasion: Occasion, call: Call = callOf(fact, occasion)): Matched {
  const table = tables.get(`${occasion} ${call}`);
  if (!table) throw new Error(`${occasion} never calls ${call}`);
  let best: { readonly weight: number; readonly code: ErrorCode } | undefined;
  for (const [rule, code] of table.rules) {
    const weight = weightOf(rule, fact);
    if (weight !== undefined && (best === undefined || weight > best.weight)) best = { weight, code };
  }
  const unknown =
    (fact.errorCodes ?? []).some((number) => !knownNumbers.has(number)) ||
    (fact.graphCodes ?? []).some((code) => !knownGraphCodes.has(code));
  return { code: best?.code ?? table.otherwise, uncatalogued: fact.kind === 'http' && (unknown || !best) };
}

/** Each kind of field outweighs all kinds after it, whatever place in a list of the reply it has. */
const weights = {
  aadsts: 7_000,
  graph: 6_000,
  suberror: 5_000,
  claimsChallenge: 4_000,
  oauth: 3_000,
  segmentNotFound: 2_000,
  status: 1_000,
  statusClass: 500,
} as const;

/** How specific a rule is about a fact; undefined where it does not hold. */
function weightOf(rule: MatchRule, fact: UpstreamFact): number | undefined {
  if (rule.network) {
    const kind = fact.kind === 'egress' ? fact.egress?.kind : undefined;
    return kind !== undefined && rule.network.includes(kind) ? 0 : undefined;
  }
  if (rule.malformed) return fact.kind === 'malformed' ? 0 : undefined;
  if (fact.kind !== 'http') return undefined;
  const found: (number | undefined)[] = [];
  // Of several numbers or codes in a reply the last one says most.
  if (rule.aadsts) found.push(placed(weights.aadsts, rule.aadsts, fact.errorCodes));
  if (rule.graph) found.push(placed(weights.graph, rule.graph, fact.graphCodes));
  if (rule.suberror) found.push(placed(weights.suberror, rule.suberror, listOf(fact.suberror)));
  if (rule.claimsChallenge) found.push(fact.hasClaimsChallenge ? weights.claimsChallenge : undefined);
  if (rule.oauth) found.push(placed(weights.oauth, rule.oauth, listOf(fact.oauthError)));
  if (rule.segmentNotFound) found.push(fact.graphSegmentNotFound ? weights.segmentNotFound : undefined);
  if (rule.status) found.push(statusWeight(rule.status, fact.status));
  if (found.length === 0 || found.includes(undefined)) return undefined;
  // Among equals the rule that asks for more wins.
  return Math.max(...(found as number[])) + found.length / 100;
}

function placed<T>(weight: number, wanted: readonly T[], given: readonly T[] | undefined): number | undefined {
  const place = (given ?? []).findLastIndex((value) => wanted.includes(value));
  return place < 0 ? undefined : weight + place;
}

function statusWeight(wanted: NonNullable<MatchRule['status']>, status: number | undefined): number | undefined {
  if (status === undefined) return undefined;
  if (typeof wanted !== 'string') return wanted.includes(status) ? weights.status : undefined;
  const inClass = wanted === '4xx' ? status >= 400 && status < 500 : status >= 500;
  return inClass ? weights.statusClass : undefined;
}

function listOf<T>(value: T | undefined): readonly T[] {
  return value === undefined ? [] : [value];
}
