import type { Impact } from '@argus/contract/endpoints/connection/setup';
import type { UseQueryResult } from '@tanstack/react-query';
import { useText } from '../../../i18n/text-context.tsx';
import { ScopedNotification } from '../../../ui/scoped-notification.tsx';
import { KnownOrUnknown } from './known-or-unknown.tsx';

/**
 * Shows who will be affected before an action. If that is unknown, it says so, as an urgent stop must stay possible.
 * @param stopped the text for that many users
 */
export function ImpactNotice({
  query,
  stopped,
}: {
  query: UseQueryResult<Impact>;
  stopped: (users: number) => string;
}) {
  const words = useText('connection/setup').impact;
  return (
    <KnownOrUnknown query={query} unknown={words.unknown}>
      {(impact) => <Known impact={impact} stopped={stopped} />}
    </KnownOrUnknown>
  );
}

function Known({ impact, stopped }: { impact: Impact; stopped: (users: number) => string }) {
  const words = useText('connection/setup').impact;
  const { usedByMail, usedByToken, usedByAlert } = useText('connection/setup').sites;
  const nameOf = ({ kind, name }: Impact['uses'][number]) =>
    ({
      mail_url: usedByMail,
      token_endpoint: usedByToken(name),
      settings: words.bySettings,
      alert: usedByAlert(name),
    })[kind];
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
              <bdi>{nameOf(use)}</bdi> – {use.kind === 'alert' ? words.noAlerts : words.users(use.users)}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
