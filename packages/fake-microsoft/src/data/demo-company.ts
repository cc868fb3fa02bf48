/**
 * The demo company that the fake Microsoft 365 starts with. Everything here is public: the "secret" protects only a
 * fake that listens on loopback.
 */

export interface DirectoryUser {
  /** Object id (GUID). Survives a rename of the UPN. */
  oid: string;
  userPrincipalName: string;
  displayName: string;
  givenName: string;
  surname: string;
  /** The `mail` property of Graph. A user may lack one although the mailbox exists. */
  mail: string | null;
  jobTitle: string | null;
  department: string | null;
  accountEnabled: boolean;
  /** False: Graph answers 404 MailboxNotEnabledForRESTAPI to every mail call. */
  hasMailbox: boolean;
}

export interface Tenant {
  id: string;
  /** Verified domain; URLs may contain it instead of the id. */
  domain: string;
  displayName: string;
}

export interface AppSecret {
  value: string;
  /** Milliseconds since the epoch; null never expires. */
  expiresAt: number | null;
}

export interface AppRegistration {
  clientId: string;
  displayName: string;
  secrets: AppSecret[];
  /**
   * Registered redirect URIs. Entra compares exactly; here `*` stands for any run of characters other than `/`, `?`
   * and `#`, so that a test may listen on any port.
   */
  redirectUris: string[];
  /** False (as Entra's default): /common and /organizations answer AADSTS50194. */
  multiTenant: boolean;
  enabled: boolean;
  /** Delegated permissions: what v1 and `/.default` grant, and what v2 may ask for beyond the well-known ones. */
  delegatedPermissions: string[];
  /** Application permissions that an administrator consented to; empty gives app-only tokens without `roles`. */
  applicationPermissions: string[];
}

export const demoTenant: Tenant = {
  id: '6c1f8f3a-2b7d-4c59-9a53-7d0e5f1b2a90',
  domain: 'contoso.example',
  displayName: '株式会社コントソ',
};

export const demoApp: AppRegistration = {
  clientId: '3f9a4c1e-5d62-4b0f-8e17-a2c6d9b04571',
  displayName: 'Argus デモ',
  secrets: [{ value: 'demo~8Q2tXw7Lr.not-a-secret_K5vZp', expiresAt: null }],
  redirectUris: [
    'http://localhost:*/services/authcallback/*',
    'http://127.0.0.1:*/services/authcallback/*',
    'https://localhost:*/services/authcallback/*',
    'https://127.0.0.1:*/services/authcallback/*',
    'http://localhost/services/authcallback/*',
    'https://localhost/services/authcallback/*',
  ],
  multiTenant: false,
  enabled: true,
  delegatedPermissions: ['openid', 'profile', 'email', 'offline_access', 'User.Read', 'Mail.Read'],
  applicationPermissions: [],
};

/** The demo users by a short key, for tests and seeds. */
export const demoUsers = {
  taro: person('a1f0c0de-0001-4a6b-9c11-0d5a6e1f0001', 'taro.yamada@contoso.example', '山田', '太郎', '営業部', '課長'),
  hanako: person(
    'a1f0c0de-0002-4a6b-9c11-0d5a6e1f0002',
    'hanako.sato@contoso.example',
    '佐藤',
    '花子',
    '人事部',
    '主任',
  ),
  jiro: person('a1f0c0de-0003-4a6b-9c11-0d5a6e1f0003', 'jiro.suzuki@contoso.example', '鈴木', '次郎', '開発部', null),
  admin: person(
    'a1f0c0de-0004-4a6b-9c11-0d5a6e1f0004',
    'admin@contoso.example',
    '管理',
    '一郎',
    '情報システム部',
    null,
  ),
  /** `mail` is null although there is a mailbox. */
  withoutMailAddress: {
    ...person('a1f0c0de-0005-4a6b-9c11-0d5a6e1f0005', 'saburo.ito@contoso.example', '伊藤', '三郎', '開発部', null),
    mail: null,
  },
  /** The UPN has upper-case letters, as in some directories. */
  upperCase: person(
    'a1f0c0de-0006-4a6b-9c11-0d5a6e1f0006',
    'Ichiro.Tanaka@contoso.example',
    '田中',
    '一朗',
    '営業部',
    '部長',
  ),
  /** No Exchange licence: mail calls answer 404 MailboxNotEnabledForRESTAPI. */
  withoutMailbox: {
    ...person('a1f0c0de-0007-4a6b-9c11-0d5a6e1f0007', 'shiro.kato@contoso.example', '加藤', '四郎', '総務部', null),
    mail: null,
    hasMailbox: false,
  },
} as const satisfies Record<string, DirectoryUser>;

function person(
  oid: string,
  userPrincipalName: string,
  surname: string,
  givenName: string,
  department: string,
  jobTitle: string | null,
): DirectoryUser {
  return {
    oid,
    userPrincipalName,
    displayName: `${surname} ${givenName}`,
    givenName,
    surname,
    mail: userPrincipalName,
    jobTitle,
    department,
    accountEnabled: true,
    hasMailbox: true,
  };
}
