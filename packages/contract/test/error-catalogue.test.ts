import { describe, expect, it } from 'vitest';
import { endpointMap } from '../src/endpoint-map.ts';
import type { Endpoint } from '../src/endpoints/endpoint.ts';
import { catalogueEntry, type ErrorCode, errorCatalogue } from '../src/error-catalogue.ts';
import { fieldErrors, warnings } from '../src/field-errors.ts';

const codes = Object.keys(errorCatalogue) as ErrorCode[];

/** The customer's table, word by word: it is copied here on purpose, as the catalogue must not drift from it. */
const authorizationFailed = ['認証に失敗しました。', 'システム管理者に連絡してください。'];
const mailFailed = ['メールの取得に失敗しました。', 'システム管理者に連絡してください。'];
const checkTokenUrl = [
  '・認証プロバイダのトークンエンドポイントURLを確認してください。',
  '・リモートサイト設定に認証プロバイダのトークンエンドポイントURLが登録されていることを確認してください。',
];
const checkMailUrl = [
  '・管理者メニューのURLを確認してください。',
  '・リモートサイト設定にURLが登録されていることを確認してください。',
];
const table: readonly (readonly [row: string, code: ErrorCode, message: readonly string[]])[] = [
  [
    'A1',
    'authorization_provider_not_found',
    ['認証プロバイダ情報の取得に失敗しました。', 'システム管理者に連絡してください。'],
  ],
  ['A2', 'authorization_declined', ['承認コード取得に失敗しました。', 'システム管理者に連絡してください。']],
  ['A3', 'authorization_site_not_registered', [...authorizationFailed, ...checkTokenUrl]],
  ['A3b', 'authorization_token_endpoint_unreachable', [...authorizationFailed, ...checkTokenUrl]],
  ['A4', 'authorization_client_rejected', [...authorizationFailed, 'エラー：401 権限がありません。']],
  [
    'A5',
    'authorization_token_endpoint_not_found',
    [...authorizationFailed, 'エラー：404 要求されたリソースは存在しません。'],
  ],
  [
    'A6',
    'authorization_timeout',
    [
      '認証実行にタイムアウトが発生しました。',
      '・時間を置いてから、もう一度認証を実行してください。',
      '・何度もこの画面が出る場合はシステム管理者に連絡してください。',
    ],
  ],
  [
    'B1',
    'mail_timeout',
    [
      'メール取得実行時にタイムアウトが発生しました。',
      '・時間を置いてから、再度読み込みを行ってください。',
      '・何度もこの画面が出る場合はシステム管理者に連絡してください。',
    ],
  ],
  [
    'B2',
    'mail_account_mismatch',
    [
      'メールの取得に失敗しました。',
      'Argusで設定されているアカウントと異なるアカウントが認証されています。',
      'システム管理者に問い合わせ、認証の取消を実行してください。',
    ],
  ],
  ['B3', 'mail_provider_not_found', ['認証プロバイダ情報の取得に失敗しました。', 'システム管理者に連絡してください。']],
  ['B4', 'mail_not_found', [...mailFailed, 'エラー：404 要求されたリソースは存在しません。']],
  ['B5', 'mail_site_not_registered', [...mailFailed, ...checkMailUrl]],
  ['B5b', 'mail_endpoint_unreachable', [...mailFailed, ...checkMailUrl]],
  ['B6', 'mail_token_site_not_registered', [...mailFailed, ...checkTokenUrl]],
  ['B6b', 'mail_token_endpoint_unreachable', [...mailFailed, ...checkTokenUrl]],
  ['B7', 'mail_client_rejected', [...mailFailed, 'エラー：401 権限がありません。']],
  [
    'C1',
    'csv_file_invalid',
    ['エラー：CSVファイルが不正です。1行目はヘッダ情報を記入し、2行目以降にデータを入力してください。'],
  ],
];

describe('the error catalogue', () => {
  it.each(table)('%s is shown word by word', (row, code, message) => {
    expect(catalogueEntry(code).row).toBe(row);
    expect(catalogueEntry(code).message.ja).toEqual(message);
  });

  it('every row of the customer has condition and remedy, and a place where the guide names one', () => {
    for (const [row, code] of table) {
      const [cause] = catalogueEntry(code).causes;
      expect(cause?.condition.ja, row).toBeTruthy();
      expect(cause?.remedy.ja, row).toBeTruthy();
      if (!['A2', 'A6', 'B1'].includes(row)) expect(cause?.place?.ja, row).toBeTruthy();
    }
  });

  it.each([
    ['authorization_site_not_registered', ['A3b', 'A3']],
    ['mail_site_not_registered', ['B5b', 'B5']],
    ['mail_token_site_not_registered', ['B6b', 'B6']],
  ] as const)('%s: a blocked call shows both causes, the wrong URL first', (code, rows) => {
    expect(catalogueEntry(code).causes.map((cause) => cause.row)).toEqual(rows);
  });

  it.each(codes)('%s is complete in both languages', (code) => {
    const entry = catalogueEntry(code);
    const texts = [
      entry.message,
      ...entry.causes.flatMap((cause) => [cause.condition, cause.remedy, cause.place ?? []]),
    ];
    for (const text of [entry.message, ...entry.causes.flatMap((cause) => [cause.condition, cause.remedy])]) {
      for (const language of ['ja', 'en'] as const) {
        const lines = [text[language]].flat();
        expect(lines.length).toBeGreaterThan(0);
        for (const line of lines) expect(line.trim()).not.toBe('');
      }
    }
    expect(texts.length).toBeGreaterThan(0);
    expect(entry.message.ja.length).toBe(entry.message.en.length);
    const holes = (lines: readonly string[]) => [...lines.join('\n').matchAll(/\{\w+\}/g)].map(String).sort();
    expect(holes(entry.message.ja)).toEqual(holes(entry.message.en));
  });

  it.each(codes)('%s reads area_condition and has a status of an error', (code) => {
    expect(code).toMatch(/^[a-z]+(_[a-z]+)+$/);
    const { area, status, retry, retryAfterSeconds } = catalogueEntry(code);
    if (area !== 'portal') expect(code.startsWith(`${area}_`)).toBe(true);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(retryAfterSeconds !== undefined).toBe(retry === 'later');
  });

  it('field errors and warnings are complete in both languages, with the same values to fill in', () => {
    for (const [code, text] of Object.entries({ ...fieldErrors, ...warnings })) {
      const holes = (line: string) => [...line.matchAll(/\{\w+\}/g)].map(String).sort();
      expect(text.ja.trim(), code).not.toBe('');
      expect(text.en.trim(), code).not.toBe('');
      expect(holes(text.ja), code).toEqual(holes(text.en));
    }
  });
});

describe('the endpoint map', () => {
  it('names an access for every endpoint, and asks for an administrator on every /api/admin path', () => {
    for (const [key, endpoint] of Object.entries<Endpoint>(endpointMap)) {
      const path = key.split(' ')[1] ?? '';
      expect(endpoint.access === 'admin', key).toBe(path.startsWith('/api/admin/'));
      expect(Object.keys(endpoint.replies), key).toHaveLength(1);
    }
  });

  it('takes closed bodies only: an unknown field is refused, not ignored', () => {
    for (const [key, endpoint] of Object.entries<Endpoint>(endpointMap)) {
      if (endpoint.body)
        expect((endpoint.body as { additionalProperties?: unknown }).additionalProperties, key).toBe(false);
    }
  });
});
