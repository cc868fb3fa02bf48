import type { Impact } from '@argus/contract/endpoints/setup';
import type { UseQueryResult } from '@tanstack/react-query';
import { useText } from '../../i18n/text-context.tsx';
import { Button } from '../../ui/button.tsx';
import { ScopedNotification } from '../../ui/scoped-notification.tsx';
import { Skeleton, SkeletonBar } from '../../ui/skeleton.tsx';

/**
 * Whom it stops, before it is done. Where that cannot be found out, it says so: what may be urgent to stop can still be stopped.
 * @param stopped says what happens to that many users
 */
export function ImpactNotice({
  query,
  stopped,
}: {
  query: UseQueryResult<Impact>;
  stopped: (users: number) => string;
}) {
  const words = useText('setup').impact;
  const { retry } = useText('common');
  if (query.data) return <Known impact={query.data} stopped={stopped} />;
  if (!query.error) {
    return (
      <Skeleton>
        <SkeletonBar width={70} thick />
      </Skeleton>
    );
  }
  return (
    <ScopedNotification
      kind="warning"
      actions={
        <Button busy={query.isFetching} onClick={() => void query.refetch()}>
          {retry}
        </Button>
      }
    >
      {words.unknown}
    </ScopedNotification>
  );
}

function Known({ impact, stopped }: { impact: Impact; stopped: (users: number) => string }) {
  const words = useText('setup').impact;
  const { usedByMail, usedByToken } = useText('setup').sites;
  const nameOf = ({ kind, name }: Impact['uses'][number]) =>
    ({ mail_url: usedByMail, token_endpoint: usedByToken(name), settings: words.bySettings })[kind];
  return (
    <div className="argus-impact" data-users={impact.users}>
      {impact.users === 0 ? (
        <p>{words.nobody}</p>
      ) : (
        <ScopedNotification kind="warning">
          <p className="argus-strong">{stopped(impact.users)}</p>
        </ScopedNotification>
      )}
      {impact.uses.length === 0 ? null : (
        <ul className="argus-used-by">
          {impact.uses.map((use) => (
            <li key={`${use.kind} ${use.name}`}>
              <bdi>{nameOf(use)}</bdi> – {words.users(use.users)}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
