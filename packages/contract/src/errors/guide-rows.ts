import type { GuideRow } from './entry.ts';
import {
  adminMenu,
  argusAccountLinks,
  argusRemoteSites,
  authProviderSettings,
  checkConsumerSecret,
  checkMailUrl,
  checkTokenEndpointUrl,
  entraUsers,
  secretWrongOrExpired,
  tokenPathWrong,
} from './places.ts';

/** Row A4 of the customer's guide, in its own words. */
export const checkSecret: GuideRow = {
  condition: secretWrongOrExpired,
  place: authProviderSettings,
  remedy: checkConsumerSecret,
  mendAt: '/admin/auth-providers?field=consumerSecret',
  menders: ['portal_admin'],
};
/** Row A5, whose last word the guide spells differently than in its other rows. */
export const checkTokenUrl: GuideRow = {
  condition: tokenPathWrong,
  place: authProviderSettings,
  remedy: {
    ja: 'Salesforce 認証プロバイダの設定から「トークンエンドポイントURL」に誤りがないか確認して下さい。',
    en: checkTokenEndpointUrl.en,
  },
  mendAt: '/admin/auth-providers?field=tokenEndpointUrl',
  menders: ['portal_admin'],
};
/** Rows A3b and B6b. */
export const tokenUrlWrong: GuideRow = {
  condition: {
    ja: '認証プロバイダのトークンエンドポイントURLに誤りがある場合。',
    en: "The auth. provider's token endpoint URL is wrong.",
  },
  place: authProviderSettings,
  remedy: checkTokenEndpointUrl,
  mendAt: '/admin/auth-providers?field=tokenEndpointUrl',
  menders: ['portal_admin'],
};
/** Row B5b. */
export const mailUrlWrong: GuideRow = {
  condition: {
    ja: '管理者メニューのエンドポイントURLに誤りがある場合。',
    en: 'The endpoint URL in the admin menu is wrong.',
  },
  place: adminMenu,
  remedy: checkMailUrl,
  mendAt: '/admin/settings?field=mailUrl',
  menders: ['portal_admin'],
};
/** Graph finds nothing at a URL that is right: the mailbox is not where it should be. */
export const mailboxElsewhere: GuideRow = {
  condition: {
    ja: '利用者のメールボックスが Exchange Online にない場合（ライセンスがない、オンプレミスにある、ハイブリッド構成、準備中など）。',
    en: "The user's mailbox is not in Exchange Online (for example, it has no license, is on-premises or hybrid, or is still being set up).",
  },
  place: entraUsers,
  remedy: {
    ja: 'Microsoft 365 の管理者に、この利用者のMicrosoft365アカウント（アカウント情報に表示されます）を伝え、Exchange Online のライセンスが割り当てられていること、Outlook on the web（https://outlook.office.com）でメールボックスを開けることを確認してもらってください。',
    en: 'Give a Microsoft 365 administrator the Microsoft 365 account of this user (shown in the account links). Ask them to check that an Exchange Online license is assigned and that the mailbox opens in Outlook on the web (https://outlook.office.com).',
  },
  mendAt: '/admin/account-links',
  menders: ['entra_admin'],
  unlikelyWith: ['mail_path_unusual', 'mail_query_typed'],
};
/** Another account behind the name of the linked one. */
export const accountRecreated: GuideRow = {
  condition: {
    ja: 'Microsoft Entra でアカウントが削除され、同じ名前（UPN）で作り直された場合。名前は同じでも別のアカウント（オブジェクト ID が異なる）のため、Argus は自動では認めません。',
    en: 'The account was deleted in Microsoft Entra and re-created with the same name (UPN). Despite the same name, it is a different account (its object ID is different), so Argus does not accept it automatically.',
  },
  place: argusAccountLinks,
  remedy: {
    ja: 'Microsoft Entra の管理者に、アカウントが本人のために作り直されたことを確認してください。正しければ、アカウント情報のこの利用者の行の操作から「このアカウントとして認め直す」を選び（「認証の取消」でも同じです）、利用者にもう一度認証してもらってください。',
    en: 'Confirm with a Microsoft Entra administrator that the account was re-created for this person. If so, choose "Accept as this account" in the actions of this user\'s row in the account links ("Revoke authorization" does the same), then ask the user to authorize again.',
  },
  mendAt: '/admin/account-links',
  menders: ['portal_admin', 'user'],
};

/** The name leads to an address outside the public internet, which no site allows by itself. */
export const addressNotAllowed: GuideRow = {
  condition: {
    ja: '接続先の名前解決の結果が、社内のゲートウェイなどインターネット以外のアドレスで、リモートサイトで許可されていない場合。',
    en: 'The name of the site resolves to an address that is not on the public internet, such as an internal gateway, and the remote site does not allow it.',
  },
  place: argusRemoteSites,
  remedy: {
    ja: '接続診断で「IPアドレス」を確認し、自社のネットワークのアドレスであれば、リモートサイトの「許可するアドレス範囲」に追加してください。心当たりのないアドレスの場合は、DNSの設定をネットワークの担当者に確認してください。',
    en: 'Check "IP address" in the connection doctor. If it is an address in your own network, add it to "Allowed Address Ranges" of the remote site. If you do not recognize it, ask your network administrator to check the DNS settings.',
  },
  mendAt: '/admin/remote-sites',
  menders: ['portal_admin', 'operator'],
  refutedBy: ['address_passed'],
};

/** The remote site is there and somebody has switched it off. */
export const siteSwitchedOff: GuideRow = {
  condition: {
    ja: '接続先のリモートサイトは登録されているが、有効でない場合。',
    en: 'The remote site of the endpoint is registered but not active.',
  },
  place: argusRemoteSites,
  remedy: {
    ja: 'リモートサイトを「有効にする」で有効に戻してください。',
    en: 'Choose "Activate" to make the remote site active again.',
  },
  mendAt: '/admin/remote-sites',
  menders: ['portal_admin'],
  refutedBy: ['site_not_switched_off'],
};

/** A reply without any code of Microsoft may be that of a proxy, a firewall or a web filter on the way. */
export const somethingBetween = {
  condition: {
    ja: '応答にMicrosoftのエラーコードがなく、Argus と Microsoft の間のプロキシ、ファイアウォール、Webフィルタが応答した場合。',
    en: 'The response has no Microsoft error code; a proxy, firewall or web filter between Argus and Microsoft responded.',
  },
  remedy: {
    ja: 'Argus のサーバから接続先への通信が許可されていることを、ネットワークの担当者に確認してください。',
    en: 'Ask your network administrator to check that the Argus server is allowed to connect to that host.',
  },
  menders: ['operator'],
  refutedBy: ['reply_names_cause'],
} as const satisfies GuideRow;
