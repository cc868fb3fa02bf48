import type { Lines, Text } from '../language.ts';
import type { Known } from './known.ts';
import type { Mender, Purpose } from './labels.ts';

/**
 * Whether another try can help, as a problem states it: at once, after a wait, after authorizing again, or not at
 * all.
 */
export type Retry = 'no' | 'now' | 'later' | 'after_reconnect';

/** The screen on which an administrator fixes a cause; the query names the field. */
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
  | '/admin/auth-providers?field=adminConsent'
  | '/admin/remote-sites'
  | '/admin/account-links'
  | '/admin/users'
  | '/admin/alerts'
  | '/admin/error-events';

/**
 * Where a purpose encounters an error. `settings`: Argus checks its configuration before any call. `authorize`: the
 * redirect back from Microsoft's sign-in page. `token`: the token endpoint. `identity`: who signed in, by Graph's /me
 * during authorization. `graph`: the purpose's main call, including its own call to /me.
 */
export type Call = 'settings' | MicrosoftCall;
export type MicrosoftCall = 'authorize' | 'token' | 'identity' | 'graph';

/**
 * Facts that identify an error: every given field must match, a list by one of its values. Never prose. An entry may
 * have several rules; among all rules of a purpose and call the most specific match decides, in this order: AADSTS
 * numbers, Graph codes, suberrors, a claims challenge, OAuth errors, a literal of Graph's messages, an HTTP status, a
 * class of statuses; among equals the rule with more conditions, and then the one that asks what Argus knows.
 *
 * A redirect comes through the user's browser and carries its AADSTS numbers only in prose. There a number may only
 * refine an OAuth error: rules of `authorize` with numbers also name the errors they come with.
 */
export interface MatchRule {
  readonly call: MicrosoftCall;
  /** AADSTS numbers; of several in a reply the last is matched first. */
  readonly aadsts?: readonly number[];
  /** The OAuth `error` (RFC 6749, 4.1.2.1 and 5.2). */
  readonly oauth?: readonly string[];
  /** Entra's `suberror`; of a redirect, `error_subcode`. */
  readonly suberror?: readonly string[];
  /** Graph's `error.code`, or one of its inner errors. */
  readonly graph?: readonly string[];
  /** HTTP statuses, or a class of them. */
  readonly status?: readonly number[] | '4xx' | '5xx';
  /** Why there was no complete reply. */
  readonly network?: readonly NetworkFault[];
  /** The reply has a claims challenge. */
  readonly claimsChallenge?: true;
  /** Graph names a segment of the path that it does not have. */
  readonly segmentNotFound?: true;
  /** Exchange Online finds none of the folders that every mailbox has. */
  readonly defaultFolderMissing?: true;
  /** Whether the reply has AADSTS numbers at all. */
  readonly numbers?: 'none' | 'some';
  /** A success reply that cannot be read. */
  readonly malformed?: true;
  /** What Argus has to know besides: one answer may have several causes. */
  readonly knows?: readonly Known[];
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
  | 'proxy_unreachable'
  | 'proxy_credentials'
  | 'proxy_refused'
  | 'proxy_upstream'
  | 'proxy_timeout'
  | 'proxy_tls'
  | 'timeout'
  | 'connect_timeout'
  | 'redirect'
  | 'truncated'
  | 'too_large'
  | 'protocol';

/**
 * One possible reason for an error, in the words of the customer's guide. Shown only to administrators. `condition` =
 * 発生条件, `place` = 確認箇所, `remedy` = 対応方法.
 */
export interface GuideRow {
  /** The row of the customer's table, if it has one. */
  readonly row?: string;
  readonly condition: Text;
  readonly place?: Text;
  readonly remedy: Text;
  readonly mendAt?: MendAt;
  /** The owners of the fix, in the order in which they act. */
  readonly menders: readonly [Mender, ...Mender[]];
  /** Any of these makes it impossible: it is left out. */
  readonly refutedBy?: readonly Known[];
  /** Any of these makes it unlikely: it comes last. */
  readonly unlikelyWith?: readonly Known[];
}

/**
 * What the code does about an error, by name: nothing is inferred from a code, a text, `retry` or a path. Most errors
 * have none of it.
 */
export interface Behaviour {
  /** The grant is unusable: only another authorization by the user helps. */
  readonly endsGrant?: true;
  /**
   * With `endsGrant`: Microsoft says that the refresh token itself is of no more use, and it is deleted. Otherwise
   * Microsoft refuses the user, the device or the app: once that is fixed the same token works again, so it is kept.
   */
  readonly endsTokens?: true;
  /** A new access token did not help: for a while none is fetched ahead of time because of it. */
  readonly outlastsRefresh?: true;
  /** It concerns only the grant that encountered it; the provider's other grants may be fine. */
  readonly ofOneGrant?: true;
  /** There is no grant (any more): the user has not authorized, or has revoked it. */
  readonly isWithoutGrant?: true;
  /** It is about the consumer secret: administrators see its expiry. */
  readonly aboutSecret?: true;
  /** Microsoft said that the same request will succeed later; until then it is not repeated. */
  readonly transient?: true;
  /** Microsoft refused a refresh without a reason, for the first time: the grant stays, and is tried once more after the wait. */
  readonly isFirstRefusal?: true;
  /** Microsoft throttles: nothing is fetched for this user until the time it named. */
  readonly pausesCalls?: true;
  /** Stored data from Microsoft may no longer belong to this user: it is deleted instead of shown. */
  readonly hidesKeptData?: true;
  /** No Microsoft account is linked to the user: the screen offers a text for the administrator. */
  readonly asksForLink?: true;
  /** An origin may be missing from the remote sites: administrators can add it where they read the error. */
  readonly aboutRemoteSite?: true;
  /** The user themselves ended the sign-in at Microsoft. */
  readonly declinedByUser?: true;
  /** The user signed in with an account other than the linked one: they can choose another. */
  readonly offersOtherAccount?: true;
  /** The URL suffix comes from the address that somebody opened, and does not separate incidents. */
  readonly suffixFromAddress?: true;
  /** Unforeseen: the log has the thrown error. */
  readonly unforeseen?: true;
}

/** A purpose's wording for the gaps in its causes' texts. */
export interface Words {
  /** First line of the message: what failed. */
  readonly failed: Text;
  /** Last line where authorizing again helps. */
  readonly again: Text;
  /** Last line where waiting helps. */
  readonly later: Text;
  readonly timedOut: Text;
  /** What is fetched, as in 「メール」サーバ. */
  readonly data: Text;
  /** What the user sees after authorizing, as in 「新着メール」を表示するには; default: `data`. */
  readonly shown?: Text;
}

/**
 * What helps against a cause: only fixing it (`no`), another try at once (`now`) or after a wait (`later`), another
 * authorization by the user (`reconnect`), or that after somebody has fixed the cause (`mend_and_reconnect`).
 */
export type Help = 'no' | 'now' | 'later' | 'reconnect' | 'mend_and_reconnect';

/** Why something fails, independent of the purpose. A purpose turns it into a public error with its own words. */
export interface Cause extends Behaviour {
  /** The row of the customer's table, or the family name of our own; the purpose sets it. */
  readonly row?: string;
  /** Where it occurs, unless its rules say so. */
  readonly call?: Call;
  /** The facts that identify it, for all calls; a purpose uses those of the calls that it makes. */
  readonly match?: readonly MatchRule[];
  /** The fallback of these calls: anything that no cause's rule recognises. One for each purpose and call. */
  readonly catchesAll?: readonly MicrosoftCall[];
  readonly retry: Help;
  /**
   * The HTTP status, unless it is the default: 503 for `later`; 409 where an existing grant must be given again;
   * otherwise 502.
   */
  readonly status?: number;
  /** The minimum wait, where `retry` is 'later' and nobody named another. Seconds; default 30. */
  readonly retryAfterSeconds?: number;
  /** What went wrong, as shown after 「エラー：」 between the purpose's words. */
  readonly says?: Text | ((words: Words) => Text);
  /** The whole message, where `says` does not produce it. `{name}` is filled from the error's parameters. */
  readonly message?: Lines | ((words: Words) => Lines);
  /** Most likely reason first. */
  readonly guide: readonly GuideRow[] | ((words: Words) => readonly GuideRow[]);
  /** What the customer's guide says about the row, in its own words; it comes last, as it also covers other causes. */
  readonly tableGuide?: Omit<GuideRow, 'row'>;
  /** Expected states and mistyped forms are not faults: they get no error ID and are not logged. */
  readonly logged?: false;
}

export type Causes = Readonly<Record<string, Cause>>;

/** One entry of the error catalogue: a cause, for one purpose. */
export interface CatalogueEntry extends Behaviour {
  readonly row?: string;
  readonly purpose: Purpose;
  /** Absent where there is no call: a form, a file, Argus itself. */
  readonly call?: Call;
  /** Absent where Argus detects the error itself. */
  readonly match?: readonly MatchRule[];
  readonly catchesAll?: readonly MicrosoftCall[];
  /** The one HTTP status of this code. */
  readonly status: number;
  readonly retry: Retry;
  /** The minimum wait before another try, where `retry` is 'later' and nobody named another. Seconds. */
  readonly retryAfterSeconds?: number;
  /** What every user sees, line by line; `{name}` is filled from the error's parameters. */
  readonly message: Lines;
  /** The rows of the guide, named `causes` in the API. Most likely one first. */
  readonly causes: readonly GuideRow[];
  readonly logged: boolean;
}
