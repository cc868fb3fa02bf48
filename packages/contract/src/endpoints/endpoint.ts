import type { TSchema } from 'typebox';
import type { ErrorCode } from '../error-catalogue.ts';

/** Who may call an endpoint. */
export type Access = 'public' | 'user' | 'admin';

/** What an endpoint leaves in the audit log. */
export type AuditAction =
  | 'sign_in'
  | 'sign_in_failed'
  | 'sign_in_blocked'
  | 'sign_out'
  | 'first_admin_created'
  | 'first_admin_failed'
  | 'password_changed'
  | 'password_check_failed'
  | 'password_set'
  | 'invitation_issued'
  | 'invitation_accepted'
  | 'invitation_failed'
  | 'user_created'
  | 'user_changed'
  | 'user_deleted'
  | 'settings_changed'
  | 'auth_provider_created'
  | 'auth_provider_changed'
  | 'auth_provider_deleted'
  | 'remote_site_created'
  | 'remote_site_changed'
  | 'remote_site_deleted'
  | 'account_link_created'
  | 'account_link_changed'
  | 'account_link_deleted'
  | 'auth_provider_switched'
  | 'authorize_endpoint_moved'
  | 'token_endpoint_moved'
  | 'mail_url_moved'
  | 'reauthenticated'
  | 'authorization_granted'
  | 'authorization_mismatch'
  | 'authorization_revoked'
  | 'sealed_value_refused'
  | 'csv_exported'
  | 'csv_import_begun'
  | 'csv_import_cancelled'
  | 'csv_import_failed'
  | 'csv_import_applied'
  | 'csv_import_undone'
  | 'connection_diagnosed';

/**
 * One endpoint of the API, declared once and imported on both sides. Its key in the map is "METHOD /path".
 * Every endpoint may also answer `session_missing`, `access_denied`, `request_invalid` and `internal_error`.
 */
export interface Endpoint {
  readonly summary: string;
  readonly tag: string;
  readonly access: Access;
  readonly params?: TSchema;
  readonly query?: TSchema;
  readonly body?: TSchema;
  /** Media type of a body that is no JSON; it has no schema. */
  readonly consumes?: 'application/octet-stream';
  /** Media type of a successful reply that is no JSON. */
  readonly produces?: 'text/csv';
  /** Reply schemas by status. */
  readonly replies: Readonly<Record<number, TSchema>>;
  readonly errors?: readonly ErrorCode[];
  readonly audit?: AuditAction;
}
