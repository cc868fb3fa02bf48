import type { Text } from '../language.ts';

/** What Argus was doing when an error occurred. The API calls it `area`. */
export const purposes = ['authorization', 'mail', 'csv', 'portal'] as const;
export type Purpose = (typeof purposes)[number];

const [, ...ownStages] = purposes;
/** Purpose and call in one word, used by the API and shown in the error log as `stage`. */
export const stages = ['configuration', 'redirect', 'token', 'identity', ...ownStages] as const;
export type Stage = (typeof stages)[number];

/**
 * The owner of a fix: the user, an administrator of Argus, one of Microsoft Entra or Microsoft 365, Microsoft itself,
 * or the operator of Argus's server.
 */
export const menders = ['user', 'portal_admin', 'entra_admin', 'microsoft', 'operator'] as const;
export type Mender = (typeof menders)[number];

/** The names of purposes, stages and owners in エラー辞典, on screen and in the printed catalogue. */
export const areaLabels: Readonly<Record<Purpose, Text>> = {
  authorization: { ja: '認証', en: 'Authorization' },
  mail: { ja: '新着メール', en: 'New arrivals' },
  csv: { ja: 'CSV取込・CSV出力', en: 'CSV import and export' },
  portal: { ja: 'Argusの操作', en: 'Use of Argus' },
};

export const stageLabels: Readonly<Record<Stage, Text>> = {
  configuration: { ja: 'Argusの設定の確認', en: 'Checking the settings of Argus' },
  redirect: { ja: 'Microsoftのサインイン画面', en: "Microsoft's sign-in page" },
  token: { ja: 'トークンの取得', en: 'Getting a token' },
  identity: { ja: 'アカウントの確認', en: 'Checking the account' },
  mail: { ja: 'メールの取得', en: 'Fetching mail' },
  csv: { ja: 'CSVファイルの取込・出力', en: 'Importing or exporting a CSV file' },
  portal: { ja: 'Argusの操作', en: 'Using Argus' },
};

export const menderLabels: Readonly<Record<Mender, Text>> = {
  user: { ja: '利用者本人', en: 'The user' },
  portal_admin: { ja: 'Argusの管理者', en: 'An Argus administrator' },
  entra_admin: { ja: 'Microsoft Entra・365の管理者', en: 'A Microsoft Entra or 365 administrator' },
  microsoft: { ja: 'Microsoft', en: 'Microsoft' },
  operator: { ja: 'Argusのサーバの運用者', en: "Whoever runs Argus' server" },
};
