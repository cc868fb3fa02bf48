type AccountsAction =
  | 'sign_in'
  | 'sign_in_failed'
  | 'sign_in_blocked'
  | 'sign_out'
  | 'first_admin_created'
  | 'first_admin_failed'
  | 'password_changed'
  | 'password_check_failed'
  | 'reauthenticated'
  | 'invitation_accepted'
  | 'invitation_failed';

type UsersAction = 'user_created' | 'user_changed' | 'user_deleted' | 'password_set' | 'invitation_issued';

type ConnectionAction =
  | 'settings_changed'
  | 'auth_provider_created'
  | 'auth_provider_changed'
  | 'auth_provider_deleted'
  | 'auth_provider_switched'
  | 'authorize_endpoint_moved'
  | 'token_endpoint_moved'
  | 'mail_url_moved'
  | 'remote_site_created'
  | 'remote_site_changed'
  | 'remote_site_deleted'
  | 'account_link_created'
  | 'account_link_changed'
  | 'account_link_deleted'
  | 'account_pin_cleared'
  | 'authorization_granted'
  | 'authorization_mismatch'
  | 'authorization_revoked'
  | 'sealed_value_refused';

type ImportsAction =
  | 'csv_exported'
  | 'csv_import_begun'
  | 'csv_import_cancelled'
  | 'csv_import_failed'
  | 'csv_import_applied'
  | 'csv_import_undone';

type DiagnosisAction = 'connection_diagnosed' | 'connection_tried';

type AlertsAction =
  | 'alert_channel_created'
  | 'alert_channel_changed'
  | 'alert_channel_deleted'
  | 'alert_channel_tested';

/** An action that an endpoint writes to the audit log. */
export type AuditAction =
  | AccountsAction
  | UsersAction
  | ConnectionAction
  | ImportsAction
  | DiagnosisAction
  | AlertsAction;
