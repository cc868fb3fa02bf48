import type { Causes } from '../entry.ts';
import {
  argusAuthProvider,
  authorizeAgain,
  entraConditionalAccess,
  entraRiskyUsers,
  entraSignInLogs,
  entraUserAccount,
  entraUserMethods,
} from '../places.ts';

/** The token endpoint rejects the user or their device. After the fix, the user authorizes again. */
export const identityCauses = {
  mfa_required: {
    match: [
      { call: 'token', aadsts: [50076, 50074, 50078, 50072, 50079, 500121, 50125] },
      { call: 'token', suberror: ['basic_action'] },
    ],
    says: { ja: '多要素認証が必要です。', en: 'Multi-factor authentication is required.' },
    retry: 'reconnect',
    endsGrant: true,
    guide: [
      {
        condition: {
          ja: '多要素認証が新しく求められた場合、期限が切れた場合、または利用者が認証方法を登録していない場合。',
          en: 'Multi-factor authentication is newly required or has expired, or the user has not registered a method.',
        },
        remedy: authorizeAgain,
        menders: ['user'],
      },
      {
        condition: {
          ja: '利用者が多要素認証を完了できない場合。',
          en: 'The user cannot complete multi-factor authentication.',
        },
        place: entraUserMethods,
        remedy: {
          ja: '利用者の認証方法と条件付きアクセスのポリシーを確認してください。',
          en: "Check the user's authentication methods and the Conditional Access policies.",
        },
        menders: ['entra_admin'],
      },
    ],
  },
  access_blocked: {
    match: [
      {
        call: 'token',
        aadsts: [53003, 530021, 530031, 530032, 530035, 530084, 53002, 53010, 53009, 50005, 50131, 50158, 50161, 50170],
      },
      { call: 'token', suberror: ['message_only', 'protection_policy_required'] },
    ],
    says: { ja: '条件付きアクセスによってブロックされました。', en: 'Conditional Access blocked access.' },
    retry: 'mend_and_reconnect',
    endsGrant: true,
    guide: [
      {
        condition: {
          ja: '条件付きアクセス、セキュリティの既定値、または外部の認証の条件を満たさない場合。',
          en: 'The requirements of Conditional Access, security defaults or external authentication are not met.',
        },
        place: entraConditionalAccess,
        remedy: {
          ja: '「監視と正常性 > サインイン ログ」でブロックしたポリシーを調べ、アプリまたは Argus のサーバの場所を対象外にするか、条件を満たしてから、利用者にもう一度認証してもらってください。',
          en: 'Find the blocking policy under Monitoring & health > Sign-in logs, exclude the app or the location of the Argus server or meet the requirements, then ask the user to authorize again.',
        },
        menders: ['entra_admin', 'user'],
      },
    ],
  },
  device_not_accepted: {
    match: [
      {
        call: 'token',
        aadsts: [53000, 53001, 53008, 530003, 530004, 50097, 50127, 50129, 50155, 50187, 135011, 700003],
      },
    ],
    says: { ja: 'この端末からの利用は許可されていません。', en: 'Access from this device is not allowed.' },
    retry: 'mend_and_reconnect',
    endsGrant: true,
    guide: [
      {
        condition: {
          ja: '会社に登録された、準拠している端末からの認証だけが許可されている場合、または認証した端末が削除された場合。',
          en: 'Authorization is allowed only from compliant devices registered with the company, or the device used to authorize was removed.',
        },
        place: entraConditionalAccess,
        remedy: {
          ja: '会社に登録された端末でもう一度認証してもらうか、端末を条件とするポリシーからアプリを除外してください。',
          en: 'Ask the user to authorize again on a device registered with the company, or exclude the app from the policy that requires one.',
        },
        menders: ['entra_admin'],
      },
    ],
  },
  risk_blocked: {
    match: [{ call: 'token', aadsts: [53004, 53011, 530034, 50135] }],
    says: {
      ja: 'アカウントが危険と判定され、ブロックされました。',
      en: 'The account was identified as at risk and blocked.',
    },
    retry: 'mend_and_reconnect',
    endsGrant: true,
    guide: [
      {
        condition: {
          ja: '利用者またはサインインが危険と判定された場合。',
          en: 'The user or the sign-in was identified as at risk.',
        },
        place: entraRiskyUsers,
        remedy: {
          ja: '危険の内容を確認して解消（パスワードの変更、または無視）してから、利用者にもう一度認証してもらってください。',
          en: 'Review the risk and resolve it (change the password or dismiss the risk), then ask the user to authorize again.',
        },
        menders: ['entra_admin', 'user'],
      },
    ],
  },
  account_of_another_tenant: {
    match: [{ call: 'token', aadsts: [50020, 51004, 50014, 90072, 50177, 50178, 16003, 500208, 500211] }],
    says: { ja: 'このテナントのアカウントではありません。', en: 'The account does not belong to this tenant.' },
    retry: 'reconnect',
    endsGrant: true,
    guide: [
      {
        condition: {
          ja: '別の会社のアカウントや個人のアカウントで認証した場合。',
          en: 'The user authorized with an account from another company or a personal account.',
        },
        remedy: {
          ja: 'Microsoft 365 からサインアウトし、アカウント情報に設定されているアカウントで認証し直してください。',
          en: 'Sign out of Microsoft 365 and authorize again with the account assigned to you in the account links.',
        },
        menders: ['user'],
      },
      {
        condition: {
          ja: '認証プロバイダのURLのテナントが、利用者の会社のものではない場合。',
          en: "The tenant in the auth. provider's URLs does not belong to the user's company.",
        },
        place: argusAuthProvider,
        remedy: {
          ja: '「承認エンドポイントURL」と「トークンエンドポイントURL」のテナントを確認してください。',
          en: 'Check the tenant in "Authorize Endpoint URL" and "Token Endpoint URL".',
        },
        mendAt: '/admin/auth-providers?field=tokenEndpointUrl',
        menders: ['portal_admin'],
      },
    ],
  },
  account_deleted: {
    match: [
      { call: 'token', aadsts: [50034, 500341] },
      { call: 'identity', graph: ['Request_ResourceNotFound', 'ResourceNotFound'] },
    ],
    says: { ja: 'Microsoft365アカウントが存在しません。', en: 'The Microsoft 365 account does not exist.' },
    retry: 'mend_and_reconnect',
    endsGrant: true,
    guide: [
      {
        condition: { ja: 'アカウントがテナントから削除された場合。', en: 'The account was deleted from the tenant.' },
        place: entraUserAccount,
        remedy: {
          ja: 'アカウントを復元する（削除から30日以内）か、アカウント情報のMicrosoft365アカウントを正しいものに直してください。',
          en: 'Restore the account (within 30 days of deletion), or correct the Microsoft 365 account in the account links.',
        },
        mendAt: '/admin/account-links',
        menders: ['entra_admin'],
      },
    ],
  },
  account_disabled: {
    match: [{ call: 'token', aadsts: [50057, 500571] }],
    says: { ja: 'Microsoft365アカウントが無効です。', en: 'The Microsoft 365 account is disabled.' },
    retry: 'mend_and_reconnect',
    endsGrant: true,
    guide: [
      {
        condition: {
          ja: 'アカウントのサインインがブロックされている場合。',
          en: 'Sign-in is blocked for the account.',
        },
        place: entraUserAccount,
        remedy: {
          ja: '「アカウントの有効化」をオンにしてから、利用者にもう一度認証してもらってください。退職者であれば、アカウント情報から紐づけを削除してください。',
          en: 'Turn on "Account enabled", then ask the user to authorize again. If they have left the company, delete the link from the account links.',
        },
        mendAt: '/admin/account-links',
        menders: ['entra_admin', 'user'],
      },
    ],
  },
  account_locked: {
    match: [{ call: 'token', aadsts: [50053] }],
    says: { ja: 'Microsoft365アカウントがロックされています。', en: 'The Microsoft 365 account is locked.' },
    retry: 'mend_and_reconnect',
    endsGrant: true,
    guide: [
      {
        condition: {
          ja: 'パスワードの間違いが続いた場合、または危険なIPアドレスからサインインした場合。',
          en: 'There were too many wrong passwords, or the sign-in came from a malicious IP address.',
        },
        place: entraSignInLogs,
        remedy: {
          ja: 'しばらく待つか、サインイン ログの「失敗の理由」を確認してロックを解除してから、利用者にもう一度認証してもらってください。',
          en: 'Wait a while, or check "Failure reason" in the sign-in logs and unlock the account, then ask the user to authorize again.',
        },
        menders: ['entra_admin', 'user'],
      },
    ],
  },
  password_expired: {
    match: [
      { call: 'token', aadsts: [50055, 50144, 50142] },
      { call: 'token', suberror: ['user_password_expired'] },
    ],
    says: {
      ja: 'Microsoft365アカウントのパスワードの期限が切れています。',
      en: 'The password of the Microsoft 365 account has expired.',
    },
    retry: 'reconnect',
    endsGrant: true,
    guide: [
      {
        condition: { ja: 'パスワードの有効期限が切れた場合。', en: 'The password has expired.' },
        remedy: {
          ja: 'Microsoft 365 にサインインしてパスワードを変更してから、もう一度認証を実行してください。',
          en: 'Sign in to Microsoft 365 and change the password, then authorize again.',
        },
        menders: ['user'],
      },
    ],
  },
} as const satisfies Causes;
