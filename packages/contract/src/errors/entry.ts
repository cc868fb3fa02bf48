import type { Lines, Text } from '../language.ts';

/** Where in the product an error is met. */
export type Area = 'authorization' | 'mail' | 'csv' | 'portal';

/** Whether another try can help: at once, after a wait, after authorizing again, or not at all. */
export type Retry = 'no' | 'now' | 'later' | 'after_reconnect';

/**
 * Who can mend a cause: the user, an administrator of Argus, one of Microsoft Entra or Microsoft 365, Microsoft itself, or
 * whoever runs the server of Argus.
 */
export const menders = ['user', 'portal_admin', 'entra_admin', 'microsoft', 'operator'] as const;
export type Mender = (typeof menders)[number];

/** The screen on which an administrator mends a cause; the query names the field. */
export type MendAt =
  | '/admin/settings?field=authProviderUrlSuffix'
  | '/admin/settings?field=mailUrl'
  | '/admin/settings?field=totalTimeoutSeconds'
  | '/admin/settings?field=refreshIntervalSeconds'
  | '/admin/auth-providers?field=tokenEndpointUrl'
  | '/admin/auth-providers?field=authorizeEndpointUrl'
  | '/admin/auth-providers?field=consumerKey'
  | '/admin/auth-providers?field=consumerSecret'
  | '/admin/auth-providers?field=defaultScopes'
  | '/admin/auth-providers?field=issuer'
  | '/admin/remote-sites'
  | '/admin/account-links'
  | '/admin/users'
  | '/admin/error-events';

/** Where on its way a request meets an error. */
export const stages = [
  /** Argus' own configuration, before anything is called. */
  'configuration',
  /** The redirect back from Microsoft's sign-in page. */
  'redirect',
  /** The token endpoint. */
  'token',
  /** Who signed in, and whether that is the linked account. */
  'identity',
  /** Microsoft Graph's mail. */
  'mail',
  /** A CSV file. */
  'csv',
  /** Argus itself: sign-in, forms, the database. */
  'portal',
] as const;
export type Stage = (typeof stages)[number];

/**
 * Which call met the fact: the redirect back from the authorize endpoint, the token endpoint, Graph's /me while a user
 * authorizes, Graph while the portlet refreshes (its /me too).
 */
export type Call = 'authorize' | 'token' | 'identity' | 'mail';

/**
 * Facts by which an error is recognised: every field that is given holds, of a list one value. Never prose.
 * An entry may have several rules; among all rules of an area and call the most specific one that holds decides: AADSTS
 * numbers before Graph codes before suberrors before a claims challenge before OAuth errors before a path that Graph
 * cannot parse before an HTTP status before a class of them; among equals the one that asks for more.
 *
 * A redirect comes through the user's browser and carries its AADSTS numbers in prose alone. There a number only tells
 * apart what an OAuth error says already: rules of `authorize` with numbers name the errors they come with.
 */
export interface MatchRule {
  readonly call: Call;
  /** AADSTS numbers; of several in a reply the last one is asked first. */
  readonly aadsts?: readonly number[];
  /** The OAuth `error` (RFC 6749, 4.1.2.1 and 5.2). */
  readonly oauth?: readonly string[];
  /** Entra's `suberror`; of a redirect, `error_subcode`. */
  readonly suberror?: readonly string[];
  /** Graph's `error.code`, or one of its inner errors. */
  readonly graph?: readonly string[];
  /** HTTP statuses, or a class of them. */
  readonly status?: readonly number[] | '4xx' | '5xx';
  /** No complete reply: why. */
  readonly network?: readonly NetworkFault[];
  /** A claims challenge came along. */
  readonly claimsChallenge?: true;
  /** Graph cannot parse the path. */
  readonly segmentNotFound?: true;
  /** A reply that says success and cannot be read. */
  readonly malformed?: true;
}

/** Why there was no complete reply; the kinds of packages/egress. */
export type NetworkFault =
  | 'site_not_registered'
  | 'plain_http'
  | 'malformed_url'
  | 'origin_mismatch'
  | 'address_denied'
  | 'dns'
  | 'refused'
  | 'tls'
  | 'reset'
  | 'network'
  | 'timeout'
  | 'connect_timeout'
  | 'redirect'
  | 'truncated'
  | 'too_large'
  | 'protocol';

/**
 * One cause of an error, as the customer's guide words it. Shown to administrators only.
 * `condition` = 発生条件, `place` = 確認箇所, `remedy` = 対応方法.
 */
export interface Cause {
  /** The row of the customer's table, where the cause is one of its rows. */
  readonly row?: string;
  readonly condition: Text;
  readonly place?: Text;
  readonly remedy: Text;
  readonly mendAt?: MendAt;
  /** Who mends it, in the order in which they act. */
  readonly menders: readonly [Mender, ...Mender[]];
}

/** One entry of the error catalogue. */
export interface CatalogueEntry {
  /** The row of the customer's table, or the family name of ours. */
  readonly row?: string;
  readonly area: Area;
  readonly stage: Stage;
  /** Absent where Argus finds the error itself. */
  readonly match?: readonly MatchRule[];
  /** The class of these calls: what no rule of any entry recognises. One entry for each area and call. */
  readonly catchesAll?: readonly Call[];
  /** The one HTTP status of this code. */
  readonly status: number;
  readonly retry: Retry;
  /** How long to wait at least before another try, where `retry` is 'later' and nobody said how long. Seconds. */
  readonly retryAfterSeconds?: number;
  /** What everybody sees, line by line; `{name}` is filled from the error's parameters. */
  readonly message: Lines;
  /** Most likely cause first. */
  readonly causes: readonly Cause[];
  /** Ordinary states and mistyped forms are not faults: they get no error ID and are not kept in the error log. */
  readonly logged: boolean;
}
