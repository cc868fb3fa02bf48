import type { MatchRule, MicrosoftCall } from '@argus/contract/errors/entry';
import {
  catalogueEntry,
  type ErrorCode,
  type MicrosoftPurpose,
  microsoftPurposes,
  purposeErrors,
} from '@argus/contract/errors/error-catalogue';
import type { Known } from '@argus/contract/errors/known';
import { codeOf } from '@argus/contract/errors/public-code';
import type { UpstreamFact } from '@argus/microsoft/fact';

/** The catalogue's match for a fact. */
interface Matched {
  /** The cause, independent of the purpose: `secret_wrong`. */
  readonly cause: string;
  /** The reported code: purpose and cause. */
  readonly code: ErrorCode;
  /** No cause matches Microsoft's answer: `cause` is the fallback for this kind of call. */
  readonly uncatalogued: boolean;
}

interface RuleTable {
  readonly rules: readonly (readonly [rule: MatchRule, cause: string])[];
  /** The cause of anything that no rule recognises. */
  readonly otherwise: string;
}

function causesOf(purpose: MicrosoftPurpose) {
  return Object.keys(purposeErrors[purpose].causes).map((cause) => {
    const { match = [], catchesAll = [] } = catalogueEntry(codeOf(purpose, cause) as ErrorCode);
    return { cause, match, catchesAll };
  });
}

function tableOf(purpose: MicrosoftPurpose, call: MicrosoftCall): RuleTable {
  const causes = causesOf(purpose);
  const otherwise = causes.find(({ catchesAll }) => catchesAll.includes(call))?.cause;
  if (otherwise === undefined) throw new Error(`${purpose} has no class for ${call}`);
  const rules = causes.flatMap(({ cause, match }) => match.map((rule) => [rule, cause] as const));
  return { rules: rules.filter(([rule]) => rule.call === call), otherwise };
}

const tables = new Map(
  microsoftPurposes.flatMap((purpose) =>
    purposeErrors[purpose].calls.map((call) => [`${purpose} ${call}`, tableOf(purpose, call)] as const),
  ),
);

const allRules = microsoftPurposes.flatMap((purpose) => causesOf(purpose).flatMap(({ match }) => match));
const knownNumbers = new Set(allRules.flatMap((rule) => rule.aadsts ?? []));
const knownGraphCodes = new Set(allRules.flatMap((rule) => rule.graph ?? []));

/** The call whose catalogue rules apply to a fact. Outside the authorization, `/me` counts as a Graph call. */
function callOf(fact: UpstreamFact, purpose: MicrosoftPurpose): MicrosoftCall {
  if (fact.call === 'token') return 'token';
  if (fact.call === 'authorize') return 'authorize';
  return purpose === 'authorization' ? 'identity' : 'graph';
}

/**
 * The cause of an answer from Microsoft, or of a network failure on the way. Pure; decides by codes and structure
 * only.
 * @param purpose why Microsoft was called: it decides which causes exist, and their wording
 * @param known what Argus knows of its own settings; it decides between causes of the same answer
 */
export function matchFact(fact: UpstreamFact, purpose: MicrosoftPurpose, known: readonly Known[] = []): Matched {
  const call = callOf(fact, purpose);
  const table = tables.get(`${purpose} ${call}`);
  if (!table) throw new Error(`${purpose} never calls ${call}`);
  let best: { readonly fit: Fit; readonly cause: string } | undefined;
  for (const [rule, cause] of table.rules) {
    const fit = fitOf(rule, fact, known);
    if (fit && (best === undefined || isCloser(fit, best.fit))) best = { fit, cause };
  }
  const unknown =
    (fact.errorCodes ?? []).some((number) => !knownNumbers.has(number)) ||
    (fact.graphCodes ?? []).some((code) => !knownGraphCodes.has(code));
  const cause = best?.cause ?? table.otherwise;
  return {
    cause,
    code: codeOf(purpose, cause) as ErrorCode,
    uncatalogued: fact.kind === 'http' && (unknown || !best),
  };
}

/** The conditions of a rule, from least to most specific. */
const tellings = [
  'statusClass',
  'status',
  'literal',
  'oauth',
  'claimsChallenge',
  'suberror',
  'graph',
  'aadsts',
] as const;

/**
 * How specifically a rule matches a fact, compared from left to right: its most specific condition; the position
 * matched in a list of the reply (of several numbers or codes, the last is the most specific); and how much it asks: the
 * reply's conditions, and then what Argus knows.
 */
type Fit = readonly [telling: number, place: number, asked: number];

function isCloser(one: Fit, other: Fit): boolean {
  const decisive = one.findIndex((value, index) => value !== other[index]);
  return decisive >= 0 && (one[decisive] ?? 0) > (other[decisive] ?? 0);
}

/** How specifically a rule matches a fact; undefined where it does not match. */
function fitOf(rule: MatchRule, fact: UpstreamFact, known: readonly Known[]): Fit | undefined {
  if (rule.knows && !rule.knows.every((each) => known.includes(each))) return undefined;
  if (rule.network) {
    const kind = fact.kind === 'egress' ? fact.egress?.kind : undefined;
    return kind !== undefined && rule.network.includes(kind) ? [0, 0, 1] : undefined;
  }
  if (rule.malformed) return fact.kind === 'malformed' ? [0, 0, 1] : undefined;
  if (fact.kind !== 'http') return undefined;
  const met: [telling: (typeof tellings)[number], place: number][] = [];
  if (rule.aadsts) met.push(['aadsts', placeOf(rule.aadsts, fact.errorCodes)]);
  if (rule.graph) met.push(['graph', placeOf(rule.graph, fact.graphCodes)]);
  if (rule.suberror) met.push(['suberror', placeOf(rule.suberror, listOf(fact.suberror))]);
  if (rule.claimsChallenge) met.push(['claimsChallenge', fact.hasClaimsChallenge ? 0 : notMet]);
  if (rule.oauth) met.push(['oauth', placeOf(rule.oauth, listOf(fact.oauthError))]);
  if (rule.segmentNotFound) met.push(['literal', fact.graphSegmentNotFound ? 0 : notMet]);
  if (rule.defaultFolderMissing) met.push(['literal', fact.defaultFolderMissing ? 0 : notMet]);
  if (typeof rule.status === 'string') met.push(['statusClass', isOfClass(rule.status, fact.status) ? 0 : notMet]);
  else if (rule.status) met.push(['status', placeOf(rule.status, listOf(fact.status))]);
  if (met.length === 0 || met.some(([, place]) => place === notMet)) return undefined;
  const numbers = (fact.errorCodes ?? []).length > 0 ? 'some' : 'none';
  if (rule.numbers && rule.numbers !== numbers) return undefined;
  const asked = 2 * met.length + (rule.knows || rule.numbers ? 1 : 0);
  const fits = met.map(([telling, place]): Fit => [tellings.indexOf(telling), place, asked]);
  return fits.reduce((closest, fit) => (isCloser(fit, closest) ? fit : closest));
}

const notMet = -1;

function placeOf<T>(wanted: readonly T[], given: readonly T[] | undefined): number {
  return (given ?? []).findLastIndex((value) => wanted.includes(value));
}

function isOfClass(wanted: '4xx' | '5xx', status = 0): boolean {
  return wanted === '4xx' ? status >= 400 && status < 500 : status >= 500;
}

function listOf<T>(value: T | undefined): readonly T[] {
  return value === undefined ? [] : [value];
}
