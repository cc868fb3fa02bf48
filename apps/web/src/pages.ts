import type { Text } from '@argus/contract/language';
import type { IconName } from './ui/icon-names.ts';

interface Page {
  readonly path: string;
  /** Who may see it: everybody, signed-in users, or administrators. */
  readonly access: 'public' | 'user' | 'admin';
  readonly title?: Text;
  readonly icon?: IconName;
  /** The header links to it. */
  readonly inHeader?: true;
  /** Its group in the admin menu; without one it is not listed there. */
  readonly group?: (typeof menuGroups)[number];
}

/** The groups of the admin menu, in order. */
export const menuGroups = ['connection', 'people', 'records'] as const;

/** Every page of the portal; those of the admin menu in menu order. */
export const pages = {
  firstAdmin: { path: '/first-admin', access: 'public' },
  invitation: { path: '/invitation', access: 'public' },
  outcome: { path: '/authorization/outcome/$id', access: 'public' },
  adminConsent: { path: '/authorization/admin-consent', access: 'public' },
  confirm: { path: '/authorization/confirm', access: 'public' },
  home: { path: '/', access: 'user', title: { ja: 'ホーム', en: 'Home' }, inHeader: true },
  authorization: {
    path: '/authorization',
    access: 'user',
    title: { ja: '認証設定', en: 'Connection' },
    icon: 'utility:shield',
    inHeader: true,
  },
  account: {
    path: '/account',
    access: 'user',
    title: { ja: 'パスワードの変更', en: 'Change password' },
    icon: 'utility:key',
  },
  admin: { path: '/admin', access: 'admin', title: { ja: '管理者メニュー', en: 'Admin menu' }, inHeader: true },
  overview: {
    path: '/admin/overview',
    access: 'admin',
    title: { ja: '概要', en: 'Overview' },
    icon: 'utility:home',
    group: 'connection',
  },
  settings: {
    path: '/admin/settings',
    access: 'admin',
    title: { ja: '基本設定', en: 'Settings' },
    icon: 'utility:settings',
    group: 'connection',
  },
  authProviders: {
    path: '/admin/auth-providers',
    access: 'admin',
    title: { ja: '認証プロバイダ', en: 'Auth. Providers' },
    icon: 'utility:key',
    group: 'connection',
  },
  newAuthProvider: { path: '/admin/auth-providers/new', access: 'admin', icon: 'utility:key' },
  authProvider: { path: '/admin/auth-providers/$id', access: 'admin', icon: 'utility:key' },
  remoteSites: {
    path: '/admin/remote-sites',
    access: 'admin',
    title: { ja: 'リモートサイト', en: 'Remote Sites' },
    icon: 'utility:world',
    group: 'connection',
  },
  newRemoteSite: { path: '/admin/remote-sites/new', access: 'admin', icon: 'utility:world' },
  remoteSite: { path: '/admin/remote-sites/$id', access: 'admin', icon: 'utility:world' },
  embedding: {
    path: '/admin/embedding',
    access: 'admin',
    title: { ja: '埋め込み', en: 'Embedding' },
    icon: 'utility:apps',
    group: 'connection',
  },
  accountLinks: {
    path: '/admin/account-links',
    access: 'admin',
    title: { ja: 'アカウント情報', en: 'Account links' },
    icon: 'utility:linked',
    group: 'people',
  },
  newAccountLinksImport: { path: '/admin/account-links/import', access: 'admin', icon: 'utility:upload' },
  accountLinksImport: { path: '/admin/account-links/import/$id', access: 'admin', icon: 'utility:upload' },
  users: {
    path: '/admin/users',
    access: 'admin',
    title: { ja: '利用者', en: 'Users' },
    icon: 'utility:people',
    group: 'people',
  },
  user: { path: '/admin/users/$id', access: 'admin', icon: 'utility:user' },
  newUsersImport: { path: '/admin/users/import', access: 'admin', icon: 'utility:upload' },
  usersImport: { path: '/admin/users/import/$id', access: 'admin', icon: 'utility:upload' },
  diagnosis: {
    path: '/admin/diagnosis',
    access: 'admin',
    title: { ja: '接続診断', en: 'Connection doctor' },
    icon: 'utility:record_lookup',
    group: 'records',
  },
  errorEvents: {
    path: '/admin/error-events',
    access: 'admin',
    title: { ja: 'エラーログ', en: 'Error log' },
    icon: 'utility:warning',
    group: 'records',
  },
  errorCatalogue: {
    path: '/admin/error-catalogue',
    access: 'admin',
    title: { ja: 'エラー辞典', en: 'Error catalogue' },
    icon: 'utility:knowledge_base',
    group: 'records',
  },
  errorCatalogueEntry: {
    path: '/admin/error-catalogue/$code',
    access: 'admin',
    icon: 'utility:knowledge_base',
  },
  alerts: {
    path: '/admin/alerts',
    access: 'admin',
    title: { ja: 'アラート', en: 'Alerts' },
    icon: 'utility:notification',
    group: 'records',
  },
  newAlert: { path: '/admin/alerts/new', access: 'admin', icon: 'utility:notification' },
  alert: { path: '/admin/alerts/$id', access: 'admin', icon: 'utility:notification' },
  auditEvents: {
    path: '/admin/audit-events',
    access: 'admin',
    title: { ja: '監査ログ', en: 'Audit log' },
    icon: 'utility:list',
    group: 'records',
  },
} as const satisfies Readonly<Record<string, Page>>;

/** The address of a user's page. */
export function personPath(id: string): string {
  return pages.user.path.replace('$id', encodeURIComponent(id));
}

type AnyPage = (typeof pages)[keyof typeof pages];
type MenuPage = Extract<AnyPage, { readonly group: string }>;

/** The pages of the admin menu. */
export const menuPages = Object.values(pages).filter((page): page is MenuPage => 'group' in page);

type HeaderPage = Extract<AnyPage, { readonly inHeader: true }>;

/** The pages that the header links to, in order. */
export const headerPages = Object.values(pages).filter((page): page is HeaderPage => 'inHeader' in page);

export type UserPath = Extract<AnyPage, { readonly access: 'user' }>['path'];
export type AdminPath = Extract<AnyPage, { readonly access: 'admin' }>['path'];
type BelowAdmin<Path extends string> = Path extends `${typeof pages.admin.path}${infer Rest}` ? Rest : never;

/** The address of an administrators' page relative to the admin menu. */
export function belowAdmin<Path extends AdminPath>(path: Path): BelowAdmin<Path> {
  return path.slice(pages.admin.path.length) as BelowAdmin<Path>;
}
