import { AlertView } from '../features/alerts/alert-view.tsx';
import { CoverageLine } from '../features/connection/setup/coverage-line.tsx';

/** A destination of alerts, with what リモートサイト say of its webhook. */
export function AlertPage() {
  return <AlertView coverage={(url, onRepair) => <CoverageLine field="url" url={url} onRepair={onRepair} />} />;
}
