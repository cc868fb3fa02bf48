import type { AuthProviderView } from '@argus/contract/endpoints/connection/setup';
import { useLanguage, useText } from '../../../i18n/text-context.tsx';
import { formatDate } from '../../../lib/format-time.ts';
import { daysUntil, expiryUrgency } from '../../../lib/secret-expiry.ts';
import { Badge } from '../../../ui/badge.tsx';

type Secret = Pick<AuthProviderView, 'consumerSecretSetAt' | 'consumerSecretExpiresOn'>;

/** 「設定済み · 2026/11/21 · 期限 2027/05/20 (残り 180日)」. The secret itself is never returned. */
export function SecretState({ secret, short = false }: { secret: Secret; short?: boolean }) {
  const words = useText('connection/setup').providers;
  const language = useLanguage();
  const { consumerSecretSetAt: setAt, consumerSecretExpiresOn: expiresOn } = secret;
  if (setAt === null) return <Badge kind="warning">{words.secretNotSet}</Badge>;
  const set = short ? words.secretSet : words.secretSetAt(formatDate(Date.parse(setAt), language));
  return (
    <span className="argus-secret">
      <span>{set}</span>
      {expiresOn === null ? <span className="argus-quiet">{words.expiryUnknown}</span> : <Expiry date={expiresOn} />}
    </span>
  );
}

/** 「期限 2027/05/20 (残り 180日)」, with a badge once it is urgent. */
function Expiry({ date }: { date: string }) {
  const words = useText('connection/setup').providers;
  const language = useLanguage();
  const days = daysUntil(date, new Date());
  if (Number.isNaN(days)) return <span>{words.secretExpires(date)}</span>;
  const urgency = expiryUrgency(days);
  const left = days < 0 ? words.expired : days === 0 ? words.expiresToday : words.daysLeft(days);
  return (
    <span>
      {words.secretExpires(formatDate(Date.parse(date), language, { timeZone: 'UTC' }))}{' '}
      {urgency === 'fine' ? (
        <span className="argus-quiet argus-secret__left">({left})</span>
      ) : (
        <Badge kind={urgency === 'expired' ? 'error' : 'warning'}>{left}</Badge>
      )}
    </span>
  );
}
