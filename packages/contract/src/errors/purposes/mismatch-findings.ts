import type { Causes } from '../entry.ts';
import { accountRecreated } from '../guide-rows.ts';
import { argusAccountLinks, argusAuthProvider, chooseLinkedAccount } from '../places.ts';

/** An account other than the linked one has signed in. */
export const mismatchFindings = {
  mismatch: {
    call: 'identity',
    status: 409,
    retry: 'now',
    offersOtherAccount: true,
    message: {
      ja: [
        '管理者が設定したアカウントと異なるアカウントで認証されました。',
        '・設定されているアカウント：{linkedAccount}',
        '・認証されたアカウント：{authorizedAccount}',
        '「別のアカウントで認証」から、設定されているアカウントで認証してください。',
      ],
      en: [
        'You connected a different account from the one your administrator assigned to you.',
        '- Assigned account: {linkedAccount}',
        '- Connected account: {authorizedAccount}',
        'Choose "Connect a different account" and use the account assigned to you.',
      ],
    },
    guide: [
      {
        condition: {
          ja: '利用者が、設定されているアカウントと違うアカウントで認証した場合（ブラウザが別のアカウントで自動的にサインインした場合など）。',
          en: 'The user authorized a different account from the one assigned to them (for example, because the browser automatically signed in with a different account).',
        },
        remedy: chooseLinkedAccount,
        menders: ['user'],
      },
      {
        condition: {
          ja: 'アカウント情報に、違うMicrosoft365アカウントが設定されている場合。',
          en: 'The wrong Microsoft 365 account is assigned in the account links.',
        },
        place: argusAccountLinks,
        remedy: {
          ja: 'アカウント情報で、この利用者のMicrosoft365アカウントを正しいものに直し、利用者にもう一度認証してもらってください。',
          en: 'In the account links, correct the Microsoft 365 account of this user, then ask the user to authorize again.',
        },
        mendAt: '/admin/account-links',
        menders: ['portal_admin', 'user'],
      },
    ],
  },
  account_recreated: {
    call: 'identity',
    status: 409,
    retry: 'no',
    message: {
      ja: [
        '設定されているアカウントと同じ名前の、別のMicrosoft365アカウントで認証されました。',
        '・アカウント：{linkedAccount}',
        'アカウントが削除され、同じ名前で作り直された可能性があります。システム管理者に連絡してください。',
      ],
      en: [
        'You connected a different Microsoft 365 account that has the same name as the one assigned to you.',
        '- Account: {linkedAccount}',
        'The account may have been deleted and re-created with the same name. Contact your system administrator.',
      ],
    },
    guide: [
      accountRecreated,
      {
        condition: {
          ja: '退職者などの名前（UPN）が、別の人のアカウントに再利用された場合。',
          en: "The name (UPN) of someone who left, for example, was reused for another person's account.",
        },
        place: argusAccountLinks,
        remedy: {
          ja: 'アカウント情報で、この利用者の紐づけを正しいMicrosoft365アカウントに直すか、削除してください。',
          en: 'In the account links, correct the Microsoft 365 account of this user, or delete the link.',
        },
        mendAt: '/admin/account-links',
        menders: ['portal_admin'],
      },
    ],
  },
  alias_account: {
    call: 'identity',
    status: 409,
    retry: 'now',
    offersOtherAccount: true,
    message: {
      ja: [
        '個人用の Microsoft アカウントで認証されました。',
        '・設定されているアカウント：{linkedAccount}',
        '・認証されたアカウント：{authorizedAccount}',
        '「別のアカウントで認証」から、設定されているアカウントで認証してください。',
      ],
      en: [
        'You connected a personal Microsoft account.',
        '- Assigned account: {linkedAccount}',
        '- Connected account: {authorizedAccount}',
        'Choose "Connect a different account" and use the account assigned to you.',
      ],
    },
    guide: [
      {
        condition: {
          ja: '会社のメールアドレスを別名に持つ個人用の Microsoft アカウントが選ばれ、outlook_…@outlook.com として認証された場合。',
          en: 'A personal Microsoft account that has the company email address as an alias was chosen, and it was authorized as outlook_…@outlook.com.',
        },
        remedy: {
          ja: 'Microsoft 365 からサインアウトし、もう一度認証を実行して「職場または学校アカウント」を選択してください。',
          en: 'Sign out of Microsoft 365, authorize again, and choose "Work or school account".',
        },
        menders: ['user'],
      },
      {
        condition: {
          ja: '認証プロバイダのURLが common または consumers で、個人用のアカウントを受け付けている場合。',
          en: 'The URLs of the auth. provider use common or consumers, so personal accounts are accepted.',
        },
        place: argusAuthProvider,
        remedy: {
          ja: '「承認エンドポイントURL」と「トークンエンドポイントURL」のテナントを「ディレクトリ (テナント) ID」にしてください。',
          en: 'Set the tenant in "Authorize Endpoint URL" and "Token Endpoint URL" to the "Directory (tenant) ID".',
        },
        mendAt: '/admin/auth-providers?field=authorizeEndpointUrl',
        menders: ['portal_admin'],
      },
    ],
  },
} as const satisfies Causes;
