import type { Text } from '../../language.ts';
import type { PurposeErrors } from '../compose.ts';
import type { Cause, Causes, GuideRow } from '../entry.ts';
import { linesIn } from '../messages.ts';
import { entraAppSecrets } from '../places.ts';

/** A state that the user can resolve: not a fault, and not logged. */
function state(
  status: number,
  retry: Cause['retry'],
  ja: string,
  en: string,
  rest: Partial<Pick<Cause, 'retryAfterSeconds'>> = {},
): Cause {
  return { status, retry, message: linesIn(ja, en), guide: [], logged: false, ...rest };
}

/** A fault that somebody has to fix. */
function fault(
  status: number,
  retry: Cause['retry'],
  ja: string,
  en: string,
  rest: Pick<Cause, 'guide'> & Partial<Cause>,
): Cause {
  return { status, retry, message: linesIn(ja, en), ...rest };
}

const signInAgain: Text = {
  ja: 'サインインし直してください。',
  en: 'Sign in again.',
};

const secretExpiry: GuideRow = {
  condition: {
    ja: '認証プロバイダに入力した「コンシューマの秘密の有効期限」が近いか、過ぎている場合。期限が切れると、すべての利用者がメールを表示できなくなります。',
    en: 'The date in "Consumer secret expires on" of the auth. provider is near or has passed. Once the secret expires, no user can see any mail.',
  },
  place: entraAppSecrets,
  remedy: {
    ja: '１）Microsoft Entra の管理者が「Microsoft Entra 管理センター > アプリの登録 > (アプリ) > 証明書とシークレット」で新しいクライアント シークレットを作成してください。２）その「値」を認証プロバイダの「コンシューマの秘密」に、期限を「コンシューマの秘密の有効期限」に入力してください。',
    en: '1) Ask a Microsoft Entra administrator to create a new client secret under Microsoft Entra admin center > App registrations > (app) > Certificates & secrets. 2) Enter its "Value" in "Consumer Secret" of the auth. provider, and its expiry date in "Consumer secret expires on".',
  },
  mendAt: '/admin/auth-providers?field=consumerSecret',
  menders: ['entra_admin', 'portal_admin'],
};

const causes = {
  session_missing: state(
    401,
    'no',
    `サインインが必要です。\n${signInAgain.ja}`,
    `You are not signed in.\n${signInAgain.en}`,
  ),
  sign_in_failed: state(
    401,
    'now',
    'サインインできませんでした。\nSalesforceアカウントとパスワードを確認してください。',
    'You could not be signed in.\nCheck your Salesforce account and password.',
  ),
  sign_in_throttled: state(
    429,
    'later',
    'サインインの失敗が続いたため、しばらくサインインできません。\n時間を置いてから、もう一度お試しください。',
    'There were too many failed sign-ins, so you cannot sign in for a while.\nWait a while, then try again.',
    { retryAfterSeconds: 60 },
  ),
  access_denied: state(403, 'no', 'この操作を行う権限がありません。', 'You do not have permission to do this.'),
  reauthentication_needed: state(
    403,
    'no',
    'この変更には、パスワードの確認が必要です。\nパスワードを入力してから、もう一度保存してください。',
    'This change requires your password.\nEnter your password, then save again.',
  ),
  csrf_token_invalid: state(
    403,
    'now',
    '画面の有効期限が切れました。\nページを再読み込みしてから、もう一度操作してください。',
    'This page has expired.\nReload the page, then try again.',
  ),
  origin_mismatch: state(
    403,
    'no',
    'この画面は、Argusの公開URLとは異なるアドレスで開かれているため、操作できません。\n・開いているアドレス：{origin}\n・Argusの公開URL：{publicUrl}\n公開URLで開き直してください。',
    'This page cannot be used because it was opened at an address other than the public URL of Argus.\n- Opened at: {origin}\n- Public URL of Argus: {publicUrl}\nOpen it again at the public URL.',
  ),
  request_invalid: state(400, 'no', '入力内容に誤りがあります。', 'Some of the values you entered are not valid.'),
  value_taken: state(409, 'no', '既に使われている値があります。', 'One of the values is already in use.'),
  record_changed: state(
    409,
    'no',
    '別の管理者がこのデータを変更しました。\n最新の内容を読み込んでから、もう一度変更してください。',
    'Another administrator changed this record.\nLoad the latest version, then make your change again.',
  ),
  last_admin_protected: state(
    409,
    'no',
    '最後の管理者は、無効化も役割の変更もできません。\n先に、別の管理者を追加してください。',
    'The last administrator cannot be deactivated or given another role.\nAdd another administrator first.',
  ),
  password_wrong: state(400, 'no', '現在のパスワードが違います。', 'The current password is wrong.'),
  invitation_invalid: state(
    410,
    'no',
    'このリンクは無効です。\n既に使われたか、有効期限が切れています。管理者がまだいない場合は、サーバーで npx --yes pnpm first-admin を実行すると、新しいリンクが表示されます。',
    'This link is not valid.\nIt has already been used or has expired. If there is no administrator yet, run npx --yes pnpm first-admin on the server to get a new link.',
  ),
  invitation_expired: state(
    410,
    'no',
    'この招待リンクは使えません。\n既に使われたか、有効期限が切れたか、新しいリンクが発行されています。管理者に新しい招待リンクを依頼してください。',
    'This invitation link cannot be used.\nIt has already been used, has expired, or a newer link was issued. Ask an administrator for a new invitation link.',
  ),
  invitation_account_inactive: state(
    409,
    'no',
    'この利用者は無効のため、招待リンクを発行できません。\n利用者を有効にしてから、もう一度発行してください。',
    'This user is inactive, so no invitation link can be issued.\nActivate the user, then issue the link again.',
  ),
  invitation_password_set: state(
    409,
    'no',
    'この利用者には既にパスワードがあるため、招待リンクを発行できません。\n「パスワードの設定」で新しいパスワードを設定してください。',
    'This user already has a password, so no invitation link can be issued.\nUse "Set password" to set a new password.',
  ),
  user_was_used: state(
    409,
    'no',
    'この利用者は、既にサインインしたか、パスワードまたは認証があるため、削除できません。\n不要な場合は、利用者を無効にしてください。',
    'This user cannot be deleted because they have already signed in, or have a password or an authorization.\nIf the user is not needed, deactivate the user.',
  ),
  not_found: state(404, 'no', '指定されたデータは存在しません。', 'This record does not exist.'),
  outcome_expired: state(
    404,
    'no',
    'この結果は、もう表示できません。\n認証設定で現在の状態を確認してください。',
    'This result can no longer be shown.\nCheck the current state under "Microsoft 365 connection".',
  ),
  request_too_large: state(413, 'no', '送信された内容が大きすぎます。', 'The data you sent is too large.'),
  media_type_unsupported: state(415, 'no', '送信された形式には対応していません。', 'This format is not supported.'),
  too_many_requests: state(
    429,
    'later',
    '要求が多すぎます。\n時間を置いてから、もう一度お試しください。',
    'Too many requests.\nWait a while, then try again.',
    { retryAfterSeconds: 10 },
  ),
  server_busy: state(
    503,
    'later',
    'ただいま混み合っています。\n時間を置いて、もう一度お試しください。',
    'Argus is busy right now.\nWait a while, then try again.',
    { retryAfterSeconds: 3 },
  ),
  sealed_value_unreadable: fault(
    500,
    'no',
    '保存されている秘密の値を復号できません。\nシステム管理者に連絡してください。',
    'A stored secret cannot be decrypted.\nContact your system administrator.',
    {
      ofOneGrant: true,
      guide: [
        {
          condition: {
            ja: '暗号鍵（ARGUS_VAULT_KEYS）が変わったか、データが書き換えられた場合。',
            en: 'The encryption keys (ARGUS_VAULT_KEYS) have changed, or the data was tampered with.',
          },
          remedy: {
            ja: '以前の鍵を ARGUS_VAULT_KEYS に戻すか、コンシューマの秘密を設定し直し、利用者にもう一度認証してもらってください。',
            en: 'Restore the earlier key in ARGUS_VAULT_KEYS, or set the consumer secret again and ask the users to authorize again.',
          },
          mendAt: '/admin/auth-providers?field=consumerSecret',
          menders: ['operator', 'portal_admin', 'user'],
        },
      ],
    },
  ),
  internal_error: fault(
    500,
    'now',
    '予期しないエラーが発生しました。\n何度もこの画面が出る場合は、エラーIDを添えてシステム管理者に連絡してください。',
    'An unexpected error occurred.\nIf you keep seeing this screen, contact your system administrator and give them the error ID.',
    {
      unforeseen: true,
      guide: [
        {
          condition: { ja: 'Argus の内部でエラーが発生した場合。', en: 'An internal error occurred in Argus.' },
          remedy: {
            ja: 'Argus のサーバのログを、エラーIDで検索してください。',
            en: 'Search the Argus server log for the error ID.',
          },
          menders: ['operator'],
        },
      ],
    },
  ),
  provider_secret_expiring: fault(
    503,
    'no',
    '認証プロバイダ「{suffix}」のコンシューマの秘密は、{expiresOn}に期限が切れます（残り{days}日）。',
    'The consumer secret of the auth. provider "{suffix}" expires on {expiresOn} ({days} days left).',
    { call: 'settings', aboutSecret: true, guide: [secretExpiry] },
  ),
  provider_secret_expired: fault(
    503,
    'no',
    '認証プロバイダ「{suffix}」のコンシューマの秘密は、{expiresOn}に期限が切れました。',
    'The consumer secret of the auth. provider "{suffix}" expired on {expiresOn}.',
    { call: 'settings', aboutSecret: true, guide: [secretExpiry] },
  ),
  database_unavailable: state(
    503,
    'later',
    'データベースに接続できません。\n時間を置いてから、もう一度お試しください。',
    'The database cannot be reached.\nWait a while, then try again.',
    { retryAfterSeconds: 10 },
  ),
  shutting_down: state(
    503,
    'later',
    'Argus を再起動しています。\n時間を置いてから、もう一度お試しください。',
    'Argus is restarting.\nWait a while, then try again.',
    { retryAfterSeconds: 5 },
  ),
} as const satisfies Causes;

/** The portal itself: sign-in, forms, the database. */
export const portal = { purpose: 'portal', calls: [], usesGrant: false, causes } as const satisfies PurposeErrors;
