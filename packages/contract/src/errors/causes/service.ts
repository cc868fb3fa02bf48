import { serviceErrorNames, serviceNumbers } from '../facts.ts';
import { microsoft365Health } from '../places.ts';
import type { TokenErrors } from '../purposes/token-error.ts';

/** Faults and limits of Microsoft's own sign-in service: neither the configuration nor a grant is to blame. */
export const serviceErrors = {
  request_loop: {
    rules: [{ aadsts: [50196] }],
    says: {
      ja: '同じ要求が続いたため、一時的に拒否されました。',
      en: 'The same request came too often and was refused for a while.',
    },
    retry: 'later',
    causes: [
      {
        condition: {
          ja: '短い時間に同じ要求が繰り返された場合。',
          en: 'The same request was repeated within a short time.',
        },
        remedy: {
          ja: 'しばらく待ってください。続く場合は、同じコンシューマ鍵を使う別のシステムがないか確認してください。',
          en: 'Wait a while. If it persists, look for another system that uses the same consumer key.',
        },
        menders: ['portal_admin'],
      },
    ],
  },
  sign_in_service_unavailable: {
    rules: [{ aadsts: serviceNumbers }, { oauth: serviceErrorNames }],
    says: {
      ja: 'Microsoft 365 のサインインを一時的に利用できません。',
      en: 'Microsoft 365 sign-in is temporarily unavailable.',
    },
    retry: 'later',
    causes: [
      {
        condition: {
          ja: 'Microsoft 365 のサインインのサービスに障害がある場合。',
          en: 'The sign-in service of Microsoft 365 has a fault.',
        },
        place: microsoft365Health,
        remedy: {
          ja: 'しばらく待ってください。続く場合は「Microsoft 365 管理センター > 正常性 > サービス正常性」を確認し、応答の Trace ID、Correlation ID、日時を添えて Microsoft サポートに連絡してください。',
          en: 'Wait a while. If it persists, see Microsoft 365 admin center > Health > Service health, and contact Microsoft support with the Trace ID, Correlation ID and time of the reply.',
        },
        menders: ['microsoft'],
      },
    ],
  },
} as const satisfies TokenErrors;
