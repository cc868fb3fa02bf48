import type { CsvLayout } from './csv-layout.ts';

const displayName = { name: 'displayName', header: { ja: 'ユーザ名', en: 'User Name' }, required: true };
const username = { name: 'username', header: { ja: 'Salesforceアカウント', en: 'Salesforce account' }, required: true };
const microsoftAccount = {
  name: 'microsoftAccount',
  header: { ja: 'Microsoft365アカウント', en: 'Microsoft 365 account' },
  required: true,
};
const reading = { name: 'reading', header: { ja: 'フリガナ', en: 'Furigana' }, required: false };
const role = { name: 'role', header: { ja: '役割', en: 'Role' }, required: true };
const active = { name: 'active', header: { ja: '有効', en: 'Active' }, required: true };

/** The columns that Argus adds to a file of failed rows, which can be corrected and imported without removing them. */
export const lineColumn = { ja: '行', en: 'Row' };
export const reasonColumn = { ja: 'エラー内容', en: 'Error' };
const ignored = [lineColumn, reasonColumn];

const principalName = {
  name: 'microsoftAccount',
  header: { ja: 'ユーザー プリンシパル名', en: 'User principal name' },
  required: true,
};

/**
 * The list of users as Microsoft 365 (32 columns), Entra (`userPrincipalName`, `displayName`, …) and PowerShell export
 * it; of its columns only these are read.
 */
export const microsoftUserLayout: CsvLayout = {
  columns: [
    principalName,
    { name: 'displayName', header: { ja: '表示名', en: 'Display name' }, required: false },
    { name: 'mail', header: { ja: 'メール', en: 'Mail' }, required: false },
    { name: 'proxyAddresses', header: { ja: 'プロキシ アドレス', en: 'Proxy addresses' }, required: false },
    { name: 'userType', header: { ja: 'ユーザーの種類', en: 'User type' }, required: false },
    { name: 'accountEnabled', header: { ja: 'アカウントが有効', en: 'Account enabled' }, required: false },
    { name: 'blockCredential', header: { ja: '資格情報のブロック', en: 'Block credential' }, required: false },
    {
      name: 'softDeletion',
      header: { ja: '論理的な削除のタイムスタンプ', en: 'Soft deletion time stamp' },
      required: false,
    },
  ],
  hasOthers: true,
};

/** The columns of アカウント情報 in a file. */
export const linkLayout: CsvLayout = {
  columns: [username, microsoftAccount],
  displayOnly: displayName,
  ignored,
  foreign: { header: principalName.header, reason: 'microsoft_users' },
};

/** The columns of 利用者 in a file. */
export const userLayout: CsvLayout = {
  columns: [displayName, username, role, active, reading],
  ignored,
  foreign: { header: principalName.header, reason: 'microsoft_users_elsewhere' },
};

/** 役割 in a file; the first of each is written, all are read. */
export const roleNames: Readonly<Record<'user' | 'admin', readonly string[]>> = {
  user: ['一般ユーザ', 'ユーザ', '一般', 'ユーザー', 'user'],
  admin: ['管理者', 'admin', 'administrator'],
};

/** 有効 in a file; the first of each is written, all are read. */
export const activeNames: Readonly<Record<'true' | 'false', readonly string[]>> = {
  true: ['TRUE', '有効', 'はい', '1', 'yes'],
  false: ['FALSE', '無効', 'いいえ', '0', 'no'],
};
