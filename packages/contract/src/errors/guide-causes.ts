import type { Cause } from './entry.ts';
import {
  authProviderSettings,
  checkConsumerSecret,
  checkTokenEndpointUrl,
  secretWrongOrExpired,
  tokenPathWrong,
} from './places.ts';

/** Row A4 of the customer's guide, in its own words. */
export const checkSecret: Cause = {
  condition: secretWrongOrExpired,
  place: authProviderSettings,
  remedy: checkConsumerSecret,
  mendAt: '/admin/auth-providers?field=consumerSecret',
  menders: ['portal_admin'],
};
/** Row A5, whose last word the guide spells otherwise than in its other rows. */
export const checkTokenUrl: Cause = {
  condition: tokenPathWrong,
  place: authProviderSettings,
  remedy: {
    ja: 'Salesforce 認証プロバイダの設定から「トークンエンドポイントURL」に誤りがないか確認して下さい。',
    en: checkTokenEndpointUrl.en,
  },
  mendAt: '/admin/auth-providers?field=tokenEndpointUrl',
  menders: ['portal_admin'],
};
