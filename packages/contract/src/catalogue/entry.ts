import type { Lines, Text } from '../language.ts';

/** Where in the product an error is met. */
export type Area = 'authorization' | 'mail' | 'csv' | 'portal';

/** Whether another try can help: at once, after a wait, after authorizing again, or not at all. */
export type Retry = 'no' | 'now' | 'later' | 'after_reconnect';

/** The screen on which an administrator mends a cause; the query names the field. */
export type MendAt =
  | '/admin/settings?field=authProviderUrlSuffix'
  | '/admin/settings?field=mailUrl'
  | '/admin/settings?field=totalTimeoutSeconds'
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
}

/** One entry of the error catalogue. */
export interface CatalogueEntry {
  /** The row of the customer's table, or the family name of ours. */
  readonly row?: string;
  readonly area: Area;
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
