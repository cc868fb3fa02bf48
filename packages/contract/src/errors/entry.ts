import type { Lines, Text } from '../language.ts';
import type { Mender, Purpose } from './labels.ts';

/** Whether another try can help, as a problem tells it: at once, after a wait, after authorizing again, or not at all. */
export type Retry = 'no' | 'now' | 'later' | 'after_reconnect';

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

/**
 * Where on its way a purpose meets an error. `settings`: Argus looks at what is configured before it calls anything.
 * `authorize`: the redirect back from Microsoft's sign-in page. `token`: the token endpoint. `identity`: who signed in, by
 * Graph's /me while a user authorizes. `graph`: what the purpose is about, its own look at /me among it.
 */
export type Call = 'settings' | MicrosoftCall;
export type MicrosoftCall = 'authorize' | 'token' | 'identity' | 'graph';

/**
 * Facts by which an error is recognised: every field that is given holds, of a list one value. Never prose.
 * An entry may have several rules; among all rules of a purpose and call the most specific one that holds decides: AADSTS
 * numbers before Graph codes before suberrors before a claims challenge before OAuth errors before a path that Graph
 * cannot parse before an HTTP status before a class of them; among equals the one that asks for more.
 *
 * A redirect comes through the user's browser and carries its AADSTS numbers in prose alone. There a number only tells
 * apart what an OAuth error says already: rules of `authorize` with numbers name the errors they come with.
 */
export interface MatchRule {
  readonly call: MicrosoftCall;
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
 * One reason why an error may have happened, as the customer's guide words it. Shown to administrators only.
 * `condition` = 発生条件, `place` = 確認箇所, `remedy` = 対応方法.
 */
export interface GuideRow {
  /** The row of the customer's table, where it is one of its rows. */
  readonly row?: string;
  readonly condition: Text;
  readonly place?: Text;
  readonly remedy: Text;
  readonly mendAt?: MendAt;
  /** Who mends it, in the order in which they act. */
  readonly menders: readonly [Mender, ...Mender[]];
}

/**
 * What the code does about an error, by name: nothing is concluded from a code, a text, `retry` or a path. Most errors have
 * none of it.
 */
export interface Behaviour {
  /** The grant serves no more: nothing but another authorization by the user helps. */
  readonly endsGrant?: true;
  /** It concerns the grant that met it; the other grants of the provider may be in order. */
  readonly ofOneGrant?: true;
  /** There is no grant (any more): the user has not authorized, or has revoked it. */
  readonly isWithoutGrant?: true;
  /** It is about the consumer secret: administrators are told when that expires. */
  readonly aboutSecret?: true;
  /** Microsoft said that the same request will do later; until then it is not asked again. */
  readonly transient?: true;
  /** Microsoft asked to be called less: until the time it named nothing of this user is fetched. */
  readonly pausesCalls?: true;
  /** What is kept of Microsoft's may no longer be this user's: it is deleted instead of shown. */
  readonly hidesKeptData?: true;
  /** The user is linked to no Microsoft account: they are given a text for their administrator. */
  readonly asksForLink?: true;
  /** An origin may be missing in the remote sites: administrators can add it where they read the error. */
  readonly aboutRemoteSite?: true;
  /** Another account than the linked one signed in or authorized: the user is offered to choose. */
  readonly offersOtherAccount?: true;
  /** The URL suffix comes from the address that somebody opened, and tells no causes apart. */
  readonly suffixFromAddress?: true;
  /** Nobody foresaw it: the log has what was thrown. */
  readonly unforeseen?: true;
}

/** What a purpose says where its causes leave a gap. */
export interface Words {
  /** First line of the message: what failed. */
  readonly failed: Text;
  /** Last line where the user authorizes again. */
  readonly again: Text;
  /** Last line where waiting helps. */
  readonly later: Text;
  readonly timedOut: Text;
  /** What is fetched, as in 「メール」サーバ. */
  readonly data: Text;
  /** What a user who authorizes will see, as in 「新着メール」を表示するには; unless given, it is called like `data`. */
  readonly shown?: Text;
}

/**
 * What helps against a cause: nothing but mending it (`no`), another try at once (`now`) or after a wait (`later`), another
 * authorization by the user (`reconnect`), or that one after somebody has mended the cause (`mend_and_reconnect`).
 */
export type Help = 'no' | 'now' | 'later' | 'reconnect' | 'mend_and_reconnect';

/** Why something fails, whatever it was for. A purpose makes a public error of it, with its own words. */
export interface Cause extends Behaviour {
  /** The row of the customer's table, or the family name of ours; the purpose gives it. */
  readonly row?: string;
  /** Where it is met, unless its rules say so. */
  readonly call?: Call;
  /** The facts by which it is recognised, of all calls; a purpose takes those of the calls that it makes. */
  readonly match?: readonly MatchRule[];
  /** The class of these calls: what no rule of any cause recognises. One for each purpose and call. */
  readonly catchesAll?: readonly MicrosoftCall[];
  readonly retry: Help;
  /** The HTTP status, unless it is the ordinary one: 503 for `later`; 502; 409 where a grant in use has to be given anew. */
  readonly status?: number;
  /** How long to wait at least, where `retry` is 'later' and nobody said how long. Seconds; 30 unless given. */
  readonly retryAfterSeconds?: number;
  /** What went wrong, as it stands behind 「エラー：」 between the words of the purpose. */
  readonly says?: Text | ((words: Words) => Text);
  /** The whole message, where `says` does not make it. `{name}` is filled from the error's parameters. */
  readonly message?: Lines | ((words: Words) => Lines);
  /** Most likely reason first. */
  readonly guide: readonly GuideRow[] | ((words: Words) => readonly GuideRow[]);
  /** What the customer's guide says of the row, in its own words; it comes last, as it also covers other causes. */
  readonly tableGuide?: Omit<GuideRow, 'row'>;
  /** Ordinary states and mistyped forms are not faults: they get no error ID and are not kept in the error log. */
  readonly logged?: false;
}

export type Causes = Readonly<Record<string, Cause>>;

/** One entry of the error catalogue: a cause, as a purpose meets it. */
export interface CatalogueEntry extends Behaviour {
  readonly row?: string;
  readonly purpose: Purpose;
  /** Absent where no call is on its way: a form, a file, Argus itself. */
  readonly call?: Call;
  /** Absent where Argus finds the error itself. */
  readonly match?: readonly MatchRule[];
  readonly catchesAll?: readonly MicrosoftCall[];
  /** The one HTTP status of this code. */
  readonly status: number;
  readonly retry: Retry;
  /** How long to wait at least before another try, where `retry` is 'later' and nobody said how long. Seconds. */
  readonly retryAfterSeconds?: number;
  /** What everybody sees, line by line; `{name}` is filled from the error's parameters. */
  readonly message: Lines;
  /** The rows of the guide, called causes over the API. Most likely one first. */
  readonly causes: readonly GuideRow[];
  readonly logged: boolean;
}
