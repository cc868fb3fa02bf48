import { ScopedNotification } from '../../ui/scoped-notification.tsx';
import { AddSite } from './coverage-line.tsx';

interface Warning {
  readonly field: string;
  readonly code: string;
  readonly message: string;
  readonly origin?: string;
}

/** What may be wrong with what is saved: well-formed, so it was saved, but it will not work as it is. */
export function SavedWarnings({
  title,
  warnings,
  newTab,
}: {
  title: string;
  warnings: readonly Warning[];
  newTab: boolean;
}) {
  if (warnings.length === 0) return null;
  return (
    <ScopedNotification kind="warning">
      <p className="argus-strong">{title}</p>
      <ul className="argus-warnings">
        {warnings.map((warning) => (
          <li key={`${warning.field} ${warning.code} ${warning.origin ?? ''}`} data-code={warning.code}>
            <bdi>{warning.message}</bdi>{' '}
            {warning.code === 'origin_not_registered' && warning.origin ? (
              <AddSite origin={warning.origin} newTab={newTab} />
            ) : null}
          </li>
        ))}
      </ul>
    </ScopedNotification>
  );
}
