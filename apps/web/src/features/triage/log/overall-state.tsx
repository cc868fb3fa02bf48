import type { ReplyOf } from '@argus/contract/endpoint-map';
import { useLanguage, useText } from '../../../i18n/text-context.tsx';
import { useNow } from '../../../lib/use-now.ts';
import { pages } from '../../../pages.ts';
import { AppLink } from '../../../ui/app-link.tsx';
import { Button } from '../../../ui/button.tsx';
import { Icon } from '../../../ui/icon.tsx';
import { RelativeTime } from '../../../ui/relative-time.tsx';
import { ScopedNotification } from '../../../ui/scoped-notification.tsx';

type Overall = ReplyOf<'GET /api/admin/error-causes'>['overall'];

/** The state of the whole connection: silence is a fault even if nobody saw an error. */
export function OverallState(props: { overall: Overall; hasOpenCauses: boolean; onSilentUsers: () => void }) {
  const { overall, hasOpenCauses, onSilentUsers } = props;
  const words = useText('triage/log').overall;
  const language = useLanguage();
  const now = useNow(60_000);
  const { authorizedUsers, lastSuccessAt, silent, silentUsers, noSuccessHours } = overall;
  const count = (value: number) => value.toLocaleString(language);
  const isWell = authorizedUsers > 0 && !hasOpenCauses;
  const silentHours =
    lastSuccessAt === null ? noSuccessHours : Math.floor((now - Date.parse(lastSuccessAt)) / 3_600_000);
  const facts = (
    <p>
      {words.lastSuccess} {lastSuccessAt === null ? words.neverSuccess : <RelativeTime at={lastSuccessAt} />} ·{' '}
      {words.authorized(count(authorizedUsers))}
    </p>
  );
  return (
    <section className="argus-overall" aria-label={words.title}>
      {silent ? (
        <ScopedNotification
          kind="error"
          actions={
            <AppLink to={pages.diagnosis.path} className="slds-button slds-button_neutral">
              {words.diagnose}
            </AppLink>
          }
        >
          <p className="argus-strong">{words.silent(count(silentHours))}</p>
          <p>{words.silentText}</p>
          {facts}
        </ScopedNotification>
      ) : (
        <div className="argus-overall__calm">
          <Icon name={isWell ? 'utility:success' : 'utility:info'} tone={isWell ? 'success' : 'light'} />
          {authorizedUsers > 0 ? facts : <p>{words.nobody}</p>}
          {noSuccessHours === 0 ? (
            <p className="argus-quiet">
              {words.notWatched}{' '}
              <AppLink to={`${pages.settings.path}?field=noSuccessHours`}>{words.openSetting}</AppLink>
            </p>
          ) : null}
        </div>
      )}
      {silentUsers > 0 ? (
        <ScopedNotification
          kind="warning"
          actions={<Button onClick={onSilentUsers}>{words.showSilent(count(silentUsers))}</Button>}
        >
          <p>{words.silentUsers(count(silentUsers), count(noSuccessHours))}</p>
        </ScopedNotification>
      ) : null}
    </section>
  );
}
