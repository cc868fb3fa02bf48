import { ScopedNotification } from '../../../ui/scoped-notification.tsx';
import { ActivateSite } from './activate-site.tsx';
import { AddSite } from './add-site.tsx';

interface Warning {
  readonly field: string;
  readonly code: string;
  readonly message: string;
  readonly origin?: string;
}

/** Possible faults of a saved record: it is well-formed, so it was saved, but it will not work as it is. */
export function SavedWarnings({ title, warnings }: { title: string; warnings: readonly Warning[] }) {
  if (warnings.length === 0) return null;
  return (
    <ScopedNotification kind="warning">
      <p className="argus-strong">{title}</p>
      <ul className="argus-warnings">
        {warnings.map((warning) => (
          <li key={`${warning.field} ${warning.code} ${warning.origin ?? ''}`} data-code={warning.code}>
            <bdi>{warning.message}</bdi> <Repair {...warning} />
          </li>
        ))}
      </ul>
    </ScopedNotification>
  );
}

/** What can be fixed in place. */
function Repair({ code, origin }: Warning) {
  if (origin === undefined) return null;
  if (code === 'origin_not_registered') return <AddSite origin={origin} />;
  return code === 'origin_inactive' ? <ActivateSite origin={origin} /> : null;
}
