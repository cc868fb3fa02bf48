import type { AuthProviderView } from '@argus/contract/endpoints/setup';
import { useLanguage, useText } from '../../i18n/text-context.tsx';
import { formatDate } from '../../lib/format-time.ts';
import { Badge } from '../../ui/badge.tsx';
import { daysUntil, expiryUrgency } from './secret-expiry.ts';

type Secret = Pick<AuthProviderView, 'consumerSecretSetAt' | 'consumerSecretExpiresOn'>;

/** 「設定済み · 2026/11/21 · 期限 2027/05/20 (残り 180日)」. The secret itself is never sent back. */
export function SecretState({ secret, short = false }: { secret: Secret; short?: boolean }) {
  const words = useText('setup').providers;
  const language = useLanguage();
  const { consumerSecretSetAt: setAt, consumerSecretExpiresOn: expiresOn } = secret;
  if (setAt === null) return <Badge kind="warning">{words.secretNotSet}</Badge>;
  const set = short ? words.secretSet : words.secretSetAt(formatDate(Date.parse(setAt), language));
  return (
    <span className="argus-secret">
      <span>{set}</span>
      {expiresOn === null ? (
        <span className="argus-quiet">{words.expiryUnknown}</span>
      ) : (
        <span>
          {words.secretExpires(formatDate(Date.parse(`${expiresOn}T00:00:00Z`), language, { timeZone: 'UTC' }))}{' '}
          <DaysLeft date={expiresOn} />
        </span>
      )}
    </span>
  );
}

/** 「(残り 180日)」, as a badge once it is urgent. */
function DaysLeft({ date }: { date: string }) {
  const words = useText('setup').providers;
  const days = daysUntil(date, new Date());
  if (Number.isNaN(days)) return null;
  const urgency = expiryUrgency(days);
  const text = days < 0 ? words.expired : days === 0 ? words.expiresToday : words.daysLeft(days);
  if (urgency === 'fine') return <span className="argus-quiet">({text})</span>;
  return <Badge kind={urgency === 'expired' ? 'error' : 'warning'}>{text}</Badge>;
}
