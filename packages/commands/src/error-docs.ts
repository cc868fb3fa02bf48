import type { GuideRow, MendAt, MicrosoftCall, Retry } from '@argus/contract/errors/entry';
import { purposeErrors } from '@argus/contract/errors/error-catalogue';
import { type DictionaryEntry, errorDictionary } from '@argus/contract/errors/error-dictionary';
import { areaLabels, type Mender, menderLabels, type Purpose, stageLabels } from '@argus/contract/errors/labels';
import { ruleLabels } from '@argus/contract/errors/match-labels';
import { textsIn } from '@argus/contract/language';

const areas = textsIn(areaLabels, 'ja');
const stages = textsIn(stageLabels, 'ja');
const labels = textsIn(menderLabels, 'ja');

const retries: Readonly<Record<Retry, string>> = {
  no: '原因を取り除くまで、もう一度試しても同じ',
  now: 'すぐに、もう一度試せる',
  later: '時間を置いてから',
  after_reconnect: '利用者がもう一度認証してから',
};

const calls: Readonly<Record<Exclude<MicrosoftCall, 'graph'>, string>> = {
  authorize: 'サインイン画面からの応答',
  token: 'トークンエンドポイント',
  identity: 'Microsoft Graph（認証時の /me）',
};

function callName(purpose: Purpose, call: MicrosoftCall): string {
  if (call !== 'graph') return calls[call];
  const errors = purposeErrors[purpose];
  return `Microsoft Graph（${'words' in errors ? errors.words.data.ja : areas[purpose]}）`;
}

/** The names of 管理者メニュー's screens, by their links. */
export const screens: Readonly<Record<MendAt, string>> = {
  '/admin/settings?field=authProviderUrlSuffix': '基本設定 > 認証プロバイダURL接尾辞',
  '/admin/settings?field=mailUrl': '基本設定 > URL',
  '/admin/settings?field=totalTimeoutSeconds': '基本設定 > 全体のタイムアウト',
  '/admin/settings?field=refreshIntervalSeconds': '基本設定 > 自動更新の間隔',
  '/admin/auth-providers?field=tokenEndpointUrl': '認証プロバイダ > トークンエンドポイントURL',
  '/admin/auth-providers?field=authorizeEndpointUrl': '認証プロバイダ > 承認エンドポイントURL',
  '/admin/auth-providers?field=consumerKey': '認証プロバイダ > コンシューマ鍵',
  '/admin/auth-providers?field=consumerSecret': '認証プロバイダ > コンシューマの秘密',
  '/admin/auth-providers?field=defaultScopes': '認証プロバイダ > デフォルトの範囲',
  '/admin/auth-providers?field=issuer': '認証プロバイダ > 発行者',
  '/admin/auth-providers?field=adminConsent': '認証プロバイダ > 管理者の同意',
  '/admin/remote-sites': 'リモートサイト',
  '/admin/account-links': 'アカウント情報',
  '/admin/users': '利用者',
  '/admin/alerts': 'アラート',
  '/admin/error-events': 'エラーログ',
};

const introduction = `# エラー辞典

<!-- Written by \`pnpm docs:errors\` from packages/contract/src/errors. Change it there. -->

Argusに表示されるすべてのエラーと、その原因・確認箇所・対応方法です。同じ内容を、管理者メニューの「エラー辞典」で検索できます
（コード、AADSTS番号、Graphのコード、エラーID、ヘルプデスク用のテキスト、Microsoftのエラーの全文）。

- コードは変わりません。利用者には「表示」の行だけが、管理者には原因・確認箇所・対応方法も表示されます。
- 〔 〕の中は、そのときの値です。「見分ける値」は、Microsoftやネットワークからその値が返ったとき、このエラーと判断することを表します。
- 「設定を開く」は管理者メニューの画面です。
`;

/** The text of docs/errors.md: all of エラー辞典, for people without access to an Argus. */
export function errorDocs(): string {
  const argus = errorDictionary.filter(({ kind }) => kind === 'argus');
  const parts = (Object.keys(areas) as Purpose[]).map((area) => ({
    title: areas[area],
    note: '',
    entries: argus.filter((entry) => entry.area === area),
  }));
  parts.push({
    title: 'Microsoftの画面に表示されるエラー',
    note: 'Microsoftのサインイン画面に表示され、Argusには戻らないエラーです。エラーログには記録されません。',
    entries: errorDictionary.filter(({ kind }) => kind === 'sign_in_page'),
  });
  const shown = parts.filter(({ entries }) => entries.length > 0);
  return [
    introduction,
    ...shown.map(({ title, entries }) => overview(title, entries)),
    ...shown.map(({ title, note, entries }) => chapter(title, note, entries)),
  ].join('\n');
}

function overview(title: string, entries: readonly DictionaryEntry[]): string {
  const rows = entries.map(({ code, row, stage, message, causes }) => [
    `[${code}](#${code})`,
    row ?? '',
    stages[stage],
    causes[0]?.condition.ja ?? message.ja.join(''),
    mendersOf(causes),
  ]);
  return `## ${title}：一覧\n\n${table(['コード', '行', '段階', '発生条件', '対応する人'], rows)}`;
}

function chapter(title: string, note: string, entries: readonly DictionaryEntry[]): string {
  return [`## ${title}\n`, ...(note === '' ? [] : [`${note}\n`]), ...entries.map(section)].join('\n');
}

function section(entry: DictionaryEntry): string {
  const { code, kind, row, stage, status, retry, message, causes } = entry;
  const facts = [
    ...(row === null ? [] : [`行 ${row}`]),
    `段階：${stages[stage]}`,
    ...(status === null ? [] : [`HTTP ${status}`]),
    // Microsoft's page itself says what can be tried.
    ...(kind === 'argus' ? [`再試行：${retries[retry]}`] : []),
  ];
  const recognised = recognition(entry);
  return [
    `### ${code}\n`,
    `${facts.join(' · ')}\n`,
    `${kind === 'argus' ? '表示' : '表示（要旨）'}：\n`,
    `${message.ja.map((line) => `> ${plain(line)}`).join('  \n')}\n`,
    ...(recognised.length === 0 ? [] : [`見分ける値：\n`, `${recognised.map((line) => `- ${line}`).join('\n')}\n`]),
    ...(causes.length === 0 ? [] : [causeTable(causes)]),
  ].join('\n');
}

function recognition({ kind, area, rules, catchesAll, matches }: DictionaryEntry): readonly string[] {
  if (kind === 'sign_in_page') return [matches.map(asCode).join('・')];
  const lines = rules.map((rule) => {
    const groups = ruleLabels(rule).map((labels) => labels.map(asCode).join('・'));
    return `${callName(area, rule.call)}：${groups.join(' かつ ')}`;
  });
  return [...lines, ...catchesAll.map((call) => `${callName(area, call)}：ほかのどのエラーにも当てはまらない応答`)];
}

function causeTable(causes: readonly GuideRow[]): string {
  const rows = causes.map(({ row, condition, place, remedy, menders, mendAt }) => [
    row ?? '',
    condition.ja,
    place?.ja ?? '',
    remedy.ja,
    inTurn(menders),
    mendAt === undefined ? '' : screens[mendAt],
  ]);
  return table(['行', '発生条件', '確認箇所', '対応方法', '対応する人', '設定を開く'], rows);
}

/** 「Microsoft Entra・365の管理者 → 利用者本人」 */
function inTurn(menders: readonly Mender[]): string {
  return menders.map((mender) => labels[mender]).join(' → ');
}

function mendersOf(causes: readonly GuideRow[]): string {
  return [...new Set(causes.flatMap(({ menders }) => menders))].map((mender) => labels[mender]).join('、');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`;
  return `${[line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)].join('\n')}\n`;
}

function cell(text: string): string {
  return plain(text).replaceAll('|', '\\|').replaceAll('\n', '<br>');
}

/** Marks the variable parts, and escapes Markdown characters. */
function plain(text: string): string {
  return text.replaceAll(/\{(\w+)\}/g, '〔$1〕').replaceAll(/[<*`]/g, '\\$&');
}

function asCode(label: string): string {
  return `\`${label}\``;
}
