import type { GuideRow } from './entry.ts';
import {
  adminMenu,
  authProviderSettings,
  checkConsumerSecret,
  checkMailUrl,
  checkTokenEndpointUrl,
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
