import type { Text } from '../language.ts';

interface PurposeLabels {
  readonly area: Text;
  readonly stage?: Text;
}

/**
 * What Argus was doing when an error occurred, and its names in エラー辞典. The API calls it `area`; the purpose itself is
 * also a stage, except for authorization, which has several. The names are here because screens need them without the
 * catalogue.
 */
const purposeLabels = {
  authorization: { area: { ja: '認証', en: 'Authorization' } },
  mail: { area: { ja: '新着メール', en: 'New mail' }, stage: { ja: 'メールの取得', en: 'Fetching mail' } },
  csv: {
    area: { ja: 'CSV取込・CSV出力', en: 'CSV import and export' },
    stage: { ja: 'CSVファイルの取込・出力', en: 'Importing or exporting a CSV file' },
  },
  alert: { area: { ja: 'アラート', en: 'Alerts' }, stage: { ja: 'アラートの送信', en: 'Sending an alert' } },
  portal: { area: { ja: 'Argusの操作', en: 'Using Argus' }, stage: { ja: 'Argusの操作', en: 'Using Argus' } },
} as const satisfies Readonly<Record<string, PurposeLabels>>;

export type Purpose = keyof typeof purposeLabels;
export const purposes = Object.keys(purposeLabels) as readonly Purpose[];

type LabelsOf<N extends Purpose> = (typeof purposeLabels)[N];
type OwnStage = { [N in Purpose]: LabelsOf<N> extends { readonly stage: Text } ? N : never }[Purpose];

const ownStages = Object.entries<PurposeLabels>(purposeLabels).flatMap(([name, { stage }]) =>
  stage === undefined ? [] : [[name, stage] as const],
);

/** Purpose and call in one word, used by the API and shown in the error log as `stage`, with their names. */
export const stageLabels = {
  configuration: { ja: 'Argusの設定の確認', en: 'Checking the Argus settings' },
  redirect: { ja: 'Microsoftのサインイン画面', en: "Microsoft's sign-in page" },
  token: { ja: 'トークンの取得', en: 'Getting a token' },
  identity: { ja: 'アカウントの確認', en: 'Checking the account' },
  ...(Object.fromEntries(ownStages) as Readonly<Record<OwnStage, Text>>),
};
export type Stage = keyof typeof stageLabels;
export const stages = Object.keys(stageLabels) as readonly Stage[];

/** The names of purposes in エラー辞典, on screen and in the printed catalogue. */
export const areaLabels = Object.fromEntries(
  Object.entries(purposeLabels).map(([name, { area }]) => [name, area]),
) as Readonly<Record<Purpose, Text>>;

/**
 * The owner of a fix: the user, an administrator of Argus, one of Microsoft Entra or Microsoft 365, Microsoft itself,
 * or the operator of Argus's server.
 */
export const menders = ['user', 'portal_admin', 'entra_admin', 'microsoft', 'operator'] as const;
export type Mender = (typeof menders)[number];

/** The names of owners in エラー辞典. */
export const menderLabels: Readonly<Record<Mender, Text>> = {
  user: { ja: '利用者本人', en: 'The user' },
  portal_admin: { ja: 'Argusの管理者', en: 'An Argus administrator' },
  entra_admin: { ja: 'Microsoft Entra・365の管理者', en: 'A Microsoft Entra or 365 administrator' },
  microsoft: { ja: 'Microsoft', en: 'Microsoft' },
  operator: { ja: 'Argusのサーバの運用者', en: 'The operator of the Argus server' },
};
