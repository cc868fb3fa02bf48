import { useText } from '../i18n/text-context.tsx';
import { ErrorViewOf } from '../ui/error-view.tsx';

/** Replaces a page that could not be shown: because of a fault in the code, or a part that could not be loaded. */
export function RouteError({ error }: { error: unknown }) {
  const { reload } = useText('shell');
  return (
    <div className="argus-page">
      <ErrorViewOf error={error} onRetry={() => location.reload()} retryLabel={reload} />
    </div>
  );
}
