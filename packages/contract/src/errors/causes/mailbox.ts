import type { Causes } from '../entry.ts';
import { mailboxElsewhere } from '../guide-rows.ts';
import { adminMenu, checkMailUrl, entraUsers, microsoft365Health, microsoft365Licences } from '../places.ts';

/** Microsoft Graph rejects the mailbox, which holds mail and calendar. */
export const mailboxCauses = {
  exchange_online_missing: {
    match: [{ call: 'graph', graph: ['OrganizationFromTenantGuidNotFound'] }],
    says: { ja: '401 会社に Exchange Online がありません。', en: '401 The company does not have Exchange Online.' },
    retry: 'no',
    guide: [
      {
        condition: {
          ja: 'テナントに Exchange Online の契約がない場合、または個人用のアカウントの場合。',
          en: 'The tenant has no Exchange Online subscription, or the account is a personal account.',
        },
        place: microsoft365Licences,
        remedy: {
          ja: 'Exchange Online を含むライセンスを契約し、利用者に割り当ててください。',
          en: 'Subscribe to a license that includes Exchange Online and assign it to the users.',
        },
        mendAt: '/admin/account-links',
        menders: ['entra_admin'],
      },
    ],
  },
  mailbox_hybrid: {
    match: [{ call: 'graph', graph: ['extensionError'] }],
    says: { ja: 'メールボックスがクラウドにありません。', en: 'the mailbox is not in the cloud.' },
    retry: 'no',
    guide: [
      {
        condition: {
          ja: 'メールボックスがオンプレミスの Exchange にある場合（ハイブリッド構成）、またはアクセス ポリシーで拒否された場合。',
          en: 'The mailbox is on an on-premises Exchange server (hybrid), or access was denied by an access policy.',
        },
        place: entraUsers,
        remedy: {
          ja: 'メールボックスを Exchange Online に移行するか、Exchange の管理者に、アプリのアクセス ポリシーを確認してもらってください。',
          en: 'Move the mailbox to Exchange Online, or ask an Exchange administrator to check the application access policies.',
        },
        mendAt: '/admin/account-links',
        menders: ['entra_admin'],
      },
    ],
  },
  mailbox_busy: {
    match: [
      {
        call: 'graph',
        graph: [
          'ErrorMailboxMoveInProgress',
          'ErrorMailboxStoreUnavailable',
          'ErrorServerBusy',
          'MailboxInfoStale',
          'ErrorADUnavailable',
          'ErrorTooManyObjectsOpened',
        ],
      },
    ],
    says: { ja: 'メールボックスを一時的に利用できません。', en: 'the mailbox is temporarily unavailable.' },
    retry: 'later',
    retryAfterSeconds: 60,
    transient: true,
    guide: [
      {
        condition: {
          ja: 'メールボックスの移行中か、Exchange Online が混み合っている場合。',
          en: 'The mailbox is being moved, or Exchange Online is busy.',
        },
        place: microsoft365Health,
        remedy: {
          ja: 'しばらく待ってください。移行が終わると自動で再開します。続く場合は「Microsoft 365 管理センター > 正常性 > サービス正常性」を確認してください。',
          en: 'Wait a while. It resumes automatically once the move is complete. If the problem continues, check Microsoft 365 admin center > Health > Service health.',
        },
        menders: ['microsoft'],
      },
    ],
  },
  mailbox_not_enabled: {
    match: [
      { call: 'graph', graph: ['MailboxNotEnabledForRESTAPI', 'ErrorInvalidLicense', 'ErrorMissingEmailAddress'] },
    ],
    says: { ja: '404 メールボックスを利用できません。', en: '404 The mailbox cannot be used.' },
    retry: 'no',
    guide: [
      {
        condition: {
          ja: 'Exchange Online のライセンスがない、メールボックスが準備中・移行中である、またはオンプレミスにある場合。',
          en: 'There is no Exchange Online license, the mailbox is being set up or moved, or it is on-premises.',
        },
        place: entraUsers,
        mendAt: '/admin/account-links',
        remedy: {
          ja: 'Microsoft 365 の管理者に、この利用者のMicrosoft365アカウント（アカウント情報に表示されます）を伝え、Exchange Online のライセンスが割り当てられていることを確認してもらってください。割り当て直後は利用できるまで時間がかかります。',
          en: 'Give a Microsoft 365 administrator the Microsoft 365 account of this user (shown in the account links), and ask them to check that an Exchange Online license is assigned. Right after a license is assigned, it takes a while before the mailbox can be used.',
        },
        menders: ['entra_admin'],
      },
    ],
  },
  mailbox_not_found: {
    match: [
      {
        call: 'graph',
        graph: ['ErrorInvalidUser', 'ResourceNotFound', 'Request_ResourceNotFound', 'ErrorNonExistentMailbox'],
      },
    ],
    says: { ja: '404 メールボックスが見つかりません。', en: '404 The mailbox was not found.' },
    retry: 'no',
    guide: [
      {
        condition: {
          ja: 'アカウントまたはメールボックスが Exchange Online に存在しない場合。',
          en: 'The account or its mailbox does not exist in Exchange Online.',
        },
        place: entraUsers,
        mendAt: '/admin/account-links',
        remedy: {
          ja: 'アカウント情報のMicrosoft365アカウントと、そのライセンスを確認してください。',
          en: 'Check the Microsoft 365 account in the account links, and its license.',
        },
        menders: ['portal_admin'],
      },
    ],
  },
  mailbox_not_ready: {
    match: [
      {
        call: 'graph',
        graph: ['ErrorItemNotFound', 'ErrorFolderNotFound'],
        status: '4xx',
        knows: ['mail_path_standard'],
      },
      {
        call: 'graph',
        graph: ['ErrorItemNotFound', 'ErrorFolderNotFound'],
        status: [404],
        defaultFolderMissing: true,
      },
      { call: 'graph', defaultFolderMissing: true },
    ],
    says: { ja: '404 メールボックスの準備ができていません。', en: '404 The mailbox is not ready.' },
    retry: 'no',
    guide: [
      {
        condition: {
          ja: 'メールボックスが作成されたばかりで一度も開かれていない場合、またはライセンスが外れている場合。',
          en: 'The mailbox was just created and has never been opened, or its license was removed.',
        },
        place: entraUsers,
        remedy: {
          ja: '利用者に、Outlook on the web（https://outlook.office.com）でメールボックスを一度開いてもらってください。開けない場合は、Microsoft 365 の管理者に、Exchange Online のライセンスが割り当てられていることを確認してもらってください。',
          en: 'Ask the user to open the mailbox once in Outlook on the web (https://outlook.office.com). If it does not open, ask a Microsoft 365 administrator to check that an Exchange Online license is assigned.',
        },
        mendAt: '/admin/account-links',
        menders: ['user', 'entra_admin'],
      },
    ],
  },
  mailbox_full: {
    match: [{ call: 'graph', graph: ['ErrorQuotaExceeded', 'ErrorMailboxQuotaExceeded'] }],
    says: { ja: 'メールボックスの容量がいっぱいです。', en: 'the mailbox is full.' },
    retry: 'no',
    guide: [
      {
        condition: {
          ja: 'メールボックスの容量の上限に達している場合。',
          en: 'The mailbox has reached its size limit.',
        },
        place: entraUsers,
        remedy: {
          ja: '利用者に、Outlook で不要なメールを削除し、「削除済みアイテム」を空にしてもらうか、Microsoft 365 の管理者に容量を増やしてもらってください。',
          en: 'Ask the user to delete mail they do not need in Outlook and empty "Deleted Items", or ask a Microsoft 365 administrator to increase the limit.',
        },
        mendAt: '/admin/account-links',
        menders: ['user', 'entra_admin'],
      },
    ],
  },
  unexplained: {
    match: [{ call: 'graph', graph: ['UnknownError'], status: [400, 401, 403, 404] }],
    says: {
      ja: '{status} Microsoft Graph から理由が示されませんでした。',
      en: '{status} Microsoft Graph gave no reason.',
    },
    retry: 'no',
    guide: [
      mailboxElsewhere,
      {
        condition: {
          ja: '管理者メニューの「URL」に誤りがある場合。',
          en: '"URL" in the admin menu is wrong.',
        },
        place: adminMenu,
        remedy: checkMailUrl,
        mendAt: '/admin/settings?field=mailUrl',
        menders: ['portal_admin'],
        unlikelyWith: ['mail_path_standard', 'worked_before'],
      },
    ],
  },
  personal_account_unsupported: {
    match: [{ call: 'graph', graph: ['MailboxNotSupportedForRESTAPI'] }],
    says: ({ data }) => ({
      ja: `404 個人用アカウントの${data.ja}は利用できません。`,
      en: `404 The ${data.en} of a personal account cannot be used.`,
    }),
    retry: 'no',
    guide: [
      {
        condition: {
          ja: '個人用の Microsoft アカウントのメールボックスで、APIが有効になっていない場合。',
          en: 'The mailbox belongs to a personal Microsoft account, and the API is not enabled for it.',
        },
        place: adminMenu,
        remedy: {
          ja: 'アカウント情報のMicrosoft365アカウントを、会社のアカウントに直してください。',
          en: 'Change the Microsoft 365 account in the account links to the company account.',
        },
        mendAt: '/admin/account-links',
        menders: ['portal_admin'],
      },
    ],
  },
} as const satisfies Causes;
