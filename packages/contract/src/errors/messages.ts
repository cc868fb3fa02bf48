import type { Lines, Text } from '../language.ts';
import type { Cause } from './entry.ts';
import { authProviderSettings, checkTokenEndpointUrl } from './places.ts';

export const contactAdmin: Text = {
  ja: 'システム管理者に連絡してください。',
  en: 'Contact your system administrator.',
};
export const authorizationFailed: Text = { ja: '認証に失敗しました。', en: 'Authorization failed.' };
export const mailFailed: Text = { ja: 'メールの取得に失敗しました。', en: 'The mail could not be fetched.' };

/** What failed, whom to tell, and more lines. */
export function failedWith(failed: Text, ja: readonly string[], en: readonly string[]): Lines {
  return { ja: [failed.ja, contactAdmin.ja, ...ja], en: [failed.en, contactAdmin.en, ...en] };
}

/** The message of A3, A3b, B6 and B6b, but for what failed. */
export function checkTokenSite(failed: Text): Lines {
  return failedWith(
    failed,
    [
      '・認証プロバイダのトークンエンドポイントURLを確認してください。',
      '・リモートサイト設定に認証プロバイダのトークンエンドポイントURLが登録されていることを確認してください。',
    ],
    [
      "- Check the auth. provider's token endpoint URL.",
      "- Check that the auth. provider's token endpoint URL is registered in the remote site settings.",
    ],
  );
}

/** The cause that A3b and B6b have in common. */
export function tokenUrlWrong(row: 'A3b' | 'B6b'): Cause {
  return {
    row,
    condition: {
      ja: '認証プロバイダのトークンエンドポイントURLに誤りがある場合。',
      en: "The auth. provider's token endpoint URL is wrong.",
    },
    place: authProviderSettings,
    remedy: checkTokenEndpointUrl,
    mendAt: '/admin/auth-providers?field=tokenEndpointUrl',
    menders: ['portal_admin'],
  };
}
